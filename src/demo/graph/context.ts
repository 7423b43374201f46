/** What every Graph handler gets, and the steps they share. */
import type { Context, Hono } from 'hono';
import type { CalendarContext } from '../calendar/context.ts';
import type { CalendarItem } from '../calendar/model.ts';
import { findItem } from '../calendar/read.ts';
import type { FaultApi } from '../faults.ts';
import type { Notifier } from '../notifications/notifier.ts';
import type { Outbound } from '../notifications/outbound.ts';
import type { Mailbox } from '../store/mailboxes.ts';
import type { Subscriptions } from '../store/subscriptions.ts';
import { type Caller, mayWrite, mustReachCalendar } from './auth.ts';
import { accessDenied, notFound, unknownMailbox } from './errors.ts';
import type { Preferences } from './preferences.ts';
import { type Rendering, renderEvent } from './render-event.ts';

export type GraphContext = {
  calendars: CalendarContext;
  faults: FaultApi;
  /** `https://localhost:4301/v1.0`. */
  base: string;
  tenantId: string;
  tenantName: string;
  clientId: string;
  newGuid(): string;
  subscriptions: Subscriptions;
  notifier: Notifier;
  outbound: Outbound;
};

export type GraphEnv = { Variables: { caller: Caller; preferences: Preferences } };
export type GraphApp = Hono<GraphEnv>;
export type GraphRequest = Context<GraphEnv>;

/** The mailbox of `/me` or `/users/{user}`, by address or id. Throws 404. */
export function mailboxOf(c: GraphRequest, graph: GraphContext): Mailbox {
  const caller = c.get('caller');
  const key = c.req.param('user') ?? (caller.kind === 'delegated' ? caller.oid : '');
  const mailbox = graph.calendars.mailboxes.find(key);
  if (mailbox === null) throw unknownMailbox(key);
  return mailbox;
}

/** The same, if the caller may work with its calendar. Throws 403. */
export function calendarOf(c: GraphRequest, graph: GraphContext): Mailbox {
  const mailbox = mailboxOf(c, graph);
  mustReachCalendar(c.get('caller'), mailbox);
  return mailbox;
}

export const defaultCalendarId = ({ id }: Mailbox) => `AAMkAGCal${Buffer.from(id).toString('base64url')}`;

/** What the events of the calendar in the path are stored under: the mailbox's own where it names none. Throws 404. */
export function eventsKeyOf(c: GraphRequest, graph: GraphContext, mailbox: Mailbox): string {
  const id = c.req.param('calendar');
  if (id === undefined || id === defaultCalendarId(mailbox)) return mailbox.address;
  const extra = graph.calendars.calendars.find(mailbox.address, id);
  if (extra === null) throw notFound();
  return extra.key;
}

/** The same, if the caller may also change it. Throws 403. */
export function writableCalendarOf(c: GraphRequest, graph: GraphContext): Mailbox {
  const mailbox = calendarOf(c, graph);
  if (!mayWrite(c.get('caller'), mailbox)) throw accessDenied();
  return mailbox;
}

/** The event named in the path. Throws 404. */
export function itemOf(c: GraphRequest, graph: GraphContext, mailbox: Mailbox): CalendarItem {
  const item = findItem(graph.calendars, mailbox.address, c.req.param('event') ?? '');
  if (item === null) throw notFound();
  return item;
}

export function renderingFor(c: GraphRequest, graph: GraphContext, mailbox: Mailbox): Rendering {
  return {
    preferences: c.get('preferences'),
    office: graph.calendars.zone,
    isAllDayZoned: graph.faults.isActive('all-day-zoned', mailbox.address),
    unknownEnum: graph.faults.isActive('unknown-enum', mailbox.address),
  };
}

/** One event as an answer's whole body. */
export function eventAnswer(c: GraphRequest, graph: GraphContext, mailbox: Mailbox, item: CalendarItem) {
  const context = `${graph.base}/$metadata#users('${encodeURIComponent(mailbox.address)}')/events/$entity`;
  return { '@odata.context': context, ...renderEvent(item, renderingFor(c, graph, mailbox)) };
}

/** `/me` and `/users/{user}`: every calendar path exists below both. */
export const OWNERS = ['/me', '/users/:user'];
