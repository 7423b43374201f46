import * as v from 'valibot';
import { EventId, type RoomAddress } from '../../contract/values/ids.ts';
import type { Meeting, Title, When } from '../../contract/values/meeting.ts';
import type { Privacy } from '../../contract/values/policy.ts';
import { masked } from '../../contract/values/privacy.ts';
import { type Instant, instant, latest, type Span, type ZoneName } from '../../contract/values/time.ts';
import { BareEvent, GraphEvent, Harmless, SeriesMaster } from './event-schema.ts';
import { makeRoomDays, type RoomDays } from './graph-time.ts';
import { clean, isSameText } from './words.ts';

export type MeetingRules = {
  zone: ZoneName;
  privacy: Privacy;
  /** Who invites this room for our panels; null when nobody does. */
  inviter: RoomAddress | null;
};
/** A meeting and the stretch of time it takes; all-day ones from midnight to midnight in the room's zone. */
export type Placed = { meeting: Meeting; span: Span };
/** `unreadable`: an event that may occupy the room has no readable times, so that no list would be the truth. */
export type Mapped = { kind: 'mapped'; placed: Placed[] } | { kind: 'unreadable' };

/**
 * Graph's events as meetings, privacy applied; never throws, whatever the events are. Series masters are left out. An
 * event that does not parse is shown as busy without a title as long as its times can be read.
 */
export function toMeetings(events: readonly unknown[], rules: MeetingRules): Mapped {
  const days = makeRoomDays(rules.zone);
  const placed: Placed[] = [];
  for (const event of events) {
    if (v.is(SeriesMaster, event)) continue;
    const one = place(event, rules, days);
    if (one !== null) placed.push(one);
    else if (!v.is(Harmless, event)) return { kind: 'unreadable' };
  }
  return { kind: 'mapped', placed };
}

function place(event: unknown, rules: MeetingRules, days: RoomDays): Placed | null {
  const whole = v.safeParse(GraphEvent, event, { abortEarly: true });
  if (whole.success) return placeEvent(whole.output, rules, days);
  const bare = v.safeParse(BareEvent, event, { abortEarly: true });
  return bare.success ? placeBare(bare.output, days) : null;
}

function placeEvent(event: GraphEvent, rules: MeetingRules, days: RoomDays): Placed | null {
  const times = timesOf(event, days);
  if (times === null) return null;
  const isPrivate = isMasked(event.sensitivity, rules);
  const organizer = isPrivate ? null : clean(event.organizer?.emailAddress?.name);
  const meeting: Meeting = {
    id: event.id,
    version: event['@odata.etag'] ?? (event.changeKey === null ? '' : `W/"${event.changeKey}"`),
    when: times.when,
    title: isPrivate ? { kind: 'private' } : titleOf(event.subject, organizer),
    organizer,
    occupies: occupies(event),
    isRoomOrganizer: event.isOrganizer === true,
    bookingKey: event.transactionId,
    isInvitedByUs: isInvitedByUs(event, rules),
    series: event.seriesMasterId,
    uid: event.iCalUId,
    createdAt: instantOf(event.createdDateTime),
  };
  // Last, because a subject that only repeats the organiser's name is told by that name.
  return { meeting: masked(meeting, rules.privacy), span: times.span };
}

/** Busy, because nothing says that it is not, and nameless, because nothing says that it is not private. */
function placeBare(event: BareEvent, days: RoomDays): Placed | null {
  const times = timesOf(event, days);
  if (times === null) return null;
  const { when, span } = times;
  const meeting: Meeting = {
    // Cannot be changed under such an id, and nobody should.
    id: event.id ?? v.parse(EventId, `unreadable:${span.start}-${span.end}`),
    version: '',
    when,
    title: { kind: 'none' },
    organizer: null,
    occupies: 'busy',
    isRoomOrganizer: false,
    bookingKey: null,
    isInvitedByUs: false,
    series: null,
    uid: null,
    createdAt: null,
  };
  return { meeting, span };
}

/** Null when one of the two is no time. */
function timesOf(event: BareEvent | GraphEvent, days: RoomDays): { when: When; span: Span } | null {
  const start = days.read(event.start);
  const end = days.read(event.end);
  if (start === null || end === null) return null;
  if (event.isAllDay === true) {
    const { startDate, endDate } = days.of(start, end);
    const when: When = { kind: 'all-day', startDate, endDate };
    return { when, span: { start: days.startOf(startDate), end: days.startOf(endDate) } };
  }
  const span: Span = { start: start.at, end: latest(start.at, end.at) };
  const when: When = { kind: 'timed', ...span };
  return { when, span };
}

/** In the inviter's own calendar nothing is: there it organises everything. */
function isInvitedByUs({ isOrganizer, organizer, seriesMasterId }: GraphEvent, { inviter }: MeetingRules): boolean {
  const address = organizer?.emailAddress?.address?.trim().toLowerCase();
  // Panels book no series.
  return isOrganizer !== true && seriesMasterId === null && inviter !== null && address === inviter;
}

/** A sensitivity we do not know is treated as private: better a title too few than one too many. */
function isMasked(sensitivity: string | null, rules: MeetingRules): boolean {
  const known = (sensitivity ?? 'normal').trim().toLowerCase();
  if (known === 'personal') return rules.privacy.isPersonalPrivate;
  return known !== 'normal' && known !== '';
}

/** Room mailboxes put the organiser's name in the subject's place, sometimes with a space behind it. */
function titleOf(subject: string | null, organizer: string | null): Title {
  const text = clean(subject);
  if (text === null || (organizer !== null && isSameText(text, organizer))) return { kind: 'none' };
  return { kind: 'public', text };
}

/** Whatever is not plainly out of the way occupies: an unknown word, a missing one, `oof`, `workingElsewhere`. */
function occupies(event: GraphEvent): Meeting['occupies'] {
  if (event.isCancelled === true || event.responseStatus?.response === 'declined' || event.showAs === 'free') {
    return 'none';
  }
  return event.showAs === 'tentative' ? 'tentative' : 'busy';
}

/** Null also for 0001-01-01, which stands for never. */
export function instantOf(text: string | null): Instant | null {
  const at =
    text === null || !/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Number.NaN : Date.parse(text);
  return Number.isSafeInteger(at) && at > 0 ? instant(at) : null;
}
