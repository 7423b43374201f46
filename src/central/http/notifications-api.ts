import { Hono } from 'hono';
import * as v from 'valibot';
import { Notice } from '../notifications/inbox.ts';
import type { Notifications } from '../notifications/notifications.ts';
import { wireError } from './answers.ts';

const MOST_BYTES = 256 * 1024;
const LONGEST_TOKEN = 2048;

const Notices = v.object({ value: v.array(v.unknown()) });

/**
 * Where Graph tells of changes: public, without a session. What comes is answered 202 whatever it is, before anybody looks
 * at it: Graph calls an endpoint slow above 3 s, sends again for four hours what it got no 2xx for (bad JSON gets no better
 * by that), and who tries secrets here must learn nothing.
 */
export function notificationsApi(notifications: Notifications): Hono {
  const api = new Hono();

  api.post('/', async c => {
    c.header('Cache-Control', 'no-store');
    const token = c.req.query('validationToken');
    if (token !== undefined) {
      // Anybody can have words of their own come back: so they are text, and nothing guesses another type.
      c.header('X-Content-Type-Options', 'nosniff');
      return token.length > LONGEST_TOKEN ? wireError(c, 400, 'invalid', 'The token is too long.') : c.text(token);
    }
    const text = await readAtMost(c.req.raw.body, MOST_BYTES);
    if (text === null) return wireError(c, 413, 'invalid', 'The body is too large.');
    const body = v.safeParse(v.pipe(v.string(), v.parseJson(), Notices), text);
    if (!body.success) {
      notifications.ignore(1);
      return c.body(null, 202);
    }
    const notices = body.output.value.flatMap(one => {
      const notice = v.safeParse(Notice, one);
      return notice.success ? [notice.output] : [];
    });
    notifications.ignore(body.output.value.length - notices.length);
    notifications.take(notices);
    return c.body(null, 202);
  });
  return api;
}

/** Null: it is longer. Graph need not say beforehand how long it is, unlike everybody else who sends something. */
async function readAtMost(body: ReadableStream<Uint8Array> | null, most: number): Promise<string | null> {
  if (body === null) return '';
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > most) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
