import { Hono, type Context as HonoContext } from 'hono';
import { sleep } from '../../contract/values/clock.ts';
import { seconds } from '../../contract/values/time.ts';
import { readRoomChecks } from '../fleet/room-check-store.ts';
import { startRoomChecks } from '../fleet/room-checks.ts';
import { wireError } from './answers.ts';
import type { ConsoleEnv, Services } from './env.ts';

/** Proxies cut what is silent for a minute. A longer look goes on, and pages hear of its end by their stream. */
const LONGEST_ANSWER = seconds(45);

/** `/server-settings/:id/room-checks`. */
export function roomChecksApi({ context, connections, tokens }: Services): Hono<ConsoleEnv> {
  const api = new Hono<ConsoleEnv>();
  const idIn = (c: HonoContext) => c.req.param('id') ?? '';

  api.get('/:id/room-checks', async c => c.json(await readRoomChecks(context.store.db, idIn(c))));
  api.post('/:id/room-checks', async c => {
    const end = new AbortController();
    const timeUp = sleep(context.clock, LONGEST_ANSWER, end.signal).catch(() => {});
    const looked = await Promise.race([startRoomChecks(context, connections, tokens, idIn(c)), timeUp]);
    end.abort();
    if (looked?.kind === 'no-token') {
      return wireError(c, 409, 'no-token', 'Central has no access token for these server settings. Get one first.');
    }
    if (looked?.kind === 'failed')
      return wireError(c, 502, looked.problem, `The rooms were not looked at: ${looked.detail}`);
    return c.json(await readRoomChecks(context.store.db, idIn(c)));
  });
  return api;
}
