/** A calendar item in Graph's words. */
import { type Instant, toIso } from '../../contract/values/time.ts';
import { spanOf } from '../calendar/event-time.ts';
import type { CalendarItem, Content, EventTime, Person, Response } from '../calendar/model.ts';
import { instantToWall, wallToInstant } from '../calendar/zones.ts';
import type { Preferences } from './preferences.ts';

/** `office` is the mailbox's zone; `isAllDayZoned` shifts all-day events into the asked zone instead of floating them. */
export type Rendering = { preferences: Preferences; office: string; isAllDayZoned: boolean; unknownEnum: boolean };

/** Every property the tenant gives; $select may ask for these and for navigation properties it never fills. */
export const EVENT_PROPERTIES = [
  'id', 'categories', 'changeKey', 'createdDateTime', 'lastModifiedDateTime', 'allowNewTimeProposals', 'attendees',
  'body', 'bodyPreview', 'cancelledOccurrences', 'end', 'exceptionOccurrences', 'hasAttachments', 'hideAttendees',
  'iCalUId', 'importance', 'isAllDay', 'isCancelled', 'isDraft', 'isOnlineMeeting', 'isOrganizer', 'isReminderOn',
  'location', 'locations', 'occurrenceId', 'onlineMeeting', 'onlineMeetingProvider', 'onlineMeetingUrl', 'organizer',
  'originalEndTimeZone', 'originalStart', 'originalStartTimeZone', 'recurrence', 'reminderMinutesBeforeStart',
  'responseRequested', 'responseStatus', 'sensitivity', 'seriesMasterId', 'showAs', 'start', 'subject',
  'transactionId', 'type', 'webLink', 'attachments', 'calendar', 'extensions', 'instances',
  'multiValueExtendedProperties', 'singleValueExtendedProperties',
]; // biome-ignore format: a list of names

/** Moves with every change; an occurrence has its series' until it becomes an exception. */
export function changeKeyOf(item: CalendarItem): string {
  const { id, revision, modifiedAt } = item.stored;
  return Buffer.from(`${id.slice(6, 22)}:${revision}:${modifiedAt}`).toString('base64');
}

/** The same on every copy of a meeting, another for each occurrence of a series. */
export const uidOf = ({ stored, originalDate }: CalendarItem) => stored.uid + (originalDate ?? '').replaceAll('-', '');

export const etagOf = (item: CalendarItem) => `W/"${changeKeyOf(item)}"`;

export function renderEvent(item: CalendarItem, rendering: Rendering): Record<string, unknown> {
  const { content, stored } = item;
  const { preferences } = rendering;
  const place = location(content.locationName);
  return {
    '@odata.etag': etagOf(item),
    id: item.id,
    createdDateTime: precise(stored.createdAt),
    lastModifiedDateTime: precise(stored.modifiedAt),
    changeKey: changeKeyOf(item),
    categories: content.categories,
    transactionId: item.masterId === null ? stored.transactionId : null,
    originalStartTimeZone: content.time.zoneName,
    originalEndTimeZone: content.time.zoneName,
    iCalUId: uidOf(item),
    reminderMinutesBeforeStart: content.reminderMinutes,
    isReminderOn: content.isReminderOn,
    hasAttachments: false,
    subject: content.subject,
    bodyPreview: textOf(content.bodyHtml).slice(0, 255),
    importance: content.importance,
    sensitivity: rendering.unknownEnum ? 'unheardOf' : content.sensitivity,
    isAllDay: content.time.kind === 'all-day',
    isCancelled: content.isCancelled,
    isOrganizer: content.isOrganizer,
    responseRequested: content.responseRequested,
    seriesMasterId: item.masterId,
    showAs: rendering.unknownEnum ? 'unheardOf' : content.showAs,
    type: item.type,
    webLink: `https://outlook.office365.com/owa/?itemid=${encodeURIComponent(item.id)}&exvsurl=1&path=/calendar/item`,
    onlineMeetingUrl: null,
    isOnlineMeeting: content.isOnlineMeeting,
    onlineMeetingProvider: content.isOnlineMeeting ? 'teamsForBusiness' : 'unknown',
    allowNewTimeProposals: true,
    isDraft: false,
    hideAttendees: false,
    ...(item.originalDate === null ? {} : originalStart(item)),
    recurrence: content.recurrence,
    onlineMeeting: null,
    responseStatus: response(content.response),
    body:
      preferences.bodyType === 'html'
        ? { contentType: 'html', content: content.bodyHtml }
        : { contentType: 'text', content: textOf(content.bodyHtml) },
    ...times(content.time, rendering),
    location: place,
    locations: content.locationName === '' ? [] : [place],
    attendees: content.attendees.map(attendee => ({
      type: attendee.type,
      status: response(attendee.response),
      emailAddress: address(attendee.person),
    })),
    organizer: content.organizer === null ? null : { emailAddress: address(content.organizer) },
  };
}

function times(time: EventTime, { preferences, office, isAllDayZoned }: Rendering) {
  if (time.kind === 'all-day' && !isAllDayZoned) {
    const at = (date: string) => ({ dateTime: `${date}T00:00:00.0000000`, timeZone: preferences.zoneName });
    return { start: at(time.startDate), end: at(time.endDate) };
  }
  const { start, end } = spanOf(time, office);
  return { start: dateTimeTimeZone(start, preferences), end: dateTimeTimeZone(end, preferences) };
}

/** Seven fractional digits, no offset. */
export function dateTimeTimeZone(at: Instant, { zone, zoneName }: Pick<Preferences, 'zone' | 'zoneName'>) {
  return { dateTime: `${instantToWall(at, zone)}.0000000`, timeZone: zoneName };
}

function originalStart({ originalDate, stored, content }: CalendarItem) {
  const { time } = stored.content;
  const clock = time.kind === 'all-day' ? '00:00:00' : time.start.slice(11);
  return { originalStart: toIso(wallToInstant(`${originalDate}T${clock}`, content.time.zone)).replace('.000Z', 'Z') };
}

const precise = (at: Instant) => toIso(at).replace('Z', '0000Z');
const address = (person: Person) => ({ name: person.name, address: person.address });
const response = ({ kind, at }: Response) => ({
  response: kind,
  time: at === null ? '0001-01-01T00:00:00Z' : toIso(at).replace(/\.\d+Z$/, 'Z'),
});

function location(name: string) {
  if (name === '')
    return { displayName: '', locationType: 'default', uniqueIdType: 'unknown', address: {}, coordinates: {} };
  return { displayName: name, locationType: 'default', uniqueId: name, uniqueIdType: 'private' };
}

const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, '').trim();

/** True when If-Match names another version than this; `*` matches every one. */
export function isOutdated(ifMatch: string | undefined, item: CalendarItem): boolean {
  if (ifMatch === undefined || ifMatch.trim() === '*') return false;
  return !ifMatch.split(',').some(tag => tag.trim().replace(/^W\//, '') === `"${changeKeyOf(item)}"`);
}

/** Whether somebody who may not see the content should be told only that the time is taken. */
export const isPrivate = (content: Content) =>
  content.sensitivity === 'private' || content.sensitivity === 'confidential';
