/** Looking for another room from this panel. */

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Policy } from '../../src/contract/values/policy.ts';
import { OfferedRoom } from '../../src/contract/values/room.ts';
import { hours, type Instant, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import type { FindOutcome, RoomBusy } from '../../src/core/events.ts';
import { at, config, MACHINE, meeting } from '../support/samples.ts';
import { CENTRAL, Core, pairedCore } from './harness.ts';

const NOON = at('2026-11-20T12:00:00Z');
const HOUR = plus(NOON, hours(1));

/** Our own room is Fjord: floor 2, 8 seats, no building named. */
function offer(id: string, more: Partial<OfferedRoom> = {}, busy: [Instant, Instant][] | null = []) {
  const room = v.parse(OfferedRoom, {
    ...config().room,
    id,
    address: `${id}@lintel.example`,
    name: id,
    equipment: [],
    ...more,
  });
  const spans = busy?.map(([start, end]) => ({ span: { start, end }, isTentative: false })) ?? null;
  return { room, busy: { room: room.address, busy: spans } satisfies RoomBusy };
}
type Offer = ReturnType<typeof offer>;

const start = (policy: Partial<Policy> = {}, meetings = [meeting('a', NOON, HOUR)]) =>
  pairedCore(plus(NOON, seconds(20)), config(policy))
    .online()
    .listed(meetings);
const search = (core: Core, length = minutes(30)) => core.tap({ kind: 'find-rooms', id: 'find', length });
const answer = (core: Core, outcome: FindOutcome) =>
  core.tell({ kind: 'rooms-found', effect: core.last('find-rooms').id, outcome });
const found = (core: Core, offers: Offer[], equipment: string[] = []) =>
  answer(core, { kind: 'found', equipment, rooms: offers.map(o => o.room), busy: offers.map(o => o.busy) });
const names = ({ room: { find } }: Core) => (find?.kind === 'found' ? find.rooms.map(r => r.name) : find?.kind);

describe('the rooms found', () => {
  it('are free for the whole of the time wanted, and known to be', () => {
    const core = search(start());
    expect(core.room.find).toEqual({ kind: 'searching', length: minutes(30) });
    const { window } = core.last('find-rooms');
    expect(window).toEqual({ start: NOON, end: plus(NOON, hours(8)) });
    found(core, [
      offer('busy', {}, [[plus(NOON, minutes(-30)), plus(NOON, minutes(10))]]),
      offer('soon', {}, [[plus(NOON, minutes(29)), HOUR]]),
      offer('free-till-one', {}, [
        [HOUR, plus(HOUR, minutes(5))],
        [plus(NOON, minutes(30)), plus(NOON, minutes(40))],
      ]),
      offer('unknown', {}, null),
      offer('free'),
    ]);
    expect(names(core)).toEqual(['free', 'free-till-one']);
    expect(core.room.find).toMatchObject({
      end: plus(NOON, minutes(30)),
      rooms: [{ freeUntil: null }, { freeUntil: plus(NOON, minutes(30)), nearness: 'floor' }],
    });
  });

  it('hold a tentative meeting for taken', () => {
    const tentative = offer('tentative');
    const span = { start: NOON, end: HOUR };
    const outcome: FindOutcome = {
      kind: 'found',
      equipment: [],
      rooms: [tentative.room],
      busy: [{ room: tentative.room.address, busy: [{ span, isTentative: true }] }],
    };
    expect(names(answer(search(start()), outcome))).toEqual([]);
  });

  it('come nearest first, then with what our room has, then the smallest that is large enough', () => {
    const core = found(
      search(start()),
      [
        offer('too-small', { capacity: 4 }),
        offer('unknown-size', { capacity: null }),
        offer('huge', { capacity: 40 }),
        offer('like-ours', { capacity: 8 }),
        offer('equipped', { capacity: 40, equipment: ['Beamer', 'TV'] }),
        offer('half-equipped', { capacity: 8, equipment: ['tv'] }),
        offer('upstairs', { floor: '3', equipment: ['beamer', 'tv'] }),
        offer('annexe', { building: 'Annexe', equipment: ['beamer', 'tv'] }),
      ],
      ['beamer', 'TV'],
    );
    expect(names(core)).toEqual([
      'equipped',
      'half-equipped',
      'like-ours',
      'huge',
      'too-small',
      'unknown-size',
      'annexe',
      'upstairs',
    ]);
  });

  it('call a floor ours only in our building', () => {
    const inHouse = { ...config(), room: { ...config().room, building: 'Main' } };
    const core = pairedCore(NOON, inHouse).online().listed();
    search(core);
    found(core, [
      offer('annexe', { building: 'Annexe', floor: '2' }),
      offer('upstairs', { building: 'Main', floor: '3' }),
      offer('next-door', { building: 'Main', floor: '2' }),
    ]);
    const { find } = core.room;
    expect(find?.kind === 'found' && find.rooms.map(r => [r.name, r.nearness])).toEqual([
      ['next-door', 'floor'],
      ['upstairs', 'building'],
      ['annexe', 'elsewhere'],
    ]);
  });

  it('are twelve at most', () => {
    expect(
      names(
        found(
          search(start()),
          Array.from({ length: 30 }, (_, i) => offer(`r${i}`)),
        ),
      ),
    ).toHaveLength(12);
  });
});

describe('the search', () => {
  it('is offered also while our room is taken, not while a booking is on its way, and not where it is off', () => {
    expect(start().room).toMatchObject({ actions: { canFindRoom: true }, findLengths: [15, 30, 60].map(minutes) });
    expect(start({ longestBooking: minutes(45) }).room.findLengths).toEqual([15, 30].map(minutes));
    for (const policy of [{ canFindRoom: false }, { bookingMode: 'off' }] as const) {
      const core = search(start(policy));
      expect(core.room).toMatchObject({ actions: { canFindRoom: false }, findLengths: [], find: null });
      expect(core.count('find-rooms')).toBe(0);
    }
    const busy = start({}, []).tap({ kind: 'book', id: 'tap', end: plus(NOON, minutes(15)) });
    expect(busy.room.actions.canFindRoom).toBe(false);
    expect(search(busy).count('find-rooms')).toBe(0);
  });

  it('closes by itself when nobody touches it for three quarters of a minute', () => {
    const core = found(search(start()), [offer('free')]);
    core.after(seconds(44));
    expect(names(core)).toEqual(['free']);
    core.after(seconds(2));
    expect(core.room.find).toBeNull();
  });

  it('for another length is asked anew, and the answer to the first is dropped', () => {
    const core = search(start());
    const { id } = core.last('find-rooms');
    search(core, minutes(60));
    core.tell({ kind: 'rooms-found', effect: id, outcome: { kind: 'failed', why: 'unreachable' } });
    expect(core.room.find).toEqual({ kind: 'searching', length: minutes(60) });
    answer(core, { kind: 'failed', why: 'central-away' });
    expect(core.room.find).toEqual({ kind: 'failed', length: minutes(60), why: 'central-away' });
    expect(core.tap({ kind: 'close-find', id: 'x' }).room.find).toBeNull();
  });

  it('is over when the policy takes it away', () => {
    const core = found(search(start()), [offer('free')]);
    core.hears({ kind: 'config-pushed', result: { kind: 'config', config: config({ canFindRoom: false }, 2) } });
    expect(core.room.find).toBeNull();
  });
});

describe('booking what was found', () => {
  const END = plus(NOON, minutes(30));
  const tapped = (end = END, room = 'free') =>
    found(search(start()), [offer('free')]).tap({ kind: 'book-elsewhere', id: 'there', room, end });
  const outcome = (core: Core, what: Parameters<Core['tell']>[0] & { kind: 'booking-answered' }) => core.tell(what);
  const answered = (core: Core, result: Parameters<typeof outcome>[1]['outcome']) =>
    outcome(core, { kind: 'booking-answered', effect: core.last('submit-booking').id, outcome: result });

  it('asks the other room, from this minute on, and leaves ours as it is', () => {
    const core = tapped();
    expect(core.last('submit-booking')).toMatchObject({
      action: { kind: 'book-elsewhere', room: 'free', name: 'free', floor: '2' },
      span: { start: NOON, end: END },
      elsewhere: { id: 'free', address: 'free@lintel.example' },
    });
    expect(core.room).toMatchObject({ booking: { state: { kind: 'submitted' } }, find: null });
    const before = core.count('fetch-calendar');
    answered(core, { kind: 'confirmed', meeting: meeting('there', NOON, END) });
    expect(core.room.booking?.state).toEqual({ kind: 'confirmed', event: 'there' });
    expect(core.room.day.meetings.map(m => m.id)).toEqual(['a']);
    expect(core.count('fetch-calendar')).toBe(before);
  });

  it('is never held: what fails is told, and the search may begin again', () => {
    const core = tapped();
    answered(core, { kind: 'failed', problem: 'unreachable', retryAfter: null, isOutcomeUnknown: true });
    expect(core.room.booking?.state).toEqual({ kind: 'refused', why: 'provider-error' });
    core.liveUntil(plus(core.now, minutes(5)), c => c.listed([meeting('a', NOON, HOUR)]));
    expect(core.count('submit-booking')).toBe(1);
    const lost = answered(tapped(), { kind: 'refused', why: 'lost-race' });
    expect(lost.room.actions.canFindRoom).toBe(true);
    expect(search(lost).room.find?.kind).toBe('searching');
  });

  it('is written down only to be taken back, should the panel go down meanwhile', () => {
    const core = tapped();
    const again = new Core(plus(NOON, seconds(5))).tell({
      kind: 'started',
      machine: MACHINE,
      memory: { central: CENTRAL, config: config(), pinTries: 0 },
      snapshot: core.last('write-snapshot').snapshot,
      isSnapshotSetAside: false,
      found: null,
    });
    again.listed();
    const { key, span, elsewhere } = core.last('submit-booking');
    expect(again.last('take-back-booking')).toMatchObject({ key, span, elsewhere });
    expect(again.room.booking).toBeNull();
    expect(again.last('write-snapshot').snapshot.held).toBeNull();
    expect(again.count('submit-booking')).toBe(0);
  });

  it('works while our own calendar cannot be read', () => {
    const core = start();
    core.liveUntil(plus(core.now, seconds(80)), c => c.unread());
    found(search(core), [offer('free')]);
    expect(core.room.trust.kind).toBe('stale');
    core.tap({ kind: 'book-elsewhere', id: 'there', room: 'free', end: END });
    expect(core.room.booking?.state.kind).toBe('submitted');
  });

  it('obeys the longest booking, and knows no room but those shown', () => {
    expect(tapped(plus(NOON, hours(4))).room.booking?.state).toEqual({ kind: 'refused', why: 'not-allowed' });
    expect(tapped(NOON).room.booking?.state).toEqual({ kind: 'refused', why: 'too-late' });
    expect(tapped(END, 'secret').room.booking).toBeNull();
  });
});
