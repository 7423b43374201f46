/** getSchedule: free and busy of up to twenty mailboxes. A mailbox that cannot be read is an error inside the 200. */
import * as v from 'valibot';
import { type Instant, minutes, overlaps, plus, type Span } from '../../contract/values/time.ts';
import { spanOf } from '../calendar/event-time.ts';
import type { CalendarItem, ShowAs } from '../calendar/model.ts';
import { itemsIn } from '../calendar/read.ts';
import { resolveZone, wallToInstant, windowsName } from '../calendar/zones.ts';
import { seesDetails } from './auth.ts';
import { calendarOf, type GraphApp, type GraphContext, type GraphRequest, OWNERS } from './context.ts';
import { badRequest, GraphError } from './errors.ts';
import { dateTimeTimeZone, isPrivate } from './render-event.ts';

const At = v.object({ dateTime: v.string(), timeZone: v.nullish(v.string(), 'UTC') });
const Body = v.pipe(
  v.string(),
  v.parseJson(),
  v.record(v.string(), v.unknown()),
  v.transform(raw => Object.fromEntries(Object.entries(raw).map(([name, value]) => [name.toLowerCase(), value]))),
  v.object({
    schedules: v.pipe(v.array(v.string()), v.minLength(1)),
    starttime: At,
    endtime: At,
    availabilityviewinterval: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(1440)), 30),
  }),
);

export function addScheduleRoutes(app: GraphApp, graph: GraphContext) {
  for (const owner of OWNERS) {
    app.post(`${owner}/calendar/getSchedule`, async c => {
      calendarOf(c, graph);
      const body = v.safeParse(Body, await c.req.text());
      if (!body.success) throw badRequest('Unable to read the parameters of getSchedule.', 'BadRequest');
      const { schedules, starttime, endtime, availabilityviewinterval } = body.output;
      if (schedules.length > 20)
        throw badRequest('Too many schedules: at most 20 can be asked at once.', 'ErrorTooManySchedules');
      const window = { start: instantOf(starttime), end: instantOf(endtime) };
      if (window.end <= window.start)
        throw badRequest('The end time must be after the start time.', 'ErrorInvalidTimeInterval');
      if (window.end - window.start > 62 * 86_400_000)
        throw new GraphError(
          400,
          '5006',
          'The requested time duration specified for FreeBusyViewOptions.TimeWindow is too long. The allowed limit = 62 days.',
        );
      const value = schedules.map(schedule => scheduleOf(c, graph, schedule, window, availabilityviewinterval));
      return c.json({
        '@odata.context': `${graph.base}/$metadata#Collection(microsoft.graph.scheduleInformation)`,
        value,
      });
    });
  }
}

function instantOf({ dateTime, timeZone }: v.InferOutput<typeof At>): Instant {
  const zone = resolveZone(timeZone);
  if (zone === null)
    throw badRequest(
      `A valid TimeZone value must be specified. The following TimeZone value is not supported: ${timeZone}.`,
      'TimeZoneNotSupportedException',
    );
  try {
    return wallToInstant(dateTime.replace(/Z$/, ''), zone);
  } catch {
    throw badRequest(`The value '${dateTime}' is not a date and time.`, 'ErrorInvalidParameter');
  }
}

function scheduleOf(c: GraphRequest, graph: GraphContext, schedule: string, window: Span, interval: number) {
  const mailbox = graph.calendars.mailboxes.find(schedule);
  if (mailbox === null) {
    const message = 'Unable to resolve e-mail address to an Active Directory object.';
    return {
      scheduleId: schedule,
      availabilityView: '',
      scheduleItems: [],
      error: { message, responseCode: 'ErrorMailRecipientNotFound' },
    };
  }
  const caller = c.get('caller');
  const isDetailed = seesDetails(caller, mailbox);
  // Exchange RBAC for Applications gives an app nothing of a mailbox outside its scope, not even free and busy.
  if (caller.kind === 'app' && !isDetailed) {
    const error = { message: 'Access is denied.', responseCode: 'ErrorAccessDenied' };
    return { scheduleId: schedule, availabilityView: '', scheduleItems: [], error };
  }
  const items = itemsIn(graph.calendars, mailbox.address, window).filter(item => !item.content.isCancelled);
  const preferences = c.get('preferences');
  return {
    scheduleId: schedule,
    availabilityView: availability(graph, items, window, interval),
    scheduleItems: items.map(({ content }) => {
      const { start, end } = spanOf(content.time, graph.calendars.zone);
      return {
        ...(isDetailed ? { isPrivate: isPrivate(content) } : {}),
        status: content.showAs,
        ...(!isDetailed || isPrivate(content) ? {} : { subject: content.subject, location: content.locationName }),
        start: dateTimeTimeZone(start, preferences),
        end: dateTimeTimeZone(end, preferences),
      };
    }),
    workingHours: {
      daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
      startTime: '08:00:00.0000000',
      endTime: '17:00:00.0000000',
      timeZone: { name: windowsName(graph.calendars.zone) },
    },
  };
}

const DIGIT: Record<ShowAs, number> = { free: 0, tentative: 1, busy: 2, oof: 3, workingElsewhere: 4, unknown: 2 };
/** Which status wins where two meet. */
const WEIGHT = [0, 2, 3, 4, 1];

function availability(graph: GraphContext, items: CalendarItem[], window: Span, interval: number): string {
  const taken = items.map(({ content }) => ({
    span: spanOf(content.time, graph.calendars.zone),
    digit: DIGIT[content.showAs],
  }));
  let view = '';
  for (let start = window.start; start < window.end; start = plus(start, minutes(interval))) {
    const slot = { start, end: plus(start, minutes(interval)) };
    const digits = taken.filter(({ span }) => overlaps(span, slot)).map(({ digit }) => digit);
    view += digits.reduce((a, b) => ((WEIGHT[b] ?? 0) > (WEIGHT[a] ?? 0) ? b : a), 0);
  }
  return view;
}
