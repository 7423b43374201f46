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
  'not-licensed': 'no-token',
  relayed: 'no-token',
};

export function makeTokenSource(clock: Clock, central: () => CentralClient | null) {
  let held: { accessToken: string; expires: Instant } | null = null;
  let asking: Promise<Token> | null = null;
  let age = 0;

  const ask = async (isRefused: boolean): Promise<Token> => {
    const asked = age;
    const client = central();
    if (!client) return { kind: 'none', problem: 'no-token', detail: 'no central' };
    const answer = await client.call('POST', '/panel/v1/token', TokenAnswer, { isRefused });
    if (answer.kind === 'failed') {
      // Central may be away; whether the one at hand still holds the provider knows better than our clock.
      if (held) return { kind: 'token', accessToken: held.accessToken };
      return { kind: 'none', problem: 'no-token', detail: `central: ${answer.problem} ${answer.status}` };
    }
    if (answer.value.kind === 'none') {
      held = null;
      return { kind: 'none', problem: PROBLEMS[answer.value.why], detail: answer.value.detail };
    }
    // Asked for before it was to be forgotten: of use to whoever asked, and to nobody later.
    if (asked === age) held = answer.value;
    return { kind: 'token', accessToken: answer.value.accessToken };
  };

  return {
    /** `isRefused`: the provider said no to the one given last. */
    get({ isRefused }: { isRefused: boolean }): Promise<Token> {
      if (isRefused) held = null;
      if (held && plus(clock.now(), EARLY) < held.expires)
        return Promise.resolve({ kind: 'token', accessToken: held.accessToken });
      if (asking === null) {
        const mine = ask(isRefused).finally(() => {
          if (asking === mine) asking = null;
        });
        asking = mine;
      }
      return asking;
    },
    /** The next one is asked for anew: another room, another tenant, other settings. */
    forget() {
      age++;
      held = null;
      asking = null;
    },
  };
}
