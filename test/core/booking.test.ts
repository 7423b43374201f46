/** Bookings that have to wait: for the link, for the room's answer, for a restart. */
import { describe, expect, it } from 'vitest';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import type { Policy } from '../../src/contract/values/policy.ts';
import { type Duration, hours, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import type { ReadProblem } from '../../src/contract/values/trust.ts';
import { at, bookingKey, config, eventId, MACHINE, meeting } from '../support/samples.ts';
import { CENTRAL, Core, pairedCore } from './harness.ts';

const NOON = at('2026-11-20T12:00:00Z');
const KEY = bookingKey(1);
const END = plus(NOON, minutes(30));
const OURS = { bookingKey: KEY, isRoomOrganizer: true };

const start = (policy: Partial<Policy> = {}, meetings: Meeting[] = []) =>
  pairedCore(NOON, config(policy)).online().listed(meetings);
const inviting = (meetings: Meeting[] = []) => {
  const access = { kind: 'relay', canInvite: true } as const;
  return pairedCore(NOON, { ...config({ bookingMode: 'invite' }), access })
    .online()
    .listed(meetings);
};
const book = (core: Core) => core.tap({ kind: 'book', id: 'tap', end: END });
const state = (core: Core) => core.room.booking?.state;
const fail = (core: Core, problem: ReadProblem = 'unreachable', retryAfter: Duration | null = null) =>
  core.tell({
    kind: 'booking-answered',
    effect: core.last('submit-booking').id,
    // Without a token nothing leaves the panel.
    outcome: { kind: 'failed', problem, retryAfter, isOutcomeUnknown: problem !== 'no-token' },
  });
/** Long enough for what was read to be stale; reads fail. */
const cutOff = (core: Core) => core.liveUntil(plus(core.now, minutes(2)), c => c.unread());
const restarted = (core: Core, wait: Duration) =>
  new Core(plus(core.now, wait)).tell({
    kind: 'started',
    machine: MACHINE,
    memory: { central: CENTRAL, config: config(), pinTries: 0 },
    snapshot: core.last('write-snapshot').snapshot,
    isSnapshotSetAside: false,
    found: null,
  });

describe('a walk-up without a link', () => {
  it('is held, shown as requested, and sent once when the link is back', () => {
    const core = cutOff(start());
    core.tap({ kind: 'book', id: 'tap', end: plus(core.now, minutes(30)) });
    expect(state(core)).toEqual({ kind: 'held' });
    expect(core.count('submit-booking')).toBe(0);
    expect(core.room.status.kind).toBe('free');
    core.listed();
    expect(state(core)?.kind).toBe('submitted');
    core.listed();
    expect(core.count('submit-booking')).toBe(1);
    expect(core.last('submit-booking')).toMatchObject({ key: KEY, wasSent: false });
  });

  it('is refused with its reason when the slot has gone', () => {
    const core = book(cutOff(start()));
    core.listed([meeting('a', plus(NOON, minutes(10)), END)]);
    expect(state(core)).toEqual({ kind: 'refused', why: 'slot-taken' });
    expect(core.count('submit-booking')).toBe(0);
  });

  it('is told to be too late the moment its time is over, though nothing can be read', () => {
    const core = book(cutOff(start()));
    core.liveUntil(plus(END, seconds(-1)), c => c.unread());
    expect(state(core)).toEqual({ kind: 'held' });
    core.liveUntil(plus(END, seconds(1)), c => c.unread());
    expect(state(core)).toEqual({ kind: 'refused', why: 'too-late' });
  });

  it('begins when the link is back, and not in a time that may have been somebody’s', () => {
    const core = book(cutOff(start()));
    core.liveUntil(plus(NOON, minutes(20)), c => c.unread());
    core.listed([meeting('a', plus(NOON, minutes(5)), plus(NOON, minutes(15)))]);
    expect(core.last('submit-booking').span).toEqual({ start: plus(NOON, minutes(20)), end: END });
    expect(core.room.booking?.span.start).toBe(plus(NOON, minutes(20)));
  });

  it('survives a restart, and is sent under the same key', () => {
    const core = book(cutOff(start()));
    const again = restarted(core, seconds(20));
    expect(state(again)).toEqual({ kind: 'held' });
    expect(again.listed().last('submit-booking')).toMatchObject({ key: KEY, wasSent: false });
  });

  it('that was on its way when the panel crashed is sent again under its key, stored or not', () => {
    const core = book(start());
    expect(core.last('write-snapshot').snapshot.held?.key).toBe(KEY);
    const stored = meeting('ours', NOON, END, OURS);
    for (const day of [[stored], []]) {
      const again = restarted(core, seconds(20)).listed(day);
      expect(again.last('submit-booking')).toMatchObject({ key: KEY, wasSent: true });
      expect(state(again)).toEqual({ kind: 'submitted' });
    }
    expect(state(restarted(core, hours(1)))).toEqual({ kind: 'refused', why: 'too-late' });
  });

  it('stays at its time when it was asked for by a clock that was right, whatever became of that since', () => {
    const asked = () => {
      const core = start();
      core.tell({ kind: 'calendar-hinted', effect: core.last('open-link').id });
      return book(cutOff(core.after(seconds(2)).listed([], { serverTime: core.now })));
    };
    for (const wrong of [hours(-11), minutes(-5), minutes(5), minutes(20)]) {
      const core = asked();
      const again = restarted(core, wrong).listed([], { serverTime: core.now });
      expect(again.last('submit-booking').span.end, `restarted under a clock ${wrong} ms off`).toBe(END);
    }
    const core = asked();
    const then = core.now;
    core.now = plus(then, minutes(20));
    core.tell({ kind: 'clock-jumped', by: minutes(20) }).listed([], { serverTime: then });
    expect(core.last('submit-booking').span.end, 'set forward, and put right').toBe(END);
  });

  it('that may have arrived is taken back, also after a start under a clock that runs hours ahead', () => {
    const stored = meeting('ours', NOON, END, OURS);
    const crashed = book(start());
    const late = restarted(crashed, hours(5));
    expect(state(late)).toEqual({ kind: 'refused', why: 'too-late' });
    late.listed([stored], { serverTime: crashed.now });
    expect(late.last('take-back-booking')).toMatchObject({ key: KEY, span: { start: NOON, end: END } });
    const dismissed = cutOff(fail(book(start()))).tap({ kind: 'dismiss-booking', id: 'no', booking: 'tap' });
    const again = restarted(dismissed, hours(5));
    expect(again.count('take-back-booking')).toBe(0);
    again.listed([stored], { serverTime: dismissed.now });
    expect(again.last('take-back-booking')).toMatchObject({ key: KEY });
  });

  it('that is found again is told as it stands, and not as it was asked for', () => {
    const short = meeting('ours', NOON, plus(NOON, minutes(5)), OURS);
    const found = restarted(book(start()), seconds(20)).listed([short]);
    const outcome = { kind: 'confirmed', meeting: short } as const;
    found.tell({ kind: 'booking-answered', effect: found.last('submit-booking').id, outcome });
    expect(found.room.booking).toMatchObject({ span: { end: plus(NOON, minutes(5)) }, state: { kind: 'confirmed' } });
  });

  it('means half an hour from now, also under a clock that proves to be wrong', () => {
    const core = book(cutOff(start()));
    core.listed([], { serverTime: plus(core.now, minutes(-47)) });
    // The loop adds what the core has learnt.
    const trueNow = plus(core.now, core.state.clockOffset);
    const { span } = core.last('submit-booking');
    expect(span.end - span.start).toBeLessThanOrEqual(minutes(30));
    expect(span.end).toBe(plus(END, minutes(-47)));
    expect(span.start).toBeLessThanOrEqual(trueNow);
    const again = restarted(book(cutOff(start())), seconds(20));
    again.listed([], { serverTime: plus(again.now, minutes(-47)) });
    expect(again.last('submit-booking').span.end, 'over a restart too').toBe(plus(END, minutes(-47)));
  });

  it('means the same half an hour after a restart, by a clock that was corrected, doubted, and is corrected anew', () => {
    const core = start();
    core.after(minutes(1)).listed([], { serverTime: plus(core.now, minutes(-47)) });
    core.now = plus(core.now, minutes(-47));
    cutOff(core).now = plus(core.now, minutes(20));
    core.tell({ kind: 'clock-jumped', by: minutes(20) });
    const end = plus(core.now, minutes(30));
    core.tap({ kind: 'book', id: 'tap', end });
    const again = restarted(core, minutes(47));
    expect(again.room.booking?.span.end, 'by the clock as it goes').toBe(plus(end, minutes(47)));
    again.listed([], { serverTime: plus(again.now, minutes(-67)) });
    expect(again.last('submit-booking').span.end).toBe(plus(end, minutes(-20)));
  });

  it('does not make the panel ask a provider that told it to wait', () => {
    const core = start();
    core.after(minutes(1));
    const outcome = { kind: 'failed', problem: 'throttled', retryAfter: minutes(10) } as const;
    core.tell({ kind: 'calendar-read', effect: core.last('fetch-calendar').id, outcome });
    core.after(minutes(2));
    const reads = core.count('fetch-calendar');
    book(core);
    expect([state(core)?.kind, core.count('fetch-calendar')]).toEqual(['held', reads]);
  });

  it('is held also while central, which is away, has no token for it', () => {
    const core = fail(book(start()), 'no-token');
    expect(state(core)).toEqual({ kind: 'held' });
    core.liveUntil(plus(NOON, seconds(20)), c => c.listed());
    expect(core.count('submit-booking')).toBe(2);
    expect(core.last('submit-booking')).toMatchObject({ key: KEY, wasSent: false });
    // What never left need not be looked for, by the next start either.
    expect(fail(core, 'no-token').last('write-snapshot').snapshot.held).toMatchObject({ wasSent: false });
    core.tap({ kind: 'dismiss-booking', id: 'x', booking: 'tap' });
    expect(core.count('take-back-booking')).toBe(0);
  });

  it('still means half an hour from now when all that failed had never left the panel', () => {
    const core = fail(book(start()), 'no-token');
    core.listed([], { serverTime: plus(core.now, hours(-24)) });
    expect(core.room.booking?.span).toEqual({ start: plus(NOON, hours(-24)), end: plus(END, hours(-24)) });
  });

  it('is written down again when the disk has room', () => {
    const core = fail(book(start()), 'no-token').tell({ kind: 'file-written', isDiskFull: true });
    const writes = core.count('write-snapshot');
    core.liveUntil(plus(NOON, seconds(20)), c => c.unread());
    expect(core.count('write-snapshot')).toBeGreaterThan(writes);
    expect(core.last('write-snapshot').snapshot.held?.key).toBe(KEY);
    const again = core.tell({ kind: 'file-written', isDiskFull: false }).count('write-snapshot');
    expect(core.liveUntil(plus(NOON, seconds(80)), c => c.unread()).count('write-snapshot')).toBe(again);
  });

  it('may be given up, by its own name only', () => {
    const core = book(cutOff(start()));
    core.tap({ kind: 'dismiss-booking', id: 'x', booking: 'another' });
    expect(state(core)?.kind).toBe('held');
    core.tap({ kind: 'dismiss-booking', id: 'x', booking: 'tap' });
    expect(core.listed().count('submit-booking')).toBe(0);
  });
});

describe('an end whose answer was lost', () => {
  const mine = meeting('mine', plus(NOON, minutes(-10)), END, { ...OURS, bookingKey: bookingKey(2) });
  const ended = () => fail(start({}, [mine]).tap({ kind: 'end-early', id: 'tap', meeting: 'mine' }));

  it('is confirmed when the meeting has gone, or ends as wanted', () => {
    expect(state(ended().listed([]))).toEqual({ kind: 'confirmed', event: 'mine' });
    const shortened = { ...mine, when: { kind: 'timed', start: plus(NOON, minutes(-10)), end: NOON } } as const;
    expect(state(ended().listed([shortened]))).toEqual({ kind: 'confirmed', event: 'mine' });
  });

  it('was never sent, when it never left: what somebody moved away has not ended', () => {
    const core = start({}, [mine]).tap({ kind: 'end-early', id: 'tap', meeting: 'mine' });
    expect(state(fail(core, 'no-token').listed([]))).toEqual({ kind: 'refused', why: 'gone' });
  });

  it('is not confirmed by a read of another day, asked for under a wrong clock; today is read at once', () => {
    const core = ended();
    const reads = core.count('fetch-calendar');
    core.listed([], { serverTime: plus(core.now, hours(24)) });
    expect(state(core)).toEqual({ kind: 'held' });
    expect(core.count('fetch-calendar')).toBe(reads + 1);
    core.now = plus(core.now, hours(24));
    expect(core.room.trust.kind).toBe('unknown');
    const mineToday = meeting('mine', plus(NOON, hours(23)), plus(NOON, hours(25)), {
      ...OURS,
      bookingKey: bookingKey(2),
    });
    expect(state(core.listed([mineToday]))?.kind).toBe('held');
  });

  it('is asked for again when nothing has happened', () => {
    const core = ended().listed([mine]);
    expect(core.liveUntil(plus(core.now, seconds(20)), c => c.listed([mine])).count('submit-booking')).toBe(2);
  });
});

describe('an extension whose answer was lost', () => {
  const mine = (end = END) => meeting('mine', plus(NOON, minutes(-10)), end, { ...OURS, bookingKey: bookingKey(2) });
  const LONGER = plus(END, minutes(15));
  const person = meeting('person', END, plus(END, minutes(60)));
  const extended = (problem: ReadProblem = 'unreachable') => {
    const core = start({}, [mine()]).tap({ kind: 'extend', id: 'tap', meeting: 'mine', end: LONGER });
    return fail(
      fail(core)
        .listed([mine()])
        .liveUntil(plus(NOON, seconds(20)), c => c.listed([mine()])),
      problem,
    );
  };

  it('is sent again, and not confirmed, where somebody holds the longer part', () => {
    const core = extended();
    core.liveUntil(plus(NOON, minutes(1)), c => c.listed([mine(LONGER), person]));
    expect(state(core)?.kind).not.toBe('confirmed');
    expect(core.count('submit-booking')).toBe(3);
  });

  it('is not told as refused before the calendar says that it is not there', () => {
    for (const [stored, told, sent] of [
      // Looked at once more before it is told.
      [mine(LONGER), { kind: 'submitted' }, 3],
      [mine(), { kind: 'refused', why: 'provider-error' }, 2],
    ] as const) {
      const core = extended('sign-in-needed');
      expect(core.count('submit-booking')).toBe(2);
      expect(state(core)).toEqual({ kind: 'held', canTakeBack: false });
      expect(state(core.unread())).toEqual({ kind: 'held', canTakeBack: false });
      core.liveUntil(plus(core.now, seconds(20)), c => c.listed([stored]));
      expect(state(core)).toEqual(told);
      expect(core.count('submit-booking')).toBe(sent);
    }
  });

  it('is asked for again after a crash, though the room that was invited shows nothing any more', () => {
    const copy = meeting('copy', NOON, END, { isInvitedByUs: true, uid: 'u' });
    const core = start({ bookingMode: 'invite' }, [copy]).tap({
      kind: 'extend',
      id: 'tap',
      meeting: 'copy',
      end: LONGER,
    });
    const again = restarted(core, seconds(20)).listed();
    const was = { end: END, invitation: 'u' };
    expect(again.last('submit-booking')).toMatchObject({ key: KEY, was, wasSent: true });
    const moved = restarted(core, seconds(20)).listed([{ ...copy, id: eventId('other') }]);
    expect(moved.count('submit-booking'), 'under another id').toBe(1);
    const gone = start({}, [mine()]).tap({ kind: 'extend', id: 'tap', meeting: 'mine', end: LONGER });
    expect(state(restarted(gone, seconds(20)).listed())).toEqual({ kind: 'refused', why: 'gone' });
  });

  it('is told at once where none of it was ever sent', () => {
    const core = start({}, [mine()]).tap({ kind: 'extend', id: 'tap', meeting: 'mine', end: LONGER });
    const outcome = { kind: 'failed', problem: 'no-access', retryAfter: null, isOutcomeUnknown: false } as const;
    core.tell({ kind: 'booking-answered', effect: core.last('submit-booking').id, outcome });
    expect(state(core)).toEqual({ kind: 'refused', why: 'no-access' });
  });
});

describe('booking by invitation', () => {
  it('is shown as asked until the room has answered, and then stands in the day as ours', () => {
    const core = book(inviting());
    expect(state(core)).toEqual({ kind: 'asked' });
    const copy = meeting('copy', NOON, END, { isInvitedByUs: true, uid: 'u' });
    const outcome = { kind: 'confirmed', meeting: copy } as const;
    core.tell({ kind: 'booking-answered', effect: core.last('submit-booking').id, outcome });
    expect(state(core)).toEqual({ kind: 'confirmed', event: 'copy' });
    expect(core.room.actions).toMatchObject({ canEndEarly: true, endEarly: 'own' });
    expect(core.room.actions.extend.length).toBeGreaterThan(0);
    expect(core.room.day.meetings[0]).toMatchObject({ isOurs: true, organizer: null });
    core.tap({ kind: 'extend', id: 'more', meeting: 'copy', end: plus(END, minutes(15)) });
    expect(state(core)).toEqual({ kind: 'asked' });
  });

  it('that failed on its way leaves it to the room who was first: what is there may be ours', () => {
    const core = fail(book(inviting()));
    expect(state(core)).toEqual({ kind: 'held' });
    const copy = meeting('copy', NOON, END, { isInvitedByUs: true });
    core.liveUntil(plus(NOON, seconds(30)), c => c.listed([copy]));
    expect(core.last('submit-booking')).toMatchObject({ key: KEY, wasSent: true });
    expect(core.count('submit-booking')).toBe(2);
  });

  it('may be given up while the room takes its time to answer, and is withdrawn then', () => {
    const core = book(inviting());
    expect(state(core)?.kind).toBe('asked');
    core.tap({ kind: 'dismiss-booking', id: 'away', booking: 'tap' });
    expect(core.room.booking).toBeNull();
    expect(core.last('take-back-booking')).toMatchObject({ key: KEY, span: { end: END } });
    expect(core.room.actions.book.length, 'something else may be booked').toBeGreaterThan(0);
    const direct = book(start()).tap({ kind: 'dismiss-booking', id: 'away', booking: 'tap' });
    expect(state(direct)?.kind, 'an answer that is near is waited for').toBe('submitted');
  });

  it('is not offered where nobody can invite', () => {
    const core = start({ bookingMode: 'invite' });
    expect(core.room.actions).toMatchObject({ book: [], canFindRoom: false });
    expect(state(book(core))).toEqual({ kind: 'refused', why: 'not-allowed' });
  });
});

describe('ending early', () => {
  const theirs = meeting('theirs', plus(NOON, minutes(-10)), END);
  const offered = (endEarly: Policy['endEarly'], running: Meeting) => {
    const { canEndEarly, endEarly: how, extend } = start({ endEarly }, [running]).room.actions;
    return canEndEarly ? [how, extend.length > 0] : null;
  };

  it('offers what the policy allows, by whose meeting it is', () => {
    const mine = { ...theirs, ...OURS };
    const day = { ...theirs, when: { kind: 'all-day', startDate: '2026-11-20', endDate: '2026-11-21' } } as Meeting;
    expect(['own', 'shorten', 'decline', 'off'].map(how => offered(how as Policy['endEarly'], theirs))).toEqual([
      null,
      ['shorten', false],
      ['decline', false],
      null,
    ]);
    expect(['own', 'shorten', 'decline', 'off'].map(how => offered(how as Policy['endEarly'], mine))).toEqual([
      ['own', true],
      ['own', true],
      ['own', true],
      null,
    ]);
    expect(offered('decline', day)).toBeNull();
  });

  it('of somebody else’s is sent, and frees the room', () => {
    const core = start({ endEarly: 'decline' }, [theirs]).tap({ kind: 'end-early', id: 'tap', meeting: 'theirs' });
    const outcome = { kind: 'confirmed', meeting: null } as const;
    core.tell({ kind: 'booking-answered', effect: core.last('submit-booking').id, outcome });
    expect(core.room.status.kind).toBe('free');
    expect(state(start({}, [theirs]).tap({ kind: 'end-early', id: 'tap', meeting: 'theirs' }))).toEqual({
      kind: 'refused',
      why: 'not-allowed',
    });
  });

  it('lets nobody extend what is not ours', () => {
    const core = start({ endEarly: 'decline' }, [theirs]);
    core.tap({ kind: 'extend', id: 'tap', meeting: 'theirs', end: plus(END, minutes(15)) });
    expect(state(core)).toEqual({ kind: 'refused', why: 'not-allowed' });
  });
});

describe('a switch from direct to relay while a walk-up is held', () => {
  it('reads at once the other way, and sends it that way, under its key', () => {
    const core = book(cutOff(start()));
    const relayed = { ...config({}, 2), access: { kind: 'relay', canInvite: false } as const };
    const reads = core.count('fetch-calendar');
    core.hears({ kind: 'config-pushed', result: { kind: 'config', config: relayed } });
    expect(state(core)).toEqual({ kind: 'held' });
    expect(core.count('fetch-calendar')).toBe(reads + 1);
    expect(core.listed().last('submit-booking')).toMatchObject({ key: KEY, config: { access: { kind: 'relay' } } });
  });
});
