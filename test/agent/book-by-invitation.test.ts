/** Booking mode `invite`: the room is invited, and its mailbox decides. */
import { describe, expect, it } from 'vitest';
import { changeCalendar } from '../../src/agent/change-calendar.ts';
import type { Failed, Invitations, Refused } from '../../src/calendar/room-calendar.ts';
import { between, type Duration, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { bookingKey, config, eventId } from '../support/samples.ts';
import { changeWorld, HALF_HOUR, NOON } from './change-world.ts';

const INVITE = config({ bookingMode: 'invite' });
const world = (wire: Parameters<typeof changeWorld>[0] = {}) => changeWorld(wire, INVITE);
/** Fails the first `times` calls of this name. */
const cutFirst = (name: string, times: number) => {
  let left = times;
  return (call: string) => call === name && left-- > 0;
};

describe('a walk-up by invitation', () => {
  it('is confirmed with the copy the room itself holds, as soon as that is there', async () => {
    const { room, ask } = world();
    const { outcome, took } = await ask({});
    expect(outcome).toMatchObject({ kind: 'confirmed', meeting: { id: 'copy-uid-0', isInvitedByUs: true } });
    expect([...room.meetings.keys()]).toEqual(['copy-uid-0']);
    expect(took).toBeLessThan(seconds(8));
  });

  it('is not even asked for where the room is taken', async () => {
    const { room, change, put } = world();
    put('person', plus(NOON, minutes(20)), plus(NOON, minutes(60)));
    expect(await change({})).toEqual({ kind: 'refused', why: 'slot-taken' });
    expect(room.invitations.size).toBe(0);
  });

  it('that the room declines is taken back, and says so', async () => {
    const { room, change } = world();
    room.isOpenToAll = false;
    expect(await change({})).toEqual({ kind: 'refused', why: 'declined' });
    expect([room.invitations.size, room.meetings.size]).toEqual([0, 0]);
  });

  it('that nobody answers is taken back after a minute and a half', async () => {
    const { room, ask } = world();
    room.answersAfter = null;
    const { outcome, took } = await ask({});
    expect(outcome).toEqual({ kind: 'refused', why: 'no-answer' });
    expect(took / 1000).toBeGreaterThan(80);
    expect(took / 1000).toBeLessThan(100);
    expect(room.invitations.size).toBe(0);
  });

  it('asks seldom: a room that takes its time is asked some twenty times', async () => {
    let asked = 0;
    const { room, ask } = world({ isCut: call => call === 'answer' && asked++ < 0 });
    room.answersAfter = null;
    await ask({});
    expect(asked).toBeLessThan(22);
  });

  it('whose taking back fails is not called declined; the next try takes it back', async () => {
    const { room, change } = world({ isCut: cutFirst('withdraw', 1) });
    room.isOpenToAll = false;
    expect(await change({})).toMatchObject({ kind: 'failed', problem: 'unreachable' });
    expect(room.invitations.size).toBe(1);
    expect(await change({ wasSent: true })).toEqual({ kind: 'refused', why: 'declined' });
    expect(room.invitations.size).toBe(0);
  });

  it('that was sent before and whose answer was lost is found, and not sent again', async () => {
    for (const name of ['answer', 'list']) {
      let lists = 0;
      const isCut = cutFirst(name, 1);
      // The first look must get through, or nothing is sent.
      const { room, change } = world({ isCut: call => (call === 'list' && lists++ === 0 ? false : isCut(call)) });
      expect(await change({})).toMatchObject({ kind: 'failed' });
      expect(await change({ wasSent: true })).toMatchObject({ kind: 'confirmed', meeting: { id: 'copy-uid-0' } });
      expect([room.invitations.size, room.meetings.size]).toEqual([1, 1]);
    }
  });

  it('that was sent before is taken back when somebody else has the room by now', async () => {
    const { room, ask, change, put } = world({ isCut: cutFirst('answer', 1) });
    room.answersAfter = seconds(6);
    expect((await ask({}, seconds(3))).outcome.kind).toBe('failed');
    put('person', NOON, HALF_HOUR.end);
    expect(await change({ wasSent: true })).toEqual({ kind: 'refused', why: 'slot-taken' });
    expect(room.invitations.size).toBe(0);
    expect([...room.meetings.keys()]).toEqual(['person']);
  });
});

describe('a walk-up by invitation about which', () => {
  /** `answer` says what asking after the room's answer brings, by how long it has been under way. */
  const asking = async (answer: (since: Duration) => Refused | Failed | null) => {
    const made = world();
    const { invitations } = made.calendar;
    if (invitations === null) throw new Error('nobody invites');
    const answerTo: Invitations['answerTo'] = async id =>
      answer(between(NOON, made.clock.now())) ?? invitations.answerTo(id);
    const outcome = changeCalendar(
      { clock: made.clock, calendar: { ...made.calendar, invitations: { ...invitations, answerTo } } },
      { config: INVITE, key: bookingKey(1), action: { kind: 'book' }, span: HALF_HOUR, was: null, wasSent: false },
      'Walk-up',
    );
    await made.clock.advance(seconds(200));
    return { outcome: await outcome, room: made.room };
  };

  it('nothing can be learnt does not stand when it is told as refused', async () => {
    // graph/invitations.ts, where the only attendee goes by another address than the config's; a 403 does the same.
    const { outcome, room } = await asking(() => ({ kind: 'refused', why: 'gone', detail: 'the room is not invited' }));
    expect(outcome).toEqual({ kind: 'refused', why: 'gone' });
    expect([room.invitations.size, room.meetings.size]).toEqual([0, 0]);
  });

  it('nothing may be asked for a while is asked after for as long as there is time', async () => {
    const wait = (until: Duration) => (since: Duration) =>
      since < until
        ? ({
            kind: 'failed',
            problem: 'throttled',
            retryAfter: seconds(60),
            isOutcomeUnknown: false,
            detail: '',
          } as const)
        : null;
    const answered = await asking(wait(seconds(60)));
    expect(answered.outcome).toMatchObject({ kind: 'confirmed', meeting: { id: 'copy-uid-0' } });
    const late = await asking(wait(minutes(10)));
    expect(late.outcome).toEqual({ kind: 'refused', why: 'no-answer' });
    expect([late.room.invitations.size, late.room.meetings.size]).toEqual([0, 0]);
  });
});

describe('another end for what the room was invited to', () => {
  const booked = async (wire: Parameters<typeof changeWorld>[0] = {}) => {
    const made = world(wire);
    await made.change({});
    return made;
  };
  const copy = eventId('copy-uid-0');
  const later = { start: NOON, end: plus(NOON, minutes(60)) };
  const extend = { action: { kind: 'extend', meeting: copy }, span: later } as const;
  const endAt = (min: number) =>
    ({ action: { kind: 'end-early', meeting: copy }, span: { start: NOON, end: plus(NOON, minutes(min)) } }) as const;

  it('is confirmed when the room shows it', async () => {
    const { change, endOf, room } = await booked();
    expect(await change(extend)).toMatchObject({ kind: 'confirmed', meeting: { id: copy } });
    expect(endOf(copy)).toBe(later.end);
    expect(await change(endAt(10))).toMatchObject({ kind: 'confirmed' });
    expect(endOf(copy)).toBe(plus(NOON, minutes(10)));
    expect(room.invitations.size).toBe(1);
  });

  it('that the room declines leaves it with its old end', async () => {
    const { change, endOf, room, clock, put } = await booked();
    // Comes between our look and the room's.
    clock.after(seconds(1), () => put('person', plus(NOON, minutes(40)), plus(NOON, minutes(70))));
    expect(await change(extend)).toEqual({ kind: 'refused', why: 'slot-taken' });
    expect(endOf(copy)).toBe(HALF_HOUR.end);
    expect([...room.invitations.values()]).toMatchObject([{ answer: 'accepted', span: HALF_HOUR }]);
  });

  it('is not asked for over what the room takes for a meeting, though the policy of the panel does not', async () => {
    const panelConfig = config({ bookingMode: 'invite', isTentativeBusy: false });
    const asked: string[] = [];
    const { change, endOf, put } = await booked({ isCut: call => asked.push(call) < 0 });
    put('perhaps', plus(NOON, minutes(40)), plus(NOON, minutes(70)), { occupies: 'tentative' });
    expect(await change({ ...extend, config: panelConfig })).toEqual({ kind: 'refused', why: 'slot-taken' });
    expect(endOf(copy)).toBe(HALF_HOUR.end);
    // It would give the whole of it up, and somebody else might have it before the old end is back.
    expect(asked.filter(call => call === 'change-invitation')).toEqual([]);
  });

  it('that was asked for, and whose time somebody took before the answer came, is put back', async () => {
    let isLost = false;
    const { change, endOf, room, put } = await booked({ isReplyLost: () => isLost });
    room.answersAfter = minutes(20);
    isLost = true;
    expect(await change(extend)).toMatchObject({ kind: 'failed', isOutcomeUnknown: true });
    isLost = false;
    put('person', plus(NOON, minutes(40)), plus(NOON, minutes(70)));
    room.answersAfter = seconds(4);
    expect(await change({ ...extend, wasSent: true })).toEqual({ kind: 'refused', why: 'slot-taken' });
    expect([...room.invitations.values()]).toMatchObject([{ span: HALF_HOUR }]);
    expect(endOf(copy)).toBe(HALF_HOUR.end);
  });

  it('that was on its way at a crash, and that its room declined, is put back', async () => {
    const { change, calendar, clock, endOf, room, put } = await booked();
    const [sent] = room.invitations.values();
    if (!sent) throw new Error('nothing was sent');
    void calendar.invitations?.changeEnd(sent.invitation, later.end);
    put('person', plus(NOON, minutes(40)), plus(NOON, minutes(70)));
    await clock.advance(seconds(30));
    expect(room.meetings.has(copy), 'the room gave up all of it').toBe(false);
    const was = { end: HALF_HOUR.end, invitation: sent.uid };
    expect(await change({ ...extend, was, wasSent: true })).toEqual({ kind: 'refused', why: 'slot-taken' });
    expect([...room.invitations.values()]).toMatchObject([{ answer: 'accepted', span: HALF_HOUR }]);
    expect(endOf(copy)).toBe(HALF_HOUR.end);
  });

  it('that its room has accepted is told as done, whoever else it lets in', async () => {
    const { change, put } = await booked();
    await change(extend);
    put('person', plus(NOON, minutes(40)), plus(NOON, minutes(70)));
    expect(await change({ ...extend, wasSent: true })).toMatchObject({ kind: 'confirmed', meeting: { id: copy } });
  });

  it('that nobody answers is put back too', async () => {
    const { change, room } = await booked();
    room.answersAfter = null;
    expect(await change(extend)).toEqual({ kind: 'refused', why: 'no-answer' });
    expect([...room.invitations.values()]).toMatchObject([{ span: HALF_HOUR }]);
  });

  it('keeps its room when that declined the longer end and the way back was cut for a while', async () => {
    let isDown = false;
    const { change, clock, room, put } = await booked({ isCut: () => isDown });
    clock.after(seconds(1), () => put('person', HALF_HOUR.end, plus(NOON, minutes(70))));
    clock.after(seconds(4.5), () => {
      isDown = true;
    });
    clock.after(seconds(24.5), () => {
      isDown = false;
    });
    expect(await change(extend)).toEqual({ kind: 'refused', why: 'slot-taken' });
    expect(room.meetings.has(copy)).toBe(true);
  });

  it('at its start is not told as refused when the room is slow to hear of it', async () => {
    const { change, room } = await booked();
    room.answersAfter = minutes(10);
    expect(await change(endAt(0))).toMatchObject({ kind: 'failed', isOutcomeUnknown: true });
    expect(room.invitations.size).toBe(0);
  });

  it('at its start takes the invitation back, and is confirmed when the room has heard of it', async () => {
    const { change, room } = await booked();
    expect(await change(endAt(0))).toEqual({ kind: 'confirmed', meeting: null });
    expect([room.invitations.size, room.meetings.size]).toEqual([0, 0]);
  });

  it('whose answer was lost is not told as gone', async () => {
    const { change, room } = await booked();
    room.invitations.clear();
    expect(await change(endAt(10))).toEqual({ kind: 'refused', why: 'gone' });
    // At its start: the room just has not taken notice of the withdrawal.
    const ended = change({ ...endAt(0), wasSent: true });
    room.meetings.clear();
    expect(await ended).toEqual({ kind: 'confirmed', meeting: null });
  });
});
