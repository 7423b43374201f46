/** A relayed calendar's way to central. */
import type { CallCentral } from '../calendar/relay/relay-calendar.ts';
import type { ReadProblem } from '../contract/values/trust.ts';
import { GIVEN_UP_AFTER } from '../contract/wire/calendar.ts';
import { type CentralClient, type CentralFailure, describe } from './central-client.ts';

export function makeRelayCall(central: () => CentralClient | null): CallCentral {
  return async (path, body, signal) => {
    const client = central();
    if (client === null) {
      return { kind: 'failed', problem: 'unreachable', retryAfter: null, isSent: false, detail: 'no central' };
    }
    const answer = await client.send('POST', `/panel/v1/calendar${path}`, {
      body: JSON.stringify(body),
      deadline: GIVEN_UP_AFTER,
      ...(signal ? { signal } : {}),
    });
    if (answer.kind === 'failed') {
      const { retryAfter, status } = answer;
      // Without an answer, or with one that came half-way, it may have been carried out. A proof that is refused may have been
      // used up by the same request, delivered before.
      const isReplay = answer.detail === 'invalid_dpop_proof';
      const isSent = isReplay || status >= 500 || (status === 0 && answer.problem !== 'certificate-changed');
      return { kind: 'failed', problem: problemOf(answer), retryAfter, isSent, detail: `central: ${answer.detail}` };
    }
    try {
      const json: unknown = await answer.value.json();
      return { kind: 'ok', json, serverTime: answer.serverTime };
    } catch (error) {
      const detail = `central: ${describe(error)}`;
      return { kind: 'failed', problem: 'misunderstood', retryAfter: null, isSent: true, detail };
    }
  };
}

/** 409: the connection is not relayed any more, and a config that says so is on its way. */
function problemOf({ status }: CentralFailure): ReadProblem {
  if (status === 0 || status >= 500) return 'unreachable';
  if (status === 429) return 'throttled';
  if (status === 403) return 'no-access';
  return status === 409 ? 'no-token' : 'misunderstood';
}
