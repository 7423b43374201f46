/** Looks at one room's mailbox the way a panel will: may it be read, may it be written, and what do its events look like. */
import * as v from 'valibot';
import { GraphTime } from '../../calendar/graph/graph-time.ts';
import { mailboxPath } from '../../calendar/graph/list.ts';
import { isSameText } from '../../calendar/graph/words.ts';
import type { RoomAddress } from '../../contract/values/ids.ts';
import { type Span, toIso } from '../../contract/values/time.ts';
import type { ReadProblem } from '../../contract/values/trust.ts';
import { ask, askAll, type Failed, type Graph } from './tenant-graph.ts';

/** All that is kept of an event: no subject and no name, so that none can leak from here. */
export type SeenEvent = {
  span: Span;
  /** A date, not a time: in whose zone is not told. */
  isAllDay: boolean;
  /** How the subject compares with the organiser's name; `none`: one of the two is empty. */
  subject: 'organizer' | 'other' | 'none';
  /** Written by the room itself (a walk-up), so that its booking policy never saw it. */
  isRoomOrganizer: boolean;
  isPrivate: boolean;
  isCancelled: boolean;
  response: 'accepted' | 'declined' | 'other';
  isBusy: boolean;
};
export type MailboxLook = {
  events: { kind: 'seen'; events: SeenEvent[] } | Failed;
  /** Null: could not be found out. */
  canEdit: boolean | null;
};

const PAGE = 200;
/** 10,000 events in four weeks are a loop of pages, not a calendar. */
const MOST_PAGES = 50;
const POINTLESS: readonly ReadProblem[] = ['unreachable', 'captive-portal', 'throttled', 'sign-in-needed', 'no-token'];
const FIELDS = 'subject,organizer,sensitivity,isCancelled,isOrganizer,responseStatus,start,end,isAllDay,showAs,type';

const odd = <T>(schema: v.GenericSchema<unknown, T>) => v.fallback(v.nullish(schema, null), null);
const text = odd(v.string());
const Calendar = v.looseObject({ canEdit: odd(v.boolean()) });
const Event = v.object({
  subject: text,
  organizer: odd(v.object({ emailAddress: odd(v.object({ name: text })) })),
  sensitivity: text,
  isCancelled: odd(v.boolean()),
  isOrganizer: odd(v.boolean()),
  responseStatus: odd(v.object({ response: text })),
  start: GraphTime,
  end: GraphTime,
  isAllDay: odd(v.boolean()),
  showAs: text,
  type: text,
});

export async function lookAtMailbox(
  graph: Graph,
  room: RoomAddress,
  window: Span,
  signal?: AbortSignal,
): Promise<MailboxLook> {
  const path = `${mailboxPath(room)}/calendar?$select=canEdit,owner`;
  const calendar = await ask(graph, { name: 'calendar', method: 'GET', path, signal }, Calendar);
  // Neither will the second question be answered.
  if (calendar.kind === 'failed' && POINTLESS.includes(calendar.problem)) return { events: calendar, canEdit: null };
  return {
    events: await readEvents(graph, room, window, signal),
    canEdit: calendar.kind === 'read' ? calendar.value.canEdit : null,
  };
}

async function readEvents(graph: Graph, room: RoomAddress, window: Span, signal?: AbortSignal) {
  const query = `startDateTime=${toIso(window.start)}&endDateTime=${toIso(window.end)}&$select=${FIELDS}&$top=${PAGE}`;
  const path = `${mailboxPath(room)}/calendarView?${query}`;
  const read = await askAll(graph, { name: 'calendar-view', path, signal }, MOST_PAGES);
  if (read.kind === 'failed') return read;
  return { kind: 'seen' as const, events: read.items.flatMap(toSeen) };
}

/** An event that does not parse tells nothing about the mailbox's settings. */
function toSeen(item: unknown): SeenEvent[] {
  const parsed = v.safeParse(Event, item);
  if (!parsed.success || parsed.output.type === 'seriesMaster') return [];
  const { subject, organizer, sensitivity, isCancelled, isOrganizer, start, end, isAllDay, showAs } = parsed.output;
  const response = parsed.output.responseStatus?.response;
  return [
    {
      span: { start: start.at, end: end.at },
      isAllDay: isAllDay === true,
      subject: compare(subject?.trim() ?? '', organizer?.emailAddress?.name?.trim() ?? ''),
      isRoomOrganizer: isOrganizer === true || response === 'organizer',
      isPrivate: sensitivity === 'private' || sensitivity === 'confidential' || sensitivity === 'personal',
      isCancelled: isCancelled === true,
      response: response === 'accepted' || response === 'declined' ? response : 'other',
      isBusy: showAs === 'busy' || showAs === 'oof',
    },
  ];
}

function compare(subject: string, organizer: string): SeenEvent['subject'] {
  if (subject === '' || organizer === '') return 'none';
  return isSameText(subject, organizer) ? 'organizer' : 'other';
}
