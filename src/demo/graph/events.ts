/** events: list, create, read, change, delete. */

import { asItem } from '../calendar/read.ts';
import { changeEvent, createEvent, removeEvent } from '../calendar/write.ts';
import type { Mailbox } from '../store/mailboxes.ts';
import { listAnswer } from './calendar-view.ts';
import {
  calendarOf,
  eventAnswer,
  eventsKeyOf,
  type GraphApp,
  type GraphContext,
  type GraphRequest,
  itemOf,
  OWNERS,
  writableCalendarOf,
} from './context.ts';
import { duplicate, GraphError, preconditionFailed } from './errors.ts';
import { changedContent, newContent, parseEventInput } from './event-input.ts';
import { selected } from './paging.ts';
import { EVENT_PROPERTIES, isOutdated } from './render-event.ts';

export function addEventRoutes(app: GraphApp, graph: GraphContext) {
  const { calendars } = graph;

  /** A known transaction gives the event it made; some mailboxes were seen to answer 409 instead. */
  function mustBeNew({ address }: Mailbox, transactionId: string | null) {
    if (transactionId === null || calendars.events.byTransaction(address, transactionId) === null) return;
    if (graph.faults.strike(['duplicate-refused'], { method: 'POST', mailboxes: [address] })) throw duplicate();
  }

  for (const owner of OWNERS) {
    for (const calendar of ['', '/calendar', '/calendars/:calendar']) {
      app.get(`${owner}${calendar}/events`, c => {
        const mailbox = calendarOf(c, graph);
        const items = calendars.events.ofMailbox(eventsKeyOf(c, graph, mailbox)).map(asItem);
        return c.json(listAnswer(c, graph, mailbox, items, 'events'));
      });
    }
    for (const events of [`${owner}/events`, `${owner}/calendar/events`]) {
      app.post(events, async c => {
        const mailbox = writableCalendarOf(c, graph);
        const input = parseEventInput(await c.req.text());
        const content = newContent(input, { name: mailbox.name, address: mailbox.address });
        const { transactionId = null } = input;
        mustBeNew(mailbox, transactionId);
        const item = createEvent(calendars, mailbox, content, transactionId);
        return c.json(eventAnswer(c, graph, mailbox, item), 201);
      });

      app.get(`${events}/:event`, c => {
        const mailbox = calendarOf(c, graph);
        const answer = eventAnswer(c, graph, mailbox, itemOf(c, graph, mailbox));
        return c.json(selected(new URL(c.req.url), answer, EVENT_PROPERTIES));
      });

      app.patch(`${events}/:event`, async c => {
        const mailbox = writableCalendarOf(c, graph);
        const input = parseEventInput(await c.req.text());
        const item = itemOf(c, graph, mailbox);
        mustBeCurrent(c, item);
        if (input.transactionId !== undefined && input.transactionId !== item.stored.transactionId) {
          throw new GraphError(400, 'ErrorInvalidPropertySet', 'The property transactionId cannot be changed.');
        }
        const outcome = changeEvent(calendars, item, changedContent(item.content, input));
        if (outcome.kind === 'refused') {
          throw new GraphError(
            400,
            'ErrorOccurrenceCrossingBoundary',
            'Modified occurrence is crossing or overlapping adjacent occurrence.',
          );
        }
        return c.json(eventAnswer(c, graph, mailbox, outcome.item));
      });

      app.delete(`${events}/:event`, c => {
        const mailbox = writableCalendarOf(c, graph);
        const item = itemOf(c, graph, mailbox);
        mustBeCurrent(c, item);
        removeEvent(calendars, item);
        return c.body(null, 204);
      });
    }
  }
}

function mustBeCurrent(c: GraphRequest, item: Parameters<typeof isOutdated>[1]) {
  if (isOutdated(c.req.header('if-match'), item)) throw preconditionFailed();
}
