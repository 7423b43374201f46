/** Somebody who subscribes: an HTTPS listener with a certificate of its own CA. */

import { once } from 'node:events';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { issueLeaf, makeCa } from '../../../src/platform/certificates.ts';
import { makeSystemClock } from '../../../src/platform/system-clock.ts';
import type { Json } from './tenant.ts';

export type Reply = { status: number; type?: string; body?: string } | 'silence';
export type Heard = { path: string; value: Json[] };

/** Gives validation tokens back and takes everything, until told otherwise. */
export async function startListener() {
  const ca = await makeCa('Subscriber CA', makeSystemClock());
  const leaf = await issueLeaf(ca, ['localhost', '127.0.0.1'], makeSystemClock());
  const heard: Heard[] = [];
  const validated: string[] = [];
  let tries = 0;
  let validate: (token: string) => Reply = token => ({ status: 200, type: 'text/plain', body: token });
  let take: () => Reply = () => ({ status: 202 });

  const server = createServer({ key: leaf.key, cert: leaf.chain }, async (req, res) => {
    const url = new URL(req.url ?? '/', 'https://localhost');
    const token = url.searchParams.get('validationToken');
    const body = await text(req);
    tries += token === null ? 1 : 0;
    const reply = token === null ? take() : validate(token);
    if (reply === 'silence') return;
    if (token !== null) validated.push(url.pathname);
    else if (reply.status < 300) heard.push({ path: url.pathname, value: JSON.parse(body).value });
    res.writeHead(reply.status, { 'content-type': reply.type ?? 'text/plain' }).end(reply.body ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    ca: ca.cert,
    url: `https://localhost:${address.port}`,
    heard,
    validated,
    tries: () => tries,
    validate: (by: typeof validate) => {
      validate = by;
    },
    take: (by: typeof take) => {
      take = by;
    },
    /** As on the first day. */
    reset() {
      validate = token => ({ status: 200, type: 'text/plain', body: token });
      take = () => ({ status: 202 });
      heard.length = 0;
      validated.length = 0;
      tries = 0;
    },
    stop() {
      server.closeAllConnections();
      return new Promise<void>(resolve => server.close(() => resolve()));
    },
  };
}
