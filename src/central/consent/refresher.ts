import { type Clock, repeat, type Stop } from '../../contract/values/clock.ts';
import { between, hours, minutes, plus } from '../../contract/values/time.ts';
import type { Log } from '../ports.ts';
import type { Tokens } from './tokens.ts';

const LOOK_EVERY = minutes(5);
/** A token this close to its end is replaced before a panel has to wait for it. */
const AHEAD = minutes(15);
/** However long access tokens last, the refresh token must be used daily: it dies of disuse after 90 days. */
const LONGEST_UNUSED = hours(20);

/** Refreshes ahead of time, and at least daily even when every panel is off. */
export function startRefresher(tokens: Pick<Tokens, 'status' | 'refresh'>, clock: Clock, log: Log): Stop {
  const look = async () => {
    const status = await tokens.status();
    if (status.kind !== 'issued') return;
    const isEnding = status.expires < plus(clock.now(), AHEAD);
    if (isEnding || between(status.issued, clock.now()) > LONGEST_UNUSED) await tokens.refresh('central');
  };
  return repeat(clock, LOOK_EVERY, look, error => log.error('refresh-broke', { detail: String(error) }));
}
