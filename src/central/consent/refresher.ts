import { type Clock, repeat, type Stop } from '../../contract/values/clock.ts';
import { between, hours, type Instant, minutes, plus } from '../../contract/values/time.ts';
import type { TokenStatus } from '../../contract/wire/console.ts';
import type { Log } from '../ports.ts';
import type { Tokens } from './tokens.ts';

const LOOK_EVERY = minutes(5);
/** A token this close to its end is replaced before a panel has to wait for it. */
const AHEAD = minutes(15);
/** However long access tokens last, the refresh token must be used daily: it dies of disuse after 90 days. */
const LONGEST_UNUSED = hours(20);
/** What the provider refused is asked again this often: somebody may have mended it over there. */
const REFUSED_HOLDS = hours(1);

/** Refreshes every connection's token ahead of time, and at least daily even when every panel is off. */
export function startRefresher(tokens: Pick<Tokens, 'connected' | 'refresh'>, clock: Clock, log: Log): Stop {
  const broke = (error: unknown) => log.error('refresh-broke', { detail: String(error) });
  const look = async () => {
    const due = (await tokens.connected()).filter(({ status }) => isRefreshDue(status, clock.now()));
    // At once, so that one tenant that does not answer delays no other.
    await Promise.all(due.map(({ connection }) => tokens.refresh(connection, 'central').catch(broke)));
  };
  return repeat(clock, LOOK_EVERY, look, broke);
}

export function isRefreshDue(status: TokenStatus, now: Instant): boolean {
  if (status.kind !== 'issued') return false;
  const { problem } = status;
  const isPassing = problem === null || problem.kind === 'unreachable' || problem.kind === 'empty-token';
  if (!isPassing && between(problem.at, now) < REFUSED_HOLDS) return false;
  return status.expires < plus(now, AHEAD) || between(status.issued, now) > LONGEST_UNUSED;
}
