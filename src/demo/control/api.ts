/**
 * The control API below `/control/api`: look into the tenant, switch faults on (faults.ts has their kinds), act as other
 * people (book, move and cancel their meetings in a room), change how a room's mailbox processes invitations, read what
 * organisers were told (`messages`), and send what Graph sends about a subscription's life.
 */
import { Hono } from 'hono';
import * as v from 'valibot';
import { type Instant, instant, toIso } from '../../contract/values/time.ts';
import type { CalendarContext } from '../calendar/context.ts';
import { spanOf } from '../calendar/event-time.ts';
import type { CalendarItem } from '../calendar/model.ts';
import { findItem, itemsIn } from '../calendar/read.ts';
import { addDays, dateIn, startOfDay } from '../calendar/zones.ts';
import type { RefreshTokens } from '../entra/adapter.ts';
import type { AppCertificates } from '../entra/keys.ts';
import { Fault, type FaultApi, shownTime } from '../faults.ts';
import { bookAsSomebody, MeetingInput } from '../office/book.ts';
import { cancelAsOrganizer, moveAsOrganizer, NewTime } from '../office/organise.ts';
import type { RequestLog } from '../request-log.ts';
import { ProcessingChange, type RoomMailbox } from '../store/mailboxes.ts';
import { loopbackOnly } from './guard.ts';
import { addSubscriptionControl, type SubscriptionControl } from './subscriptions.ts';

export type Consent = { delegated: string[]; application: string[] };
export type ControlOptions = {
  calendars: CalendarContext;
  faults: FaultApi;
  log: RequestLog;
  refreshTokens: RefreshTokens;
  certificates: AppCertificates;
  about: Record<string, string>;
  consent: { get(): Consent; set(consent: Consent): void };
} & SubscriptionControl;

/** At most a year either way: tokens and certificates are read by this clock, too. */
const YEAR = 366 * 86_400_000;
const ClockInput = v.object({ by: v.pipe(v.number(), v.safeInteger(), v.minValue(-YEAR), v.maxValue(YEAR)) });
const ConsentInput = v.object({ delegated: v.array(v.string()), application: v.array(v.string()) });

export function makeControlApi(options: ControlOptions): Hono {
  const { calendars, faults, log } = options;
  const api = new Hono();
  api.use('*', loopbackOnly);

  api.get('/state', c =>
    c.json({
      ...options.about,
      now: toIso(shownNow(options)),
      clockOffBy: faults.skew(),
      zone: calendars.zone,
      faults: faults.list(),
      consent: options.consent.get(),
      counters: log.counters(),
    }),
  );
  api.get('/faults', c => c.json(faults.list()));
  api.post('/faults', async c => {
    const fault = v.safeParse(Fault, await jsonOf(c.req));
    if (!fault.success) return c.json({ error: 'invalid', detail: v.summarize(fault.issues) }, 400);
    return c.json(faults.add(fault.output), 201);
  });
  api.delete('/faults/:id', c =>
    faults.remove(c.req.param('id')) ? c.body(null, 204) : c.json({ error: 'not-found' }, 404),
  );
  api.delete('/faults', c => {
    faults.clear();
    return c.body(null, 204);
  });

  /** Exactly these faults from now on; the clock stays as it was set. */
  api.put('/faults', async c => {
    const wanted = v.safeParse(v.array(Fault), await jsonOf(c.req));
    if (!wanted.success) return c.json({ error: 'invalid', detail: v.summarize(wanted.issues) }, 400);
    for (const fault of faults.list()) if (fault.kind !== 'clock-skew') faults.remove(fault.id);
    for (const fault of wanted.output) faults.add(fault);
    return c.json(faults.list());
  });
  /** The clock the tenant shows, moved from the true time by this many milliseconds; 0 is the true time again. */
  api.put('/clock', async c => {
    const input = v.safeParse(ClockInput, await jsonOf(c.req));
    if (!input.success) return c.json({ error: 'invalid', detail: v.summarize(input.issues) }, 400);
    for (const fault of faults.list()) if (fault.kind === 'clock-skew') faults.remove(fault.id);
    if (input.output.by !== 0) faults.add({ kind: 'clock-skew', ms: input.output.by });
    return c.json({ now: toIso(shownNow(options)) });
  });
  api.get('/people', c =>
    c.json(
      calendars.mailboxes
        .all()
        .filter(({ kind, address }) => kind === 'user' && address !== options.about.username)
        .map(({ address, name }) => ({ address, name })),
    ),
  );

  api.get('/rooms', c => {
    const today = dateIn(shownNow(options), calendars.zone);
    const window = { start: startOfDay(today, calendars.zone), end: startOfDay(addDays(today, 1), calendars.zone) };
    return c.json(
      calendars.mailboxes.rooms().map(room => ({
        ...describeRoom(room),
        meetings: itemsIn(calendars, room.address, window).map(item => describe(calendars, item)),
      })),
    );
  });
  api.get('/rooms/:address/events', c => {
    const room = roomOf(calendars, c.req.param('address'));
    if (room === null) return c.json({ error: 'not-found' }, 404);
    const now = calendars.clock.now();
    const window = {
      start: queryInstant(c.req.query('from')) ?? instant(now - 86_400_000),
      end: queryInstant(c.req.query('to')) ?? instant(now + 7 * 86_400_000),
    };
    return c.json(itemsIn(calendars, room.address, window).map(item => describe(calendars, item)));
  });
  api.post('/rooms/:address/meetings', async c => {
    const room = roomOf(calendars, c.req.param('address'));
    if (room === null) return c.json({ error: 'not-found' }, 404);
    const input = v.safeParse(MeetingInput, await jsonOf(c.req));
    if (!input.success) return c.json({ error: 'invalid', detail: v.summarize(input.issues) }, 400);
    const booked = bookAsSomebody(calendars, room, input.output);
    return c.json(booked, booked.answer === 'declined' ? 409 : 201);
  });
  /** The organiser cancels; an event the room itself organises is simply deleted. */
  api.delete('/rooms/:address/meetings/:id', c => {
    const room = roomOf(calendars, c.req.param('address'));
    const item = room && findItem(calendars, room.address, c.req.param('id'));
    if (!item) return c.json({ error: 'not-found' }, 404);
    cancelAsOrganizer(calendars, item, c.req.query('comment') ?? '');
    return c.body(null, 204);
  });
  /** The organiser moves it, and the room is asked again. */
  api.patch('/rooms/:address/meetings/:id', async c => {
    const room = roomOf(calendars, c.req.param('address'));
    const item = room && findItem(calendars, room.address, c.req.param('id'));
    if (!item) return c.json({ error: 'not-found' }, 404);
    const input = v.safeParse(NewTime, await jsonOf(c.req));
    if (!input.success) return c.json({ error: 'invalid', detail: v.summarize(input.issues) }, 400);
    const moved = moveAsOrganizer(calendars, item, input.output);
    return moved.kind === 'changed' ? c.body(null, 204) : c.json({ error: moved.why }, 409);
  });
  api.patch('/rooms/:address/processing', async c => {
    const input = v.safeParse(ProcessingChange, await jsonOf(c.req));
    if (!input.success) return c.json({ error: 'invalid', detail: v.summarize(input.issues) }, 400);
    calendars.mailboxes.changeProcessing(c.req.param('address').toLowerCase(), input.output);
    return c.body(null, 204);
  });

  addSubscriptionControl(api, options);
  api.get('/messages', c => c.json(calendars.messages.latest(100)));
  api.get('/log', c => c.json(log.latest(Number(c.req.query('count') ?? 100))));
  api.get('/counters', c => c.json(log.counters()));

  api.post('/refresh-tokens/revoke', c => c.json({ changed: options.refreshTokens.revokeAll() }));
  api.post('/refresh-tokens/expire', c => c.json({ changed: options.refreshTokens.expireAll() }));
  api.put('/consent', async c => {
    const input = v.safeParse(ConsentInput, await jsonOf(c.req));
    if (!input.success) return c.json({ error: 'invalid', detail: v.summarize(input.issues) }, 400);
    options.consent.set(input.output);
    return c.body(null, 204);
  });
  api.post('/app/certificates', async c => {
    try {
      options.certificates.add(await c.req.text());
      return c.body(null, 204);
    } catch {
      return c.json({ error: 'invalid', detail: 'not a PEM certificate' }, 400);
    }
  });
  return api;
}

/** What the tenant's Date headers say. */
const shownNow = ({ calendars, faults }: ControlOptions) => shownTime(calendars.clock, faults);

const jsonOf = (req: { json(): Promise<unknown> }) => req.json().catch(() => null);

function roomOf(calendars: CalendarContext, address: string): RoomMailbox | null {
  const mailbox = calendars.mailboxes.find(address);
  return mailbox?.kind === 'room' ? mailbox : null;
}

function queryInstant(text: string | undefined): Instant | null {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : instant(at);
}

const describeRoom = ({ address, name, place }: RoomMailbox) => ({ address, name, ...place });

function describe(calendars: CalendarContext, item: CalendarItem) {
  const { content } = item;
  const { start, end } = spanOf(content.time, calendars.zone);
  return {
    id: item.id,
    type: item.type,
    subject: content.subject,
    organizer: content.organizer?.name ?? null,
    start: toIso(start),
    end: toIso(end),
    isAllDay: content.time.kind === 'all-day',
    isCancelled: content.isCancelled,
    isOrganizer: content.isOrganizer,
    sensitivity: content.sensitivity,
    showAs: content.showAs,
    transactionId: item.stored.transactionId,
  };
}
