/** Graph as central itself asks it, for one connection: what tenants tell of their rooms, and nothing else. */
import type * as v from 'valibot';
import { read } from '../../calendar/graph/answer.ts';
import { type Call, type Connection as Graph, openConnection } from '../../calendar/graph/connection.ts';
import { EventPage } from '../../calendar/graph/event-schema.ts';
import type { Token } from '../../calendar/graph/ports.ts';
import type { Duration } from '../../contract/values/time.ts';
import type { ReadProblem } from '../../contract/values/trust.ts';
import type { TokenAnswer } from '../../contract/wire/panel.ts';
import type { Connections } from '../consent/connections.ts';
import type { Tokens } from '../consent/tokens.ts';
import type { Context } from '../context.ts';
import { randomBelow } from '../random.ts';
import type { SettingsRow } from '../store/tables.ts';

export type { Graph };
export type TenantGraph = { kind: 'open'; graph: Graph; settings: SettingsRow };
/** `detail` names neither people nor meetings. `retryAfter`: how long the provider wants to be left alone. */
export type Failed = { kind: 'failed'; problem: ReadProblem; detail: string; retryAfter: Duration | null };
/** Nobody gave central access yet, so there is nothing to try. */
export type NoAccess = { kind: 'no-token' };

/** Opens Graph with the connection's token; at most four calls are under way at a time. */
export async function openTenantGraph(
  context: Context,
  connections: Connections,
  tokens: Tokens,
  connectionId: string,
): Promise<TenantGraph | Failed | NoAccess> {
  const current = await connections.current(connectionId);
  if (current === null) return { kind: 'no-token' };
  const token = await tokens.accessToken(connectionId, { isRefused: false });
  if (token.kind === 'none') {
    if (token.why === 'not-connected') return { kind: 'no-token' };
    return failed(problemOf(token.why), `no access token: ${token.detail}`);
  }
  const graph = openConnection({
    fetch: current.connection.fetch,
    graphBase: current.settings.graph_base,
    token: async asked => toToken(await tokens.accessToken(connectionId, asked)),
    clock: context.clock,
    random: () => randomBelow(1_000_000) / 1_000_000,
  });
  return { kind: 'open', graph, settings: current.settings };
}

const problemOf = (why: Extract<TokenAnswer, { kind: 'none' }>['why']): ReadProblem =>
  why === 'sign-in-needed' || why === 'throttled' ? why : 'no-token';

function toToken(answer: TokenAnswer): Token {
  if (answer.kind === 'token') return { kind: 'token', accessToken: answer.accessToken };
  return { kind: 'none', problem: problemOf(answer.why), detail: `no access token: ${answer.detail}` };
}

export const failed = (problem: ReadProblem, detail: string, retryAfter: Duration | null = null): Failed => ({
  kind: 'failed',
  problem,
  detail,
  retryAfter,
});

/** One call, its answer as a value of `schema`. */
export async function ask<T>(
  graph: Graph,
  call: Call,
  schema: v.GenericSchema<unknown, T>,
): Promise<{ kind: 'read'; value: T } | Failed> {
  const answer = await graph.call(call);
  if (answer.kind === 'ok') {
    const body = read(answer, schema);
    return body.kind === 'read' ? body : failed(body.problem, body.detail);
  }
  const { problem, detail, retryAfter } = answer.kind === 'no' ? answer.failed : answer;
  return failed(problem, detail, retryAfter);
}

/** Every item of a paged list, each as Graph gave it; all of them or nothing. */
export async function askAll(
  graph: Graph,
  call: { name: string; path: string; signal?: AbortSignal | undefined },
  mostPages: number,
): Promise<{ kind: 'all'; items: unknown[] } | Failed> {
  const items: unknown[] = [];
  let path: string | null = call.path;
  for (let page = 0; path !== null; page++) {
    if (page >= mostPages) return failed('misunderstood', `${call.name}: more than ${mostPages} pages`);
    const body: Awaited<ReturnType<typeof askPage>> = await askPage(graph, { ...call, path });
    if (body.kind === 'failed') return body;
    items.push(...body.value.value);
    const link = body.value['@odata.nextLink'];
    // The link comes from outside: the token only ever goes to the host it was made for.
    path = link === null ? null : graph.pathOf(link);
    if (link !== null && path === null) {
      return failed('misunderstood', `${call.name}: the next page is on another host`);
    }
  }
  return { kind: 'all', items };
}

const askPage = (graph: Graph, call: { name: string; path: string; signal?: AbortSignal | undefined }) =>
  ask(graph, { ...call, method: 'GET' }, EventPage);
