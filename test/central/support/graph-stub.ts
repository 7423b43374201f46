/**
 * A Graph that knows subscriptions and calendars, over plain HTTP and under the test's clock: for what the demo tenant
 * cannot show in a moment, such as a life of three days, odd lifetimes and a thousand rooms.
 */
import { createServer, type IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { openConnection } from '../../../src/calendar/graph/connection.ts';
import type { Context } from '../../../src/central/context.ts';
import { findSettings } from '../../../src/central/store/settings.ts';
import type { Clock } from '../../../src/contract/values/clock.ts';
import { type GraphRequest, loadGraphContract } from '../../support/graph-contract.ts';

const NewSubscription = v.object({
  changeType: v.string(),
  notificationUrl: v.string(),
  lifecycleNotificationUrl: v.string(),
  resource: v.string(),
  expirationDateTime: v.string(),
  clientState: v.string(),
});
const Renewal = v.object({ expirationDateTime: v.string() });
export type StubSubscription = v.InferOutput<typeof NewSubscription> & { id: string };
export type Fault = { status: number; code: string; retryAfter?: string };

const MOST_JUDGED = 20;

export type GraphStub = Awaited<ReturnType<typeof startGraphStub>>;

export async function startGraphStub(clock: Clock) {
  const contract = await loadGraphContract();
  const subscriptions = new Map<string, StubSubscription>();
  /** `METHOD path`, in order. */
  const asked: string[] = [];
  /** What the contract says is wrong with our requests. */
  const objections: string[] = [];
  /** Judging takes longer than answering: of thousands that are alike only the first ones are. */
  const judged = new Map<string, number>();
  let made = 0;
  let underWay = 0;
  const stub = {
    subscriptions,
    asked,
    objections,
    mostAtATime: 0,
    /** The answer instead of the real one; by what was asked. */
    fault: (_asked: string): Fault | null => null,
    /** The longest it grants, in milliseconds. */
    longestLife: 4230 * 60_000,
    /** What a GET answers with, `@odata.nextLink` included, by its path and `?$skip=`, where it has that. */
    pages: new Map<string, unknown>(),
    url: '',
    has: (room: string) => [...subscriptions.values()].filter(one => one.resource.includes(`/${room}@`)),
    /** Opens it the way central opens a tenant's, for whichever connection. */
    opener: (context: Context) => async (connection: string) => {
      const settings = await findSettings(context.store.db, connection);
      if (settings === undefined) return { kind: 'no-token' as const };
      const graph = openConnection({
        fetch,
        graphBase: stub.url,
        token: async () => ({ kind: 'token', accessToken: 'token' }),
        clock: context.clock,
        random: () => 0.5,
      });
      return { kind: 'open' as const, graph, settings };
    },
    stop: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  /** Of calendars the description knows only the mailbox's own: what hangs below another is judged as if it were that. */
  function judge(request: GraphRequest): string[] {
    if (contract === null || request.path.endsWith('/calendars')) return [];
    return contract.checkRequest({
      ...request,
      path: request.path.replace(/\/calendars\/[^/]+(?=\/calendarView$)/, ''),
    });
  }

  const expiring = (wanted: string) =>
    new Date(Math.min(Date.parse(wanted), clock.now() + stub.longestLife)).toISOString().replace('Z', '0000Z');

  function answer(method: string, url: URL, body: unknown): [number, unknown] {
    const id = decodeURIComponent(/^\/v1\.0\/subscriptions\/([^/]+)$/.exec(url.pathname)?.[1] ?? '');
    if (method === 'POST' && url.pathname === '/v1.0/subscriptions') {
      const input = v.parse(NewSubscription, body);
      const subscription = {
        ...input,
        id: `subscription-${++made}`,
        expirationDateTime: expiring(input.expirationDateTime),
      };
      subscriptions.set(subscription.id, subscription);
      return [201, subscription];
    }
    const subscription = subscriptions.get(id);
    if (id !== '' && subscription === undefined) return [404, { error: { code: 'ResourceNotFound', message: '' } }];
    if (method === 'PATCH' && subscription !== undefined) {
      subscription.expirationDateTime = expiring(v.parse(Renewal, body).expirationDateTime);
      return [200, subscription];
    }
    if (method === 'DELETE') return subscriptions.delete(id) ? [204, null] : [404, null];
    const skip = url.searchParams.get('$skip');
    const page = stub.pages.get(skip === null ? url.pathname : `${url.pathname}?$skip=${skip}`);
    return page === undefined ? [404, { error: { code: 'ErrorItemNotFound', message: '' } }] : [200, page];
  }

  const server = createServer((request, response) => {
    void (async () => {
      stub.mostAtATime = Math.max(stub.mostAtATime, ++underWay);
      const { method = 'GET' } = request;
      const url = new URL(request.url ?? '/', stub.url);
      const text = await textOf(request);
      const name = `${method} ${url.pathname.slice('/v1.0'.length)}`;
      asked.push(name);
      const query = Object.fromEntries(url.searchParams);
      const headers = { 'content-type': request.headers['content-type'] ?? '' };
      const kind = `${method} ${url.pathname.split('/')[2]}`;
      judged.set(kind, (judged.get(kind) ?? 0) + 1);
      if ((judged.get(kind) ?? 0) <= MOST_JUDGED)
        objections.push(...judge({ method, path: url.pathname, query, headers, body: text }));
      const fault = stub.fault(name);
      const [status, body] = fault
        ? [fault.status, { error: { code: fault.code, message: 'no' } }]
        : answer(method, url, text === '' ? null : JSON.parse(text));
      underWay--;
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(fault?.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }),
      });
      response.end(body === null ? '' : JSON.stringify(body));
    })();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  stub.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  return stub;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}
