/** Access tokens in direct mode: asked of central, kept in memory only, used until shortly before they lapse. */
import type { Clock } from '../contract/values/clock.ts';
import { type Instant, minutes, plus } from '../contract/values/time.ts';
import type { ReadProblem } from '../contract/values/trust.ts';
import { TokenAnswer } from '../contract/wire/panel.ts';
import type { CentralClient } from './central-client.ts';

export type Token = { kind: 'token'; accessToken: string } | { kind: 'none'; problem: ReadProblem; detail: string };

const EARLY = minutes(2);
const PROBLEMS: Record<(TokenAnswer & { kind: 'none' })['why'], ReadProblem> = {
  'not-connected': 'no-token',
  'sign-in-needed': 'sign-in-needed',
  'provider-unreachable': 'unreachable',
  throttled: 'throttled',
};

export function makeTokenSource(clock: Clock, central: () => CentralClient | null) {
  let held: { accessToken: string; expires: Instant } | null = null;
  let asking: Promise<Token> | null = null;

  const ask = async (isRefused: boolean): Promise<Token> => {
    const client = central();
    if (!client) return { kind: 'none', problem: 'no-token', detail: 'no central' };
    const answer = await client.call('POST', '/panel/v1/token', TokenAnswer, { isRefused });
    if (answer.kind === 'failed') {
      // Central may be away; a token that still holds does its work without it.
      if (held && clock.now() < held.expires) return { kind: 'token', accessToken: held.accessToken };
      return { kind: 'none', problem: 'no-token', detail: `central: ${answer.problem} ${answer.status}` };
    }
    if (answer.value.kind === 'none') {
      held = null;
      return { kind: 'none', problem: PROBLEMS[answer.value.why], detail: answer.value.detail };
    }
    held = answer.value;
    return { kind: 'token', accessToken: held.accessToken };
  };

  return {
    /** `isRefused`: the provider said no to the one given last. */
    get({ isRefused }: { isRefused: boolean }): Promise<Token> {
      if (isRefused) held = null;
      if (held && plus(clock.now(), EARLY) < held.expires)
        return Promise.resolve({ kind: 'token', accessToken: held.accessToken });
      asking ??= ask(isRefused).finally(() => {
        asking = null;
      });
      return asking;
    },
    forget() {
      held = null;
    },
  };
}
