/** The demo tenant behind real TLS, with every request and every answer shown to Microsoft's description of Graph. */
import * as v from 'valibot';
import { makeGraphCalendar } from '../../../src/calendar/graph/graph-calendar.ts';
import type { GraphFetch, TokenSource } from '../../../src/calendar/graph/ports.ts';
import type { RoomCalendar } from '../../../src/calendar/room-calendar.ts';
import type { Inviter } from '../../../src/contract/values/config.ts';
import { RoomAddress } from '../../../src/contract/values/ids.ts';
import { makeFetch } from '../../../src/platform/http.ts';
import { makeSystemClock } from '../../../src/platform/system-clock.ts';
import { appToken, userTokens } from '../../demo/support/graph-client.ts';
import { startTestTenant, type TestTenant } from '../../demo/support/tenant.ts';
import { loadGraphContract } from '../../support/graph-contract.ts';
import { hurriedClock, OPEN, OSLO } from './stub.ts';

export interface JudgedTenant {
  demo: TestTenant;
  /** What the description finds wrong; empty without it. */
  problems: string[];
  /** As an application, or signed in as the service account. Without an inviter rooms are not invited. */
  calendarOf(address: string, as?: 'application' | 'account', inviter?: Inviter | null): RoomCalendar;
  stop(): Promise<void>;
}

export async function startJudgedTenant(): Promise<JudgedTenant> {
  const contract = await loadGraphContract();
  const problems: string[] = [];
  const demo = await startTestTenant({ clock: makeSystemClock() });
  const platform = makeFetch({ trust: { kind: 'only', ca: demo.ca.cert } });

  const judged: GraphFetch = async (url, init = {}) => {
    const { pathname: path, searchParams } = new URL(url);
    const method = init.method ?? 'GET';
    const query = Object.fromEntries(searchParams);
    problems.push(...(contract?.checkRequest({ ...init, method, path, query }) ?? []));
    const answer = await platform.fetch(url, init);
    const body = await answer.clone().text();
    const isPage = body.startsWith('<');
    if (!isPage) problems.push(...(contract?.checkResponse({ method, path, status: answer.status, body }) ?? []));
    return answer;
  };

  return {
    demo,
    problems,
    calendarOf: (address, as = 'application', inviter = null) =>
      makeGraphCalendar({
        fetch: judged,
        graphBase: demo.tenant.graph,
        room: v.parse(RoomAddress, address),
        roomName: 'A room',
        zone: OSLO,
        privacy: OPEN,
        inviter,
        token: makeTokenSource(() => (as === 'application' ? appToken(demo) : accountToken(demo))),
        clock: hurriedClock(5),
      }),
    async stop() {
      await platform.close();
      await demo.stop();
    },
  };
}

const accountToken = async (demo: TestTenant): Promise<string> => (await userTokens(demo)).json.access_token;

function makeTokenSource(fetchToken: () => Promise<string>): TokenSource {
  let cached: Promise<string> | null = null;
  return async ({ isRefused }) => {
    if (isRefused || cached === null) cached = fetchToken();
    return { kind: 'token', accessToken: await cached };
  };
}
