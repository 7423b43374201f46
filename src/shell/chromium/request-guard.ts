/** Who may talk to the loopback server: our own page, reached by the secret in its path, and nobody else. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export type Admission = { kind: 'admitted'; path: string } | { kind: 'refused'; status: 403 | 404 | 421 };

/**
 * Checks the Host header (against DNS rebinding), the secret first part of the path (in constant time), and for
 * requests that come from a page, that it is ours. `path` in the answer is what follows the secret.
 */
export function admit(
  request: { url: string; method: string; headers: IncomingHttpHeaders },
  expected: { port: number; token: string },
): Admission {
  const { headers } = request;
  if (headers.host !== `127.0.0.1:${expected.port}` && headers.host !== `localhost:${expected.port}`) {
    return { kind: 'refused', status: 421 };
  }
  const [, token = '', path = ''] = /^\/([^/?#]*)(\/[^?#]*)?/.exec(request.url) ?? [];
  if (!isSame(token, expected.token) || path === '') return { kind: 'refused', status: 404 };
  if (!isSameOrigin(headers, request.method)) return { kind: 'refused', status: 403 };
  return { kind: 'admitted', path };
}

/** Fetch metadata cannot be forged by a page; a POST must name its origin besides. */
function isSameOrigin(headers: IncomingHttpHeaders, method: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin } = headers;
  if (origin !== undefined) return origin === `http://${headers.host}`;
  return method === 'GET' || method === 'HEAD';
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
