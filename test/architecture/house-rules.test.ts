/** Rules of the house that no linter knows. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const files = ['src', 'renderer', 'test', 'build'].flatMap(top =>
  readdirSync(join(ROOT, top), { recursive: true, encoding: 'utf8' })
    .filter(path => /\.(ts|tsx|css)$/.test(path))
    .map(path => ({ path: join(top, path), text: readFileSync(join(ROOT, top, path), 'utf8') })),
);
const offenders = (isWrong: (file: { path: string; text: string }) => boolean) =>
  files.filter(isWrong).map(f => f.path);
const code = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:])\/\/.*$/gm, '$1');

describe('house rules', () => {
  it('only the platform, browsers and tests read the clock, draw random numbers or set timers', () => {
    const mayAsk =
      /^(src\/platform\/|src\/cli\/|src\/shell\/electron\/preload\.ts|renderer\/(panel|console)\/(.*\/)?browser-clock\.ts|renderer\/gallery\/|test\/|build\/)/;
    const asks = /\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bsetInterval\(|\bMath\.random\(|\bTemporal\.Now\b/;
    expect(offenders(({ path, text }) => !mayAsk.test(path) && asks.test(code(text)))).toEqual([]);
  });

  it('files stay below 500 lines', () => {
    expect(offenders(({ text }) => text.split('\n').length > 500)).toEqual([]);
  });

  it('the lockfile names no host, and no second Node is beside the first', () => {
    const lock = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
    expect(lock).not.toContain('"resolved"');
    expect(lock).not.toMatch(/node_modules\/node-(linux-arm64|darwin|win)/);
  });

  it('file names are kebab-case', () => {
    expect(offenders(({ path }) => !/^[a-z0-9.-]+$/.test(path.split('/').at(-1) ?? ''))).toEqual([]);
  });
});
