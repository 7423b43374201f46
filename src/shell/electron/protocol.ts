/** Pages come through a scheme of our own, `lintel://panel/`, which reaches the built pages and no other file. */
import { protocol, type Session } from 'electron';
import type { StaticFiles } from '../../platform/static-files.ts';
import { requestedPath, SCHEME } from '../guards.ts';
import { SECURITY_HEADERS } from '../headers.ts';

/** Must run before the app is ready: a standard scheme has an origin, a secure one counts as https. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

export function servePages(session: Session, files: StaticFiles): void {
  session.protocol.handle(SCHEME, request => {
    const path = requestedPath(request.url);
    const file = path === null || request.method !== 'GET' ? null : files.lookup(path);
    if (file === null) return new Response(null, { status: 404, headers: SECURITY_HEADERS });
    return new Response(file.identity, {
      headers: { ...SECURITY_HEADERS, 'content-type': file.type, 'cache-control': file.cacheControl },
    });
  });
}
