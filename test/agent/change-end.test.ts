/** Ending early at the door: whose meeting it is decides how, and the policy whether. */
import { describe, expect, it } from 'vitest';
import type { Policy } from '../../src/contract/values/policy.ts';
import { milliseconds, minutes, plus } from '../../src/contract/values/time.ts';
import { bookingKey, config, eventId } from '../support/samples.ts';
import { changeWorld, HALF_HOUR, NOON } from './change-world.ts';

const M = eventId('m');
const endAt = (min: number) =>
  ({ action: { kind: 'end-early', meeting: M }, span: { start: NOON, end: plus(NOON, minutes(min)) } }) as const;
const OURS = { bookingKey: bookingKey(9), isRoomOrganizer: true };
const THEIRS = { organizer: 'Åse Berg' };

const world = (policy: Partial<Policy>, more = {}, wire: Parameters<typeof changeWorld>[0] = {}) => {
  const made = changeWorld(wire, config(policy));
  made.put('m', NOON, HALF_HOUR.end, more);
  return made;
};

describe('of somebody else', () => {
  it('nothing is ended where the policy says own, or off', async () => {
    for (const endEarly of ['own', 'off'] as const) {
      const { change, room } = world({ endEarly }, THEIRS);
      expect(await change(endAt(10))).toEqual({ kind: 'refused', why: 'not-allowed' });
      expect(room.meetings.size).toBe(1);
    }
  });

  it('a meeting is shortened in this room only; at its start it is declined', async () => {
    const { change, endOf, room } = world({ endEarly: 'shorten' }, THEIRS);
    expect(await change(endAt(10))).toMatchObject({ kind: 'confirmed', meeting: { id: 'm' } });
    expect(endOf('m')).toBe(plus(NOON, minutes(10)));
    expect(room.declined).toEqual([]);
    expect(await change(endAt(0))).toEqual({ kind: 'confirmed', meeting: null });
    expect(room.declined).toMatchObject([{ event: 'm' }]);
  });

  it('a meeting is declined, and its organiser told why, in words that do not name it', async () => {
    const { change, room } = world({ endEarly: 'decline' }, { ...THEIRS, title: { kind: 'public', text: 'CANARY' } });
    expect(await change(endAt(10))).toEqual({ kind: 'confirmed', meeting: null });
    expect(room.declined).toMatchObject([{ event: 'm' }]);
    expect(room.declined[0]?.comment).toMatch(/Fjord.*13:10/);
    expect(room.declined[0]?.comment).not.toContain('CANARY');
    expect(room.meetings.size).toBe(0);
  });

  it('only the occurrence is touched, never its series', async () => {
    const { change, put, room } = world({ endEarly: 'decline' }, { series: eventId('series') });
    put('next-week', plus(NOON, minutes(60 * 24 * 7)), plus(NOON, minutes(60 * 24 * 7 + 30)), {
      series: eventId('series'),
    });
    await change(endAt(10));
    expect([...room.meetings.keys()]).toEqual(['next-week']);
    expect(room.declined.map(d => d.event)).toEqual(['m']);
  });

  it('what the room itself organises it cannot decline, and shortens', async () => {
    for (const endEarly of ['shorten', 'decline'] as const) {
      const { change, endOf, room } = world({ endEarly }, { isRoomOrganizer: true });
      expect(await change(endAt(10))).toMatchObject({ kind: 'confirmed', meeting: { id: 'm' } });
      expect(endOf('m')).toBe(plus(NOON, minutes(10)));
      expect(await change(endAt(0))).toEqual({ kind: 'confirmed', meeting: null });
      expect([room.meetings.size, room.declined.length]).toEqual([0, 0]);
    }
  });
});

it('our own is ended our own way, whatever happens to others', async () => {
  for (const endEarly of ['own', 'shorten', 'decline'] as const) {
    const { change, endOf, room } = world({ endEarly }, OURS);
    expect(await change(endAt(10))).toMatchObject({ kind: 'confirmed' });
    expect(endOf('m')).toBe(plus(NOON, minutes(10)));
    expect(room.declined).toEqual([]);
  }
});

describe('an answer that was lost', () => {
  it('is not told as gone when it is tried again: as wanted is confirmed', async () => {
    for (const [policy, more, min] of [
      [{ endEarly: 'own' }, OURS, 0],
      [{ endEarly: 'decline' }, THEIRS, 10],
      [{ endEarly: 'own' }, OURS, 10],
      [{ endEarly: 'shorten' }, THEIRS, 10],
    ] as const) {
      let isLost = true;
      const { change } = world(policy, more, { isReplyLost: () => isLost });
      expect(await change(endAt(min))).toMatchObject({ kind: 'failed' });
      isLost = false;
      expect(await change({ ...endAt(min), wasSent: true })).toMatchObject({ kind: 'confirmed' });
    }
  });

  it('of an end that came too late lengthens nothing', async () => {
    const { change, endOf } = world({ endEarly: 'own' }, OURS);
    expect(await change(endAt(45))).toMatchObject({ kind: 'confirmed' });
    expect(endOf('m')).toBe(HALF_HOUR.end);
  });
});

it('somebody else’s cannot be extended', async () => {
  const { change, endOf } = world({ endEarly: 'shorten' }, THEIRS);
  const extend = {
    action: { kind: 'extend', meeting: M },
    span: { start: NOON, end: plus(NOON, minutes(45)) },
  } as const;
  expect(await change(extend)).toEqual({ kind: 'refused', why: 'not-allowed' });
  expect(endOf('m')).toBe(HALF_HOUR.end);
});

it('what somebody moved away has not ended', async () => {
  const { change, put } = changeWorld();
  put('met', plus(NOON, minutes(120)), plus(NOON, minutes(150)), { bookingKey: bookingKey(9), isRoomOrganizer: true });
  const end = { action: { kind: 'end-early', meeting: eventId('met') }, span: { start: NOON, end: NOON } } as const;
  expect(await change(end)).toEqual({ kind: 'refused', why: 'gone' });
  expect(await change({ ...end, wasSent: true })).toEqual({ kind: 'confirmed', meeting: null });
});

it('an extension that somebody undid before the second look is not told as confirmed', async () => {
  const { change, clock, put } = world({}, OURS);
  clock.after(milliseconds(400), () => put('m', NOON, plus(NOON, minutes(10)), OURS));
  const extended = { start: NOON, end: plus(NOON, minutes(60)) };
  const outcome = await change({ action: { kind: 'extend', meeting: M }, span: extended });
  expect(outcome).toEqual({ kind: 'refused', why: 'changed-meanwhile' });
});
