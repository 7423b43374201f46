import { createMiddleware } from 'hono/factory';
import { minutes } from '../../contract/values/time.ts';
import { networkOf, ownOrigin, remoteAddress } from './address.ts';
import { wireError } from './answers.ts';
import { checkProof } from './dpop.ts';
import type { PanelEnv, Services } from './env.ts';
import type { NonceBook } from './nonce-book.ts';
import { RateLimit } from './rate-limit.ts';

/** Anybody can send bad proofs; nobody may fill the log with them. */
const LINES_PER_NETWORK = { burst: 10, refill: minutes(1) };
/** A panel that was silent for a while proves with an old nonce, and so does a replay: only many of them tell something. */
const STALE_LINES = { burst: 30, refill: minutes(1) };

/** Lets only requests through that prove possession of a panel's key; every answer carries the nonce for the next one. */
export function provePanel(services: Services, nonces: NonceBook) {
  const { clock, log } = services.context;
  const linesByNetwork = new RateLimit(clock, LINES_PER_NETWORK);
  const staleLines = new RateLimit(clock, STALE_LINES);
  return createMiddleware<PanelEnv>(async (c, next) => {
    const checked = await checkProof(
      {
        proof: c.req.header('dpop'),
        method: c.req.method,
        path: c.req.path,
        hosts: [c.req.header('host') ?? '', new URL(ownOrigin(c.env, services)).host],
      },
      nonces,
    );
    c.header('DPoP-Nonce', nonces.current());
    switch (checked.kind) {
      case 'use-nonce':
        if (checked.isStale && staleLines.take('all') === null) {
          log.info('proof-stale', { panel: checked.panel, address: remoteAddress(c.env) });
        }
        c.header('WWW-Authenticate', 'DPoP error="use_dpop_nonce"');
        return wireError(c, 401, 'use_dpop_nonce', 'Repeat with the nonce of this answer in the proof.');
      case 'invalid':
        if (linesByNetwork.take(networkOf(remoteAddress(c.env))) === null) {
          log.warn('proof-refused', { why: checked.why, address: remoteAddress(c.env) });
        }
        c.header('WWW-Authenticate', 'DPoP error="invalid_dpop_proof"');
        return wireError(c, 401, 'invalid_dpop_proof', `Refused: ${checked.why}.`);
      case 'proved':
        c.set('panel', checked.panel);
        c.set('boot', checked.boot);
        await next();
        return undefined;
    }
  });
}
