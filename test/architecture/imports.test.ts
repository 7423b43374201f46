/** The import table of build/imports.json, enforced: unknown folders, foreign packages and cycles included. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import table from '../../build/imports.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS: Record<string, string[]> = table.folders;
const PACKAGES: Record<string, string[] | string> = table.packages;
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;

type Source = { path: string; imports: string[] };

const sources: Source[] = ['src', 'renderer'].flatMap(top =>
  readdirSync(join(ROOT, top), { recursive: true, encoding: 'utf8' })
    .filter(path => /\.(ts|tsx|js)$/.test(path) && !path.endsWith('.d.ts'))
    .map(path => ({ path: join(top, path), imports: importsOf(readFileSync(join(ROOT, top, path), 'utf8')) })),
);

function importsOf(text: string): string[] {
  return [...text.matchAll(IMPORT)].map(m => m[1] ?? m[2] ?? m[3] ?? '');
}

const isBelow = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
const folderOf = (path: string) =>
  Object.keys(FOLDERS)
    .filter(folder => isBelow(path, folder))
    .sort((a, b) => b.length - a.length)[0];
const target = (from: string, name: string) =>
  name.startsWith('.') ? relative(ROOT, join(ROOT, dirname(from), name)) : null;

/** What is wrong with one import; null when nothing is. */
function verdict(from: string, name: string): string | null {
  const folder = folderOf(from);
  if (folder === undefined) return `${from}: its folder is not in build/imports.json`;
  const to = target(from, name);
  if (to === null) return packageVerdict(from, name);
  if (to === 'package.json' && folder === 'src/cli') return null;
  if (/\.(css|svg|woff2)$/.test(to)) return null;
  const toFolder = folderOf(to);
  if (toFolder === undefined) return `${from} imports ${to}, which is in no listed folder`;
  const allowed = FOLDERS[folder] ?? [];
  // A listed folder inside another counts as its own: src/calendar does not see src/calendar/graph unless it says so.
  const isAllowed = toFolder === folder || allowed.some(a => (a.endsWith('.ts') ? to === a : isBelow(to, a)));
  return isAllowed ? null : `${from} may not import ${to}`;
}

function packageVerdict(from: string, name: string): string | null {
  const bare = name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
  const allowed = PACKAGES[bare];
  return !Array.isArray(allowed) || allowed.some(folder => isBelow(from, folder))
    ? null
    : `${from} may not import the package ${bare}`;
}

function cycles(): string[] {
  const graph = new Map(sources.map(s => [s.path, s.imports.flatMap(name => target(s.path, name) ?? [])]));
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: string[]) => {
    const at = trail.indexOf(path);
    if (at >= 0) return void found.push([...trail.slice(at), path].join(' -> '));
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}

describe('imports', () => {
  it('follow the table', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.flatMap(({ path, imports }) => imports.flatMap(name => verdict(path, name) ?? []))).toEqual([]);
  });

  it('go round in no circle', () => {
    expect(cycles()).toEqual([]);
  });

  it('would be caught if they did not', () => {
    expect(verdict('src/core/step.ts', '../platform/http.ts')).toMatch(/may not/);
    expect(verdict('src/agent/agent.ts', '../central/main.ts')).toMatch(/may not/);
    expect(verdict('src/central/main.ts', '../agent/agent.ts')).toMatch(/may not/);
    expect(verdict('src/agent/agent.ts', 'electron')).toMatch(/package electron/);
    expect(verdict('src/calendar/room-calendar.ts', './graph/list.ts')).toMatch(/may not/);
    expect(verdict('src/nowhere/file.ts', 'node:fs')).toMatch(/not in/);
    expect(
      importsOf(
        "import { a } from './a.ts';\nconst b = await import('./b.ts');\nexport * from './c.ts';\nimport './d.css';",
      ),
    ).toEqual(['./a.ts', './b.ts', './c.ts', './d.css']);
  });
});
