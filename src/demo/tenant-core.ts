/**
 * The tenant without TLS and Entra ID: mailboxes, their rules, and Graph before them, in one process. With a virtual
 * clock and seeded bytes the same calls give the same answers.
 */
import { Hono } from 'hono';
import type { Clock } from '../contract/values/clock.ts';
import { milliseconds } from '../contract/values/time.ts';
import type { CalendarContext, RoomHabit } from './calendar/context.ts';
import { makeEventId } from './calendar/event-ids.ts';
import { spanOf } from './calendar/event-time.ts';
import { type FaultApi, makeFaults, shownTime } from './faults.ts';
import { makeGraphApp } from './graph/app.ts';
import type { TokenCheck } from './graph/auth.ts';
import { makeNotifier } from './notifications/notifier.ts';
import type { Outbound } from './notifications/outbound.ts';
import { addMailboxes, type Office, SAMPLE_OFFICE } from './office/directory.ts';
import { fillOffice } from './office/fill.ts';
import { addHolidays } from './office/holidays.ts';
import { OFFICE_NAME } from './office/people.ts';
import { makeCalendars } from './store/calendars.ts';
import { watchEvents } from './store/changes.ts';
import { openDatabase } from './store/database.ts';
import { makeEvents } from './store/events.ts';
import { makeMailboxes } from './store/mailboxes.ts';
import { makeMessages } from './store/messages.ts';
import { guidFrom, type RandomBytes } from './store/secrets.ts';
import { makeSettings } from './store/settings.ts';
import { makeSubscriptions } from './store/subscriptions.ts';
import { makeTimers } from './timers.ts';

export type CoreOptions = {
  clock: Clock;
  /** IANA zone of the office. */
  zone: string;
  /** SQLite file; `:memory:` for a tenant nobody will want back. */
  file: string;
  /** Ids are made from these. */
  bytes: RandomBytes;
  /** Who a bearer token speaks for. */
  checkToken: TokenCheck;
  /** `https://localhost:4301`; nextLinks stand below it. */
  origin: string;
  /** The sample office with its meetings, or these mailboxes with empty calendars. */
  office: 'sample' | Office;
  /** The way to subscribers; without it nobody's address can be validated. */
  outbound?: Outbound;
};

export type TenantCore = ReturnType<typeof makeTenantCore>;

export function makeTenantCore(options: CoreOptions) {
  const { clock, zone, bytes, origin, office, outbound = noWayOut } = options;
  const db = openDatabase(options.file);
  const newGuid = () => guidFrom(bytes(16));
  const settings = makeSettings(db);
  const mailboxes = makeMailboxes(db);
  addMailboxes(mailboxes, office === 'sample' ? SAMPLE_OFFICE : office, newGuid);
  const { events, changes } = watchEvents(makeEvents(db), clock, event => spanOf(event.content.time, zone));
  const faults = makeFaults();
  const timers = makeTimers(clock);
  const calendars: CalendarContext = {
    events,
    changes,
    mailboxes,
    calendars: makeCalendars(db),
    messages: makeMessages(db),
    clock,
    timers,
    habitOf: room => habitOf(faults, room),
    zone,
    newEventId: () => makeEventId(bytes(16)),
    newUid: () => `040000008200E00074C5B7101A82E008${bytes(28).toString('hex').toUpperCase()}`,
  };
  if (office === 'sample') {
    fillOffice(calendars, settings);
    addHolidays(calendars, settings);
  }

  const tenantId = settings.keep('tenant-id', newGuid);
  const clientId = settings.keep('client-id', newGuid);
  const subscriptions = makeSubscriptions(db, () => shownTime(clock, faults));
  const notifier = makeNotifier({ calendars, subscriptions, faults, tenantId, outbound });
  const graph = {
    ...{ calendars, faults, base: `${origin}/v1.0`, tenantId, tenantName: OFFICE_NAME, clientId, newGuid },
    ...{ subscriptions, notifier, outbound },
  };
  /** Graph, below `/v1.0`. */
  const app = new Hono().route('/v1.0', makeGraphApp(graph, options.checkToken));
  const close = () => {
    notifier.stop();
    timers.stopAll();
    db.close();
  };
  return { app, calendars, faults, changes, subscriptions, notifier, settings, db, tenantId, clientId, close };
}

const noWayOut: Outbound = () => Promise.reject(new Error('this tenant reaches nobody'));

function habitOf(faults: FaultApi, room: string): RoomHabit {
  const kinds = ['answer-delay', 'needs-approval', 'never-answers'] as const;
  const fault = faults.strike(kinds, { method: 'POST', mailboxes: [room] });
  switch (fault?.kind) {
    case 'answer-delay':
      return { kind: 'later', after: milliseconds(fault.ms) };
    case 'needs-approval':
      return { kind: 'needs-approval' };
    case 'never-answers':
      return { kind: 'never' };
    case undefined:
      return { kind: 'at-once' };
  }
}
