/** Serves the control page: one HTML file, one script, one style sheet. */
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { loopbackOnly } from './guard.ts';

const FILES = [
  { path: '/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { path: '/control.js', file: 'control.js', type: 'text/javascript; charset=utf-8' },
  { path: '/control.css', file: 'control.css', type: 'text/css; charset=utf-8' },
];

export function makeControlPages(): Hono {
  const app = new Hono({ strict: false });
  app.use('*', loopbackOnly);
  for (const { path, file, type } of FILES) {
    const text = readFileSync(new URL(`page/${file}`, import.meta.url), 'utf8');
    app.get(path, c =>
      c.body(text, 200, {
        'Content-Type': type,
        'Cache-Control': 'no-store',
        'Content-Security-Policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'X-Content-Type-Options': 'nosniff',
      }),
    );
  }
  return app;
}
