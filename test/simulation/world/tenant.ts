/** The demo tenant's own rules behind a simulated wire, and everything it stores written down. */
import type { Clock } from '../../../src/contract/values/clock.ts';
import {
  type Duration,
  hours,
  type Instant,
  milliseconds,
  plus,
  type Span,
} from '../../../src/contract/values/time.ts';
import { spanOf } from '../../../src/demo/calendar/event-time.ts';
import type { CalendarItem } from '../../../src/demo/calendar/model.ts';
import { itemsIn } from '../../../src/demo/calendar/read.ts';
import type { Caller } from '../../../src/demo/graph/auth.ts';
import { unauthorized } from '../../../src/demo/graph/errors.ts';
import type { Office } from '../../../src/demo/office/directory.ts';
import { makeTenantCore } from '../../../src/demo/tenant-core.ts';
import type { Entry, History, Letter } from '../history.ts';
import type { Answer, Request } from './network.ts';

export const GRAPH = 'https://tenant.sim';

/** Either way, in milliseconds; less than half of what panels wait for each other. */
const CLOCKS_APART = 240;

const MOST_LETTERS = 10_000;

const APP: Caller = { kind: 'app', permissions: new Set(['Calendars.ReadWrite', 'Place.Read.All', 'User.Read.All']) };

export type TenantOptions = {
  /** How long rooms take to answer invitations. */
  answersAfter: Duration;
  clock: Clock;
  dice: () => number;
  zone: string;
  office: Office;
  /** Of the days around, which is all that anybody here looks at. */
  days: Span;
  history: Pick<History, 'truth' | 'changes'>;
  story: (line: () => string) => void;
  /** Something changed in a room's calendar. */
  changed: (room: string) => void;
};

export type Tenant = ReturnType<typeof makeTenant>;

export function makeTenant({ answersAfter, clock, dice, zone, office, days, history, story, changed }: TenantOptions) {
  const tokens = new Map<string, Instant>();
  let tokenCount = 0;
  /** Who is being served: one request at a time, so that what is stored meanwhile is its doing. */
  let served = 'person';
  let queue: Promise<unknown> = Promise.resolve();

  /** Its machines' clocks do not quite agree: whoever stores something is a little off, every time another. */
  let error = milliseconds(0);
  const offBy = () => milliseconds(Math.round((dice() - 0.5) * 2 * CLOCKS_APART));
  const itsClock: Clock = {
    now: () => plus(clock.now(), served === 'person' ? offBy() : error),
    after: (delay, task) => clock.after(delay, task),
  };
  const core = makeTenantCore({
    clock: itsClock,
    zone,
    file: ':memory:',
    bytes: count => Buffer.from(Array.from({ length: count }, () => Math.floor(dice() * 256))),
    checkToken: async authorization => {
      const expires = tokens.get(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
      if (expires === undefined || clock.now() >= expires) throw unauthorized('Lifetime validation failed.');
      return APP;
    },
    origin: GRAPH,
    office,
  });
  const { calendars } = core;
  if (answersAfter > 0) core.faults.add({ kind: 'answer-delay', ms: answersAfter });

  /** Keys under which something was created; true as long as it is there. */
  const keys = new Map<string, boolean>();
  const record = (room: string, by: string) => {
    const entries = itemsIn(calendars, room, days).map(item => entryOf(item, spanOf(item.content.time, zone)));
    history.truth.push({ at: clock.now(), room, by, entries });
    story(() => `${room} now has ${entries.map(told).join(' ') || 'nothing'} (${by})`);
  };

  core.changes.watch(changes => {
    const at = clock.now();
    for (const { mailbox, id, kind, before, after } of changes) {
      const event = after?.event ?? before?.event;
      if (event === undefined) continue;
      if (event.transactionId !== null) keys.set(event.transactionId, kind !== 'removed');
      history.changes.push({ at, mailbox, id, kind, by: served, key: event.transactionId, uid: event.uid });
    }
    for (const room of new Set(changes.map(change => change.mailbox))) {
      if (calendars.mailboxes.find(room)?.kind !== 'room') continue;
      record(room, served);
      changed(room);
    }
  });
  for (const room of calendars.mailboxes.rooms()) record(room.address, 'person');

  /** What was created and taken away again does not come back because a proxy delivers its creation once more. */
  const isLate = ({ method, body, isAgain }: Request) =>
    isAgain && method === 'POST' && keys.get(/lintel-[0-9a-f]{32}/.exec(body ?? '')?.[0] ?? '') === false;

  const answer = async (request: Request): Promise<Answer> => {
    if (isLate(request))
      return { status: 409, headers: {}, text: '{"error":{"code":"ErrorDuplicateTransactionId","message":""}}' };
    const { method, url, headers, body } = request;
    const response = await core.app.fetch(new Request(url, { method, headers, body }));
    return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
  };

  return {
    calendars,
    /** `from`: whose doing it is in the log. */
    serve(from: string, request: Request): Promise<Answer> {
      const turn = queue.then(async () => {
        served = from;
        error = offBy();
        try {
          return await answer(request);
        } finally {
          served = 'person';
          error = milliseconds(0);
        }
      });
      queue = turn.catch(() => {});
      return turn;
    },
    /** What the token endpoint would give. */
    newToken(lasts = hours(1)): { accessToken: string; expires: Instant } {
      const accessToken = `SECRET-token-${++tokenCount}`;
      const expires = plus(clock.now(), lasts);
      tokens.set(accessToken, expires);
      return { accessToken, expires };
    },
    letters: (): Letter[] =>
      calendars.messages
        .latest(MOST_LETTERS)
        .filter(({ kind, sender }) => kind === 'declined' && calendars.mailboxes.find(sender)?.kind === 'room')
        .map(({ at, sender, recipient, comment }) => ({ at, room: sender, to: recipient, text: comment }))
        .reverse(),
    /** None given so far holds any longer. */
    revokeTokens: () => tokens.clear(),
    close: core.close,
  };
}

function entryOf({ id, content, stored, masterId }: CalendarItem, span: Span): Entry {
  return {
    id,
    uid: stored.uid,
    span,
    isAllDay: content.time.kind === 'all-day',
    showAs: content.showAs,
    isCancelled: content.isCancelled,
    response: content.response.kind,
    isRoomOrganizer: content.isOrganizer,
    organizer: content.organizer?.address ?? '',
    key: stored.transactionId,
    series: masterId,
  };
}

const timeOf = (at: number) => new Date(at).toISOString().slice(11, 19);
const told = ({ id, span, isCancelled, showAs, key }: Entry) =>
  `${id.slice(6, 10)}:${timeOf(span.start)}-${timeOf(span.end)}${key ? '*' : ''}${isCancelled ? '(off)' : ''}${showAs === 'busy' ? '' : `(${showAs})`}`;
