/** How the panel reaches calendars: by itself or through central, its own room's and others'. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Meeting } from '../../src/contract/values/meeting.ts';
import { OfferedRoom } from '../../src/contract/values/room.ts';
import { hours, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { bookingKey, config, meeting } from '../support/samples.ts';
import { effectsWorld, LINK, NOON, type Respond } from './effects-world.ts';

const window = { start: NOON, end: plus(NOON, hours(12)) };
const RELAYED = { ...config({}, 2), access: { kind: 'relay', canInvite: false } as const };
const TALK = meeting('a', NOON, plus(NOON, hours(1)));
const CALENDAR = 'https://central.example/panel/v1/calendar';
const offered = (id: string) =>
  v.parse(OfferedRoom, { ...config().room, id, address: `${id}@lintel.example`, name: id, equipment: ['tv'] });
const problem = (status: number, code: string, headers = {}) =>
  Response.json({ error: { code, message: '' } }, { status, headers });
const last = <T>(list: T[]) => list[list.length - 1];

/** Central relays, and holds one meeting; `rooms` are on offer, one of them free. */
function central(): { respond: Respond; state: { isAway: boolean; booked: unknown[] } } {
  const state = { isAway: false, booked: [] as unknown[] };
  const respond: Respond = (url, body) => {
    if (!url.startsWith('https://central.example/')) return null;
    if (state.isAway) return problem(503, 'down');
    if (url.endsWith('/rooms')) return Response.json({ equipment: ['tv'], rooms: [offered('fern'), offered('fjell')] });
    const { pathname } = new URL(url);
    const json: { room?: string; isShareable?: boolean } = body === '' ? {} : JSON.parse(body);
    switch (pathname) {
      case '/panel/v1/calendar/list':
        return Response.json({
          kind: 'listed',
          meetings: json.room === 'room-1' ? [TALK] : state.booked,
          serverTime: null,
          age: json.isShareable ? seconds(7) : 0,
        });
      case '/panel/v1/calendar/schedule':
        return Response.json({
          kind: 'scheduled',
          rooms: [
            { room: 'fern@lintel.example', busy: [] },
            { room: 'fjell@lintel.example', busy: null },
          ],
        });
      case '/panel/v1/calendar/book': {
        const { key, span } = v.parse(v.looseObject({ key: v.string(), span: v.any() }), JSON.parse(body));
        const stored = v.parse(Meeting, {
          ...meeting('b1', span.start, span.end),
          bookingKey: key,
          isRoomOrganizer: true,
        });
        state.booked = [stored];
        return Response.json({ kind: 'booked', meeting: stored });
      }
      default:
        return null;
    }
  };
  return { respond, state };
}

describe('a relayed calendar', () => {
  it('is read through central, with its age, and no token is ever asked for', async () => {
    const { run, posted, told, tokensAsked, effects } = effectsWorld({ respond: central().respond });
    await run(LINK);
    await run({ kind: 'fetch-calendar', config: RELAYED, window });
    expect(last(told)).toMatchObject({
      kind: 'calendar-read',
      outcome: { kind: 'listed', meetings: [{ id: 'a' }], age: seconds(7) },
    });
    expect(JSON.parse(last(posted)?.body ?? '')).toEqual({ room: 'room-1', window, isShareable: true });
    expect(tokensAsked).toEqual([]);
    await effects.stop();
  });

  it('tells in our words what central says no with', async () => {
    const answers: [Response, string, number | null][] = [
      [problem(503, 'down'), 'unreachable', null],
      [problem(429, 'slow', { 'retry-after': '9' }), 'throttled', seconds(9)],
      [problem(403, 'not-your-room'), 'no-access', null],
      [problem(409, 'not-relayed'), 'no-token', null],
      [new Response('<html>'), 'misunderstood', null],
      [Response.json({ kind: 'poem' }), 'misunderstood', null],
    ];
    for (const [answer, why, retryAfter] of answers) {
      const { run, told, effects } = effectsWorld({ respond: url => (url.startsWith(CALENDAR) ? answer : null) });
      await run(LINK);
      await run({ kind: 'fetch-calendar', config: RELAYED, window });
      expect(last(told)).toMatchObject({ outcome: { kind: 'failed', problem: why, retryAfter } });
      await effects.stop();
    }
  });

  it('takes over from a direct one while the panel runs, and gives back, each time without the old token', async () => {
    const { run, posted, tokensAsked, effects } = effectsWorld({ respond: central().respond });
    await run(LINK);
    const hosts: string[] = [];
    for (const wanted of [config(), RELAYED, config({}, 3)]) {
      await run({ kind: 'fetch-calendar', config: wanted, window });
      hosts.push(new URL(last(posted)?.url ?? '').host);
    }
    expect(hosts).toEqual(['graph.example', 'central.example', 'graph.example']);
    expect(tokensAsked).toHaveLength(2);
    await effects.stop();
  });
});

describe('other rooms', () => {
  const find = { kind: 'find-rooms', config: RELAYED, window } as const;

  it('are those central offers, with when they are taken', async () => {
    const { run, told, posted, effects } = effectsWorld({ respond: central().respond });
    await run(LINK);
    await run(find);
    expect(last(told)).toMatchObject({
      kind: 'rooms-found',
      outcome: {
        kind: 'found',
        equipment: ['tv'],
        rooms: [{ id: 'fern' }, { id: 'fjell' }],
        busy: [{ busy: [] }, { busy: null }],
      },
    });
    expect(JSON.parse(last(posted)?.body ?? '')).toMatchObject({ room: 'room-1', window });
    await effects.stop();
  });

  it('are those central offered before, for a day, while it is away', async () => {
    const { respond, state } = central();
    const graph: Respond = (url, body) => {
      if (!url.endsWith('/getSchedule')) return respond(url, body);
      return Response.json({ value: [{ scheduleId: 'fern@lintel.example', scheduleItems: [] }] });
    };
    const { run, told, clock, effects } = effectsWorld({ respond: graph });
    // Direct: the provider answers though central does not.
    const direct = { ...find, config: config() };
    await run(LINK);
    state.isAway = true;
    await run(direct);
    expect(last(told)).toMatchObject({ outcome: { kind: 'failed', why: 'central-away' } });
    state.isAway = false;
    await run(direct);
    const count = told.length;
    state.isAway = true;
    await clock.advance(hours(23));
    await run(direct);
    expect(told.length).toBe(count + 1);
    expect(last(told)).not.toMatchObject({ outcome: { why: 'central-away' } });
    await clock.advance(hours(2));
    await run(direct);
    expect(last(told)).toMatchObject({ outcome: { kind: 'failed', why: 'central-away' } });
    await effects.stop();
  });

  it('are booked in their own calendar, under the key, after a look that is not shared', async () => {
    const { respond, state } = central();
    const { run, told, posted, clock, effects } = effectsWorld({ respond });
    await run(LINK);
    const span = { start: NOON, end: plus(NOON, minutes(30)) };
    const elsewhere = offered('fern');
    const action = { kind: 'book-elsewhere', room: elsewhere.id, name: 'fern', floor: null, building: null } as const;
    const booking = { kind: 'submit-booking', config: RELAYED, key: bookingKey(1), action, span, was: null } as const;
    await run({ ...booking, elsewhere, wasSent: false });
    await clock.advance(seconds(1));
    await run({ kind: 'close-link' });
    expect(last(told)).toMatchObject({
      kind: 'booking-answered',
      outcome: { kind: 'confirmed', meeting: { id: 'b1' } },
    });
    expect(state.booked).toHaveLength(1);
    const asked = posted.filter(p => p.url.startsWith(CALENDAR)).map(p => JSON.parse(p.body));
    expect(asked.map(a => a.room)).toEqual(['fern', 'fern', 'fern']);
    expect(asked.map(a => a.isShareable ?? null)).toEqual([false, null, false]);
    await effects.stop();
  });

  it('that cannot be booked are tried again a few times on the spot, and then it is over', async () => {
    let lists = 0;
    const { run, told, clock, effects } = effectsWorld({
      respond: url => {
        if (url.endsWith('/list')) lists++;
        return url.startsWith(CALENDAR) ? problem(503, 'down') : null;
      },
    });
    await run(LINK);
    const span = { start: NOON, end: plus(NOON, minutes(30)) };
    const elsewhere = offered('fern');
    const action = { kind: 'book-elsewhere', room: elsewhere.id, name: 'fern', floor: null, building: null } as const;
    await run({
      kind: 'submit-booking',
      config: RELAYED,
      key: bookingKey(1),
      action,
      span,
      elsewhere,
      was: null,
      wasSent: false,
    });
    await clock.advance(minutes(5));
    expect(lists).toBe(4);
    expect(last(told)).toMatchObject({ outcome: { kind: 'failed', problem: 'unreachable' } });
    await effects.stop();
  });
});
