import { Hono } from 'hono';
import { pickBody, type StaticFiles } from '../../platform/static-files.ts';

/** Built pages, from memory. `below`: where they are served, without the slash at the end. */
export function staticPages(below: string, files: StaticFiles): Hono {
  const app = new Hono();
  app.get('/*', c => {
    const path = c.req.path.slice(below.length);
    if (path === '') return c.redirect(`${below}/`, 308);
    const file = files.lookup(path);
    if (file === null) return c.notFound();
    const headers: Record<string, string> = {
      'Content-Type': file.type,
      ETag: file.etag,
      'Cache-Control': file.cacheControl,
      Vary: 'Accept-Encoding',
    };
    if (c.req.header('if-none-match')?.includes(file.etag)) return c.body(null, 304, headers);
    const { encoding, body } = pickBody(file, c.req.header('accept-encoding'));
    if (encoding !== 'identity') headers['Content-Encoding'] = encoding;
    return c.body(body, 200, headers);
  });
  return app;
}
