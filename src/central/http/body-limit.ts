import { createMiddleware } from 'hono/factory';
import { wireError } from './answers.ts';

/**
 * Refuses what is longer than `most` bytes before it arrives. A body says how long it is: Node's parser holds it to that,
 * and what says neither that nor `Transfer-Encoding` has none. (Hono's own limit makes a new Request, which is not of the
 * class that @hono/node-server works with, and so breaks on every DELETE.)
 */
export const limitBody = (most: number) =>
  createMiddleware(async (c, next) => {
    if (c.req.header('transfer-encoding') !== undefined) {
      return wireError(c, 411, 'invalid', 'The body must say how long it is (Content-Length).');
    }
    const length = Number(c.req.header('content-length') ?? 0);
    if (length > most) return wireError(c, 413, 'invalid', 'The body is too large.');
    return next();
  });
