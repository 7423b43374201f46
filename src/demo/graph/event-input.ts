/** The body of POST and PATCH on events, parsed and laid over what is there. Throws GraphError 400. */
import * as v from 'valibot';
import { instant, toIso } from '../../contract/values/time.ts';
import { spanOf } from '../calendar/event-time.ts';
import {
  type Attendee,
  type Content,
  type EventTime,
  Importance,
  type Person,
  Sensitivity,
  ShowAs,
} from '../calendar/model.ts';
import { Recurrence } from '../calendar/recurrence.ts';
import { addDays, keptWall, resolveZone, wallToInstant } from '../calendar/zones.ts';
import { badRequest } from './errors.ts';

const EmailAddress = v.looseObject({ address: v.pipe(v.string(), v.nonEmpty()), name: v.nullish(v.string()) });
const DateTimeTimeZone = v.looseObject({ dateTime: v.string(), timeZone: v.nullish(v.string()) });
type DateTimeTimeZone = v.InferOutput<typeof DateTimeTimeZone>;

const Input = v.looseObject({
  subject: v.nullish(v.string()),
  body: v.nullish(
    v.looseObject({
      contentType: v.nullish(v.picklist(['text', 'html', 'Text', 'HTML'])),
      content: v.nullish(v.string()),
    }),
  ),
  start: v.nullish(DateTimeTimeZone),
  end: v.nullish(DateTimeTimeZone),
  isAllDay: v.nullish(v.boolean()),
  showAs: v.nullish(ShowAs),
  sensitivity: v.nullish(Sensitivity),
  importance: v.nullish(Importance),
  categories: v.optional(v.array(v.string())),
  location: v.nullish(v.looseObject({ displayName: v.nullish(v.string()) })),
  locations: v.optional(v.array(v.looseObject({ displayName: v.nullish(v.string()) }))),
  attendees: v.optional(
    v.array(
      v.looseObject({
        emailAddress: EmailAddress,
        type: v.optional(v.picklist(['required', 'optional', 'resource']), 'required'),
      }),
    ),
  ),
  recurrence: v.nullish(Recurrence),
  responseRequested: v.nullish(v.boolean()),
  isReminderOn: v.nullish(v.boolean()),
  reminderMinutesBeforeStart: v.nullish(v.number()),
  isOnlineMeeting: v.nullish(v.boolean()),
  transactionId: v.nullish(v.string()),
});
export type EventInput = v.InferOutput<typeof Input>;

/** Writable ones, and those Graph accepts and ignores. */
const PROPERTIES = new Set([
  ...Object.keys(Input.entries),
  ...['id', 'changeKey', 'createdDateTime', 'lastModifiedDateTime', 'allowNewTimeProposals', 'bodyPreview', 'isDraft'],
  ...['hasAttachments', 'hideAttendees', 'iCalUId', 'isCancelled', 'isOrganizer', 'onlineMeeting', 'organizer', 'type'],
  ...['onlineMeetingProvider', 'onlineMeetingUrl', 'originalEndTimeZone', 'originalStart', 'originalStartTimeZone'],
  ...['responseStatus', 'seriesMasterId', 'webLink', 'singleValueExtendedProperties', 'multiValueExtendedProperties'],
]);

/** Throws 400 for text that is not JSON, an unknown property, or a value of the wrong kind. */
export function parseEventInput(text: string): EventInput {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown())), text);
  if (!parsed.success)
    throw badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
      'BadRequest',
    );
  const unknown = Object.keys(parsed.output).find(name => !name.includes('@odata.') && !PROPERTIES.has(name));
  if (unknown !== undefined) {
    throw badRequest(
      `The property '${unknown}' does not exist on type 'Microsoft.OutlookServices.Event'. Make sure to only use property names that are defined by the type.`,
      'RequestBodyRead',
    );
  }
  const input = v.safeParse(Input, parsed.output);
  if (!input.success) {
    const where = input.issues.map(issue => v.getDotPath(issue)).join(', ');
    throw badRequest(`Cannot convert the value of ${where} to the expected type.`, 'RequestBodyRead');
  }
  return input.output;
}

/** A new event of `owner`, from a POST. */
export function newContent(input: EventInput, owner: Person): Content {
  if (!input.start || !input.end)
    throw badRequest(
      `Required property '${input.start ? 'End' : 'Start'}' is missing.`,
      'ErrorRequiredPropertyMissing',
    );
  const base: Content = {
    time: timeOf(input.start, input.end, input.isAllDay ?? false),
    recurrence: null,
    subject: '',
    bodyHtml: '',
    showAs: 'busy',
    sensitivity: 'normal',
    importance: 'normal',
    categories: [],
    locationName: '',
    isCancelled: false,
    isOrganizer: true,
    organizer: owner,
    attendees: [],
    response: { kind: 'organizer', at: null },
    responseRequested: true,
    isReminderOn: true,
    reminderMinutes: 15,
    isOnlineMeeting: false,
  };
  return changedContent(base, input);
}

/** What a PATCH makes of an event; what it does not name stays. */
export function changedContent(base: Content, input: EventInput): Content {
  const time = changedTime(base.time, input);
  const content: Content = {
    ...base,
    time,
    recurrence: input.recurrence === undefined ? base.recurrence : input.recurrence,
    subject: input.subject === undefined ? base.subject : (input.subject ?? ''),
    bodyHtml: input.body === undefined ? base.bodyHtml : (input.body?.content ?? ''),
    showAs: input.showAs ?? base.showAs,
    sensitivity: input.sensitivity ?? base.sensitivity,
    importance: input.importance ?? base.importance,
    categories: input.categories ?? base.categories,
    locationName: input.location?.displayName ?? input.locations?.[0]?.displayName ?? base.locationName,
    attendees: input.attendees === undefined ? base.attendees : attendeesOf(input.attendees, base.attendees),
    responseRequested: input.responseRequested ?? base.responseRequested,
    isReminderOn: input.isReminderOn ?? base.isReminderOn,
    reminderMinutes: input.reminderMinutesBeforeStart ?? base.reminderMinutes,
    isOnlineMeeting: input.isOnlineMeeting ?? base.isOnlineMeeting,
  };
  const { start, end } = spanOf(time, 'UTC');
  if (end < start)
    throw badRequest(
      'At least one property failed validation. The end time must not be before the start time.',
      'ErrorPropertyValidationFailure',
    );
  return content;
}

function changedTime(base: EventTime, input: EventInput): EventTime {
  if (!input.start && !input.end && (input.isAllDay ?? null) === null) return base;
  const isAllDay = input.isAllDay ?? base.kind === 'all-day';
  const [start, end] = asDateTimes(base);
  return timeOf(input.start ?? start, input.end ?? end, isAllDay);
}

function asDateTimes(time: EventTime): [DateTimeTimeZone, DateTimeTimeZone] {
  const at = (dateTime: string) => ({ dateTime, timeZone: time.zoneName });
  if (time.kind === 'timed') {
    const { start, end } = spanOf(time, time.zone);
    return [at(toIso(start)), at(toIso(end))];
  }
  return [at(`${time.startDate}T00:00:00`), at(`${time.endDate}T00:00:00`)];
}

/** Start and end may come in two zones; they are kept in the start's. */
function timeOf(start: DateTimeTimeZone, end: DateTimeTimeZone, isAllDay: boolean): EventTime {
  const zoneName = start.timeZone ?? 'UTC';
  const zone = zoneOf(zoneName);
  const from = wallOf(start, zone);
  const to = wallOf(end, zone);
  if (!isAllDay) return { kind: 'timed', start: from, end: to, zone, zoneName };
  if (!from.endsWith('T00:00:00') || !to.endsWith('T00:00:00')) {
    throw badRequest(
      'The Event.Start property for an all-day event needs to be set to midnight.',
      'ErrorPropertyValidationFailure',
    );
  }
  const startDate = from.slice(0, 10);
  const endDate = to.slice(0, 10);
  return { kind: 'all-day', startDate, endDate: endDate > startDate ? endDate : addDays(startDate, 1), zone, zoneName };
}

function wallOf({ dateTime, timeZone }: DateTimeTimeZone, zone: string): string {
  try {
    if (/(?:Z|[+-]\d\d:\d\d)$/.test(dateTime)) return keptWall(instant(Date.parse(dateTime)), zone);
    return keptWall(wallToInstant(dateTime, zoneOf(timeZone ?? 'UTC')), zone);
  } catch (error) {
    throw badRequest(
      `The value '${dateTime}' of parameter 'DateTime' is not a date and time.`,
      error instanceof RangeError ? 'ErrorInvalidParameter' : 'ErrorPropertyValidationFailure',
    );
  }
}

function zoneOf(name: string): string {
  const zone = resolveZone(name);
  if (zone === null)
    throw badRequest(
      `A valid TimeZone value must be specified. The following TimeZone value is not supported: ${name}.`,
      'TimeZoneNotSupportedException',
    );
  return zone;
}

function attendeesOf(wanted: NonNullable<EventInput['attendees']>, known: Attendee[]): Attendee[] {
  return wanted.map(({ emailAddress, type }) => {
    const address = emailAddress.address.toLowerCase();
    const before = known.find(attendee => attendee.person.address === address);
    const person = { address, name: emailAddress.name ?? before?.person.name ?? emailAddress.address };
    return { person, type, response: before?.response ?? { kind: 'none', at: null } };
  });
}
