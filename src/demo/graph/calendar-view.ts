/** calendarView and instances: recurrences expanded. */
import { type Instant, instant, type Span } from '../../contract/values/time.ts';
import type { CalendarItem } from '../calendar/model.ts';
import { instancesOf, itemsIn } from '../calendar/read.ts';
import { wallToInstant } from '../calendar/zones.ts';
import type { Mailbox } from '../store/mailboxes.ts';
import {
  calendarOf,
  eventsKeyOf,
  type GraphApp,
  type GraphContext,
  type GraphRequest,
  itemOf,
  OWNERS,
  renderingFor,
} from './context.ts';
import { badRequest, invalidParameter } from './errors.ts';
import { pageOf, selected } from './paging.ts';
import { EVENT_PROPERTIES, renderEvent, uidOf } from './render-event.ts';

/** Graph's own default. */
const PAGE = 10;

export function addCalendarViewRoutes(app: GraphApp, graph: GraphContext) {
  for (const owner of OWNERS) {
    for (const calendar of ['', '/calendar', '/calendars/:calendar']) {
      app.get(`${owner}${calendar}/calendarView`, c => {
        const mailbox = calendarOf(c, graph);
        const items = itemsIn(graph.calendars, eventsKeyOf(c, graph, mailbox), windowOf(c));
        return c.json(listAnswer(c, graph, mailbox, items, 'calendarView'));
      });
    }
    for (const path of [`${owner}/events/:event/instances`, `${owner}/calendar/events/:event/instances`]) {
      app.get(path, c => {
        const mailbox = calendarOf(c, graph);
        const item = itemOf(c, graph, mailbox);
        if (item.type !== 'seriesMaster')
          throw badRequest("Your request can't be completed. The event is not a series master.");
        return c.json(listAnswer(c, graph, mailbox, instancesOf(graph.calendars, item.stored, windowOf(c)), 'events'));
      });
    }
  }
}

/** A page of events, cut to $select. */
export function listAnswer(c: GraphRequest, graph: GraphContext, mailbox: Mailbox, items: CalendarItem[], set: string) {
  const url = new URL(c.req.url);
  const filter = set === 'events' ? filterOf(url) : noFilter(url);
  const order = url.searchParams.get('$orderby');
  const isBackwards = /^start(\/dateTime)?\s+desc$/i.test(order ?? '');
  const ordered = (isBackwards ? items.toReversed() : items).filter(filter);
  const rendering = renderingFor(c, graph, mailbox);
  const rendered = ordered.map(item => selected(url, renderEvent(item, rendering), EVENT_PROPERTIES));
  const context = `${graph.base}/$metadata#users('${encodeURIComponent(mailbox.address)}')/${set}`;
  return pageOf(absolute(c, graph), rendered, c.get('preferences').maxPageSize ?? PAGE, context);
}

/** Of all that Graph can filter events by, the one thing that finds the copies of a meeting. Throws 400 for others. */
function filterOf(url: URL): (item: CalendarItem) => boolean {
  const text = url.searchParams.get('$filter');
  if (text === null) return () => true;
  const uid = /^\s*iCalUId\s+eq\s+'((?:[^']|'')*)'\s*$/.exec(text)?.[1]?.replaceAll("''", "'");
  if (uid === undefined) throw notImplemented();
  return item => uidOf(item) === uid;
}

function noFilter(url: URL) {
  if (url.searchParams.has('$filter')) throw notImplemented();
  return () => true;
}

const notImplemented = () =>
  badRequest('The demo tenant filters events by iCalUId alone, and only below /events.', 'NotImplemented');

/** The request's address as the client must call it again: under the tenant's own name. */
export function absolute(c: GraphRequest, graph: GraphContext): URL {
  const { pathname, search } = new URL(c.req.url);
  return new URL(pathname + search, graph.base);
}

/** Both ends are required; an offset in them is obeyed, without one they are UTC whatever Prefer says. */
function windowOf(c: GraphRequest): Span {
  const start = instantIn(c, 'startDateTime');
  const end = instantIn(c, 'endDateTime');
  if (end < start) throw invalidParameter("The value of parameter 'endDateTime' must be after 'startDateTime'.");
  if (end - start > 1825 * 86_400_000)
    throw badRequest(
      'The requested time duration specified for expanding recurrences is too long. The allowed duration is 1825 days.',
      'ErrorCalendarViewRangeTooBig',
    );
  return { start, end };
}

function instantIn(c: GraphRequest, name: string): Instant {
  const text = c.req.query(name);
  if (text === undefined) {
    throw badRequest(
      'This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.',
    );
  }
  try {
    // A plus sign that was not escaped arrives as a blank.
    const mended = text.trim().replace(' ', '+');
    if (/(?:Z|[+-]\d\d:\d\d)$/i.test(mended)) return instant(Date.parse(mended));
    return wallToInstant(mended, 'UTC');
  } catch {
    throw invalidParameter(`The value '${text}' of parameter '${name}' is invalid.`);
  }
}
