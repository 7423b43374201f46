/** A Graph that says what a test tells it to, over real HTTP, and keeps what it was asked. */
import { type HttpBindings, serve } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import * as v from 'valibot';
import { type GraphCalendarOptions, makeGraphCalendar } from '../../../src/calendar/graph/graph-calendar.ts';
import type { RoomCalendar } from '../../../src/calendar/room-calendar.ts';
import type { Clock } from '../../../src/contract/values/clock.ts';
import type { Inviter } from '../../../src/contract/values/config.ts';
import { RoomAddress } from '../../../src/contract/values/ids.ts';
import type { Privacy } from '../../../src/contract/values/policy.ts';
import { instant, type Span, ZoneName } from '../../../src/contract/values/time.ts';
import { makeFetch } from '../../../src/platform/http.ts';
import type { GraphContract } from '../../support/graph-contract.ts';

export type Asked = { method: string; path: string; query: string; headers: Record<string, string>; body: string };
/** `drop`: the socket closes without an answer. `cut`: in the middle of one. `hang`: no answer at all. */
export type Say = { status: number; body?: unknown; headers?: Record<string, string> } | 'drop' | 'cut' | 'hang';
export type Script = Say[] | ((asked: Asked, index: number) => Say | Promise<Say>);

export interface Stub {
  readonly base: string;
  readonly asked: Asked[];
  /** What Microsoft's description finds wrong with the requests; empty without the description. */
  readonly problems: string[];
  /** Replaces the script and forgets what was asked. */
  play(script: Script): void;
  stop(): Promise<void>;
}

export async function startStub(contract: GraphContract | null): Promise<Stub> {
  const asked: Asked[] = [];
  const problems: string[] = [];
  let script: Script = [];
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.all('*', async c => {
    const url = new URL(c.req.url);
    const body = await c.req.text();
    // The path as it was on the wire: hono decodes it.
    const [path = '', query = ''] = (c.env.incoming.url ?? '').split('?');
    const one: Asked = { method: c.req.method, path, query, headers: c.req.header(), body };
    const wrong = contract?.checkRequest({ ...one, query: Object.fromEntries(url.searchParams) }) ?? [];
    problems.push(...wrong);
    const index = asked.push(one) - 1;
    const say = typeof script === 'function' ? await script(one, index) : script[Math.min(index, script.length - 1)];
    if (say === undefined) throw new Error('nothing to say');
    if (say === 'hang') return await new Promise<Response>(() => {});
    if (say === 'drop' || say === 'cut') {
      if (say === 'cut') c.env.outgoing.writeHead(200, { 'content-length': '100' }).write('{"value":[');
      setTimeout(() => c.env.incoming.socket.destroy(), say === 'cut' ? 20 : 0);
      return RESPONSE_ALREADY_SENT;
    }
    const isText = typeof say.body === 'string';
    const text = say.body === undefined ? null : isText ? String(say.body) : JSON.stringify(say.body);
    return new Response(text, {
      status: say.status,
      headers: { ...(text === null || isText ? {} : { 'content-type': 'application/json' }), ...say.headers },
    });
  });
  const server = await new Promise<ReturnType<typeof serve>>(resolve => {
    const starting = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(starting));
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    base: `http://127.0.0.1:${port}`,
    asked,
    problems,
    play(next) {
      script = next;
      asked.length = 0;
      problems.length = 0;
    },
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

/** Runs timers `factor` times as fast as their delays say, so that a ten-second deadline passes in a test. */
export const hurriedClock = (factor: number): Clock => ({
  now: () => instant(Date.now()),
  after(delay, task) {
    const timer = setTimeout(task, Math.max(0, delay) / factor);
    timer.unref();
    return () => clearTimeout(timer);
  },
});

export const ROOM = v.parse(RoomAddress, 'room.aspen@contoso.example');
export const OSLO = v.parse(ZoneName, 'Europe/Oslo');
export const at = (iso: string) => instant(Date.parse(iso));
export const DAY: Span = { start: at('2026-11-20T00:00:00Z'), end: at('2026-11-21T00:00:00Z') };
/** Nothing hidden but what is marked private. */
export const OPEN: Privacy = { subjects: 'shown', organizers: 'shown', isPersonalPrivate: false };
/** The service account that rooms are invited by, as the token's own account. */
export const INVITER: Inviter = { isSignedIn: true, address: v.parse(RoomAddress, 'lintel@contoso.example') };
export const TOKEN = 'eyJ0eXAiOiJKV1Qi.e30.stub';

const platform = makeFetch({ trust: { kind: 'system', extraCa: null } });

export function calendarAt(base: string, options: Partial<GraphCalendarOptions> = {}): RoomCalendar {
  return makeGraphCalendar({
    fetch: platform.fetch,
    graphBase: base,
    room: ROOM,
    roomName: 'Aspen',
    zone: OSLO,
    privacy: OPEN,
    inviter: null,
    token: async () => ({ kind: 'token', accessToken: TOKEN }),
    clock: hurriedClock(10),
    ...options,
  });
}

/** An event as Graph gives it, 10:00 to 11:00 UTC. */
export const sampleEvent = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  '@odata.etag': 'W/"ZlnW4RIAV06KYYwlrfNZvQAAKGWwbw=="',
  id: 'AAMkAGVmMDEz/+A=',
  changeKey: 'ZlnW4RIAV06KYYwlrfNZvQAAKGWwbw==',
  subject: 'Budget',
  start: { dateTime: '2026-11-20T10:00:00.0000000', timeZone: 'UTC' },
  end: { dateTime: '2026-11-20T11:00:00.0000000', timeZone: 'UTC' },
  isAllDay: false,
  isCancelled: false,
  isOrganizer: false,
  organizer: { emailAddress: { name: 'Kari Nordmann', address: 'kari@contoso.example' } },
  responseStatus: { response: 'accepted', time: '2026-11-01T08:00:00Z' },
  sensitivity: 'normal',
  showAs: 'busy',
  type: 'singleInstance',
  seriesMasterId: null,
  iCalUId: '040000008200E00074C5B7101A82E008',
  transactionId: null,
  ...over,
});

export const page = (...events: unknown[]): Say => ({ status: 200, body: { value: events } });
export const graphError = (status: number, code: string, headers: Record<string, string> = {}): Say => ({
  status,
  // Microsoft's messages name people and rooms: none of this may come out.
  body: { error: { code, message: 'SECRET kari@contoso.example was refused' } },
  headers,
});

/** The address of a server that has just gone away. */
export async function nobodysAddress(): Promise<string> {
  const stub = await startStub(null);
  await stub.stop();
  return stub.base;
}
