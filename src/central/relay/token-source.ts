import type { Token, TokenSource } from '../../calendar/graph/ports.ts';
import type { Clock } from '../../contract/values/clock.ts';
import { type Instant, minutes, plus } from '../../contract/values/time.ts';
import type { ReadProblem } from '../../contract/values/trust.ts';
import type { TokenAnswer } from '../../contract/wire/panel.ts';
import type { Tokens } from '../consent/tokens.ts';

const EARLY = minutes(2);

const PROBLEMS: Record<(TokenAnswer & { kind: 'none' })['why'], ReadProblem> = {
  'not-connected': 'no-token',
  'sign-in-needed': 'sign-in-needed',
  'provider-unreachable': 'unreachable',
  throttled: 'throttled',
  'not-licensed': 'no-token',
  relayed: 'no-token',
};

/**
 * One grant's tokens for central's own use: asked of the token store, which unseals and parses msal's cache each time, only
 * when the one at hand is about to lapse or was refused.
 */
export function makeTokenSource(tokens: Pick<Tokens, 'accessToken'>, connection: string, clock: Clock): TokenSource {
  let held: { accessToken: string; expires: Instant } | null = null;
  return async ({ isRefused }): Promise<Token> => {
    if (isRefused) held = null;
    if (held !== null && plus(clock.now(), EARLY) < held.expires) return { kind: 'token', ...held };
    const answer = await tokens.accessToken(connection, { isRefused });
    held = answer.kind === 'token' ? answer : null;
    return answer.kind === 'token'
      ? { kind: 'token', accessToken: answer.accessToken }
      : { kind: 'none', problem: PROBLEMS[answer.why], detail: answer.detail };
  };
}
