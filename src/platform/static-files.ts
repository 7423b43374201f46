/** Built pages, held in memory and compressed once, for whoever serves them. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { errorCode, StartError } from './start-error.ts';

export type Encoding = 'br' | 'gzip' | 'identity';
export type StaticFile = {
  /** MIME type with charset. */
  type: string;
  /** Strong, quoted, the same for every encoding's resource but not its bytes: send it together with Vary. */
  etag: string;
  cacheControl: string;
  identity: Buffer<ArrayBuffer>;
  /** Null where compressing does not pay. */
  gzip: Buffer<ArrayBuffer> | null;
  br: Buffer<ArrayBuffer> | null;
};
export interface StaticFiles {
  /** `path` as in the request, without query: `/`, `/assets/main-Ab12Cd34.js`. Null when there is no such file. */
  lookup(path: string): StaticFile | null;
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
/** Vite puts the hash of the content into the name. */
const HASHED = /^\/assets\/.+-[\w-]{8}\.\w+$/;
const COMPRESSED_ALREADY = new Set(['.png', '.woff2', '.ico']);
/** Quality 11 takes a second for what 9 does in 50 ms, for 5 % of the size. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
const brotliOf = promisify(brotliCompress);
const gzipOf = promisify(gzip);

/** Reads everything below `dir`. Throws StartError `missing-file` when the pages have not been built. */
export async function loadStaticFiles(dir: string): Promise<StaticFiles> {
  const files = new Map<string, StaticFile>();
  await Promise.all(
    (await filesBelow(dir)).map(async path => {
      const name = `/${relative(dir, path).split(sep).join('/')}`;
      files.set(name, await load(path, name));
    }),
  );
  if (!files.has('/index.html')) throw notBuilt(dir);
  return { lookup: path => files.get(path === '' || path === '/' ? '/index.html' : path) ?? null };
}

/** The smallest body that the client takes (RFC 9110 section 12.5.3, the part of it that browsers use). */
export function pickBody(
  file: StaticFile,
  acceptEncoding: string | undefined,
): { encoding: Encoding; body: Buffer<ArrayBuffer> } {
  const accepted = new Set(
    (acceptEncoding ?? '')
      .split(',')
      .map(part => part.trim().toLowerCase())
      .filter(part => !/;\s*q=0(\.0*)?$/.test(part))
      .map(part => part.split(';')[0]),
  );
  if (file.br !== null && accepted.has('br')) return { encoding: 'br', body: file.br };
  if (file.gzip !== null && accepted.has('gzip')) return { encoding: 'gzip', body: file.gzip };
  return { encoding: 'identity', body: file.identity };
}

async function filesBelow(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw notBuilt(dir);
    throw error;
  }
}

async function load(path: string, name: string): Promise<StaticFile> {
  const identity = await readFile(path);
  const extension = extname(path);
  const isWorthIt = !COMPRESSED_ALREADY.has(extension) && identity.length > 500;
  return {
    type: TYPES[extension] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(identity).digest('base64url').slice(0, 22)}"`,
    cacheControl: HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
    identity,
    gzip: isWorthIt ? await gzipOf(identity, { level: 9 }) : null,
    br: isWorthIt ? await brotliOf(identity, BROTLI) : null,
  };
}

function notBuilt(dir: string): StartError {
  return new StartError('missing-file', `there are no built pages in ${dir}`, 'Run `npm start`, which builds them.');
}
