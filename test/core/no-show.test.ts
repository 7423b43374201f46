/** Giving the room back: once, when nobody came; and every reason to let a meeting be. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import { hours, minutes, PlainDate, plus, seconds } from '../../src/contract/values/time.ts';
import type { ReleaseOutcome } from '../../src/core/events.ts';
import { wakeUps } from '../../src/core/wake-ups.ts';
import { at, bookingKey, config, meeting, PANEL } from '../support/samples.ts';
import { type Core, pairedCore } from './harness.ts';
import {
  answerRelease,
  awaiting,
  BEFORE,
  END,
  MET,
  pushed,
  RELEASING,
  restarted,
  START,
  sure,
} from './no-show-story.ts';

const DEADLINE = plus(START, minutes(10));
const date = (text: string) => v.parse(PlainDate, text);
const releases = (core: Core) => core.count('release-room');
const promise = (core: Core) => {
  const { status } = core.room;
  return status.kind === 'awaiting-check-in' ? status.isReleasedThen : status.kind;
};
/** Something changed in the calendar, and is read a moment later. */
const readNow = (core: Core, meetings: Meeting[]) =>
  core
    .tell({ kind: 'calendar-hinted', effect: core.last('open-link').id })
    .liveUntil(plus(core.now, seconds(2)), sure(meetings));
const hinted = (core: Core, meetings: Meeting[]) => readNow(core, meetings).liveUntil(END, sure(meetings));
/** The loop hangs; when it goes on, what was read has been stale for a second, and the answer to the next read is there. */
function staleUnseen(core: Core): Core {
  readNow(core, [MET]).liveUntil(plus(core.now, seconds(33)), () => {});
  const { trust } = core.room;
  if (trust.kind !== 'fresh' || core.state.room?.calendar.poll.kind !== 'reading')
    throw new Error('not as it should be');
  core.now = plus(trust.until, seconds(1));
  return sure([MET])(core);
}
/** Lives through the whole meeting. */
const letBe = (core: Core, meetings: Meeting[] = [MET]) => {
  core.liveUntil(plus(END, minutes(1)), sure(meetings));
  expect(releases(core)).toBe(0);
};

describe('a meeting nobody came to', () => {
  it('is given back once, when the deadline passes, and the glass had said so', () => {
    const core = awaiting().liveUntil(plus(START, minutes(9)), sure([MET]));
    expect(promise(core)).toBe(true);
    core.liveUntil(plus(DEADLINE, seconds(-1)), sure([MET]));
    expect(releases(core)).toBe(0);
    core.liveUntil(DEADLINE, sure([MET]));
    expect(core.last('release-room')).toMatchObject({ meeting: MET, strike: null, mayBeDone: false });
    core.liveUntil(plus(END, hours(1)), sure([MET]));
    expect(releases(core)).toBe(1);
  });

  it('stays on the glass until the next read, which follows at once, and for five minutes it says why', () => {
    const core = awaiting().liveUntil(DEADLINE, sure([MET]));
    const reads = core.count('fetch-calendar');
    answerRelease(core, { kind: 'released', isSeriesDeclined: false, isRow: null });
    expect(core.count('fetch-calendar')).toBe(reads + 1);
    expect(wakeUps(core.state, core.now).map(w => w.at)).toContain(plus(core.now, minutes(5)));
    expect(core.room).toMatchObject({ status: { kind: 'in-meeting' }, released: null });
    core.listed([], { serverTime: core.now });
    expect(core.room).toMatchObject({ status: { kind: 'free' }, released: { start: START, end: END } });
    core.liveUntil(plus(DEADLINE, minutes(5)), sure([]));
    expect(core.room.released).toBeNull();
  });

  it('counts like any other when it is tentative', () => {
    const tentative = { ...MET, occupies: 'tentative' } as const;
    const core = awaiting(RELEASING, [tentative]).liveUntil(DEADLINE, sure([tentative]));
    expect(releases(core)).toBe(1);
  });

  it('is given back when the one before ended as this one began', () => {
    const before = meeting('before', '2026-11-20T11:00:00Z', START);
    const core = awaiting(RELEASING, [before, MET]);
    core.liveUntil(DEADLINE, sure([before, MET]));
    expect(core.last('release-room').meeting.id).toBe(MET.id);
  });

  it('is let be for good when a last look says so', () => {
    const core = awaiting().liveUntil(DEADLINE, sure([MET]));
    answerRelease(core, { kind: 'let-be' });
    core.liveUntil(END, sure([MET]));
    expect([releases(core), core.room.released]).toEqual([1, null]);
  });
});

describe('a release that failed', () => {
  const failed = (more: Partial<ReleaseOutcome & { kind: 'failed' }> = {}) =>
    ({ kind: 'failed', problem: 'unreachable', retryAfter: null, mayBeDone: true, ...more }) as const;
  const tries = (core: Core) => {
    const at: number[] = [];
    for (let seen = 0; core.now < plus(DEADLINE, minutes(4)); core.liveUntil(plus(core.now, seconds(1)), sure([MET]))) {
      if (releases(core) === seen) continue;
      seen = releases(core);
      at.push((core.now - DEADLINE) / 1000);
      answerRelease(core, failed());
    }
    return at;
  };

  it('is tried again with pauses that grow, until it is too late', () => {
    const core = awaiting().liveUntil(DEADLINE, sure([MET]));
    expect(tries(core)).toEqual([0, 5, 15, 35, 75]);
    expect(core.last('release-room').mayBeDone).toBe(true);
    expect(core.state.room?.noShow.release.kind).toBe('idle');
  });

  it('is remembered as one that may have been done only where it was sent', () => {
    const core = awaiting().liveUntil(DEADLINE, sure([MET]));
    answerRelease(core, failed({ mayBeDone: false })).liveUntil(plus(DEADLINE, seconds(6)), sure([MET]));
    expect([releases(core), core.last('release-room').mayBeDone]).toEqual([2, false]);
    expect(core.last('release-room')).toMatchObject({
      at: plus(DEADLINE, seconds(5)),
      until: plus(DEADLINE, minutes(2)),
    });
  });

  it('waits as long as the provider said', () => {
    const core = awaiting().liveUntil(DEADLINE, sure([MET]));
    answerRelease(core, failed({ retryAfter: seconds(70) }));
    core.liveUntil(plus(DEADLINE, seconds(69)), sure([MET]));
    expect(releases(core)).toBe(1);
    core.liveUntil(plus(DEADLINE, seconds(70)), sure([MET]));
    expect(releases(core)).toBe(2);
    answerRelease(core, failed({ retryAfter: minutes(10) }));
    core.liveUntil(END, sure([MET]));
    expect(releases(core)).toBe(2);
  });

  it('is not tried again when the meeting has changed, the calendar is stale or the clock jumped', () => {
    for (const change of [
      (core: Core) => hinted(core, [{ ...MET, when: { kind: 'timed', start: plus(START, minutes(-1)), end: END } }]),
      (core: Core) => hinted(core, []),
      (core: Core) => core.after(seconds(80)),
      (core: Core) => core.tell({ kind: 'clock-jumped', by: seconds(7) }).after(seconds(6)),
      (core: Core) => pushed(core, { ...RELEASING, noShow: 'keep' }).liveUntil(END, sure([MET])),
    ]) {
      const core = awaiting().liveUntil(DEADLINE, sure([MET]));
      // So that there is a read to answer.
      if (core.state.room?.calendar.poll.kind === 'reading') sure([MET])(core);
      answerRelease(core, failed());
      change(core);
      expect(releases(core)).toBe(1);
      expect(core.state.room?.noShow.release.kind).toBe('idle');
    }
  });

  it('is not tried again before the deadline, should it have been a wrong clock that passed it', () => {
    const core = awaiting().liveUntil(DEADLINE, sure([MET]));
    const by = minutes(-5);
    core.now = plus(core.now, by);
    sure([MET])(core.tell({ kind: 'clock-jumped', by }));
    answerRelease(core, failed()).liveUntil(END, sure([MET]));
    expect(releases(core)).toBe(1);
  });

  it('does not stand in the way of the next meeting when it is never answered', () => {
    const next = meeting('next', END, plus(END, hours(1)));
    const core = awaiting(RELEASING, [MET, next]);
    core.liveUntil(plus(END, minutes(10)), sure([MET, next]));
    expect(core.last('release-room').meeting.id).toBe('next');
  });
});

describe('never released is', () => {
  it('a meeting somebody checked in to', () => {
    for (const when of [minutes(-10), minutes(3)]) {
      const core = awaiting().liveUntil(plus(START, when), sure([MET]));
      letBe(core.tap({ kind: 'check-in', id: 'tap', meeting: MET.id }));
    }
  });

  it('an all-day one', () => {
    const when = { kind: 'all-day', startDate: date('2026-11-20'), endDate: date('2026-11-21') } as const;
    letBe(awaiting(RELEASING, [{ ...MET, when }]), [{ ...MET, when }]);
    // An hour shorter than the longest the policy can name: the clocks go forward.
    const spring = meeting('spring', BEFORE, END, {
      when: { kind: 'all-day', startDate: date('2026-03-29'), endDate: date('2026-03-30') },
    });
    const night = pairedCore(at('2026-03-28T22:30:00Z'), config({ ...RELEASING, neverReleaseFrom: minutes(1440) }));
    sure([spring])(night.online());
    night.liveUntil(at('2026-03-29T02:00:00Z'), sure([spring]));
    expect([night.room.status.kind, releases(night)]).toEqual(['in-meeting', 0]);
  });

  it('one as long as the policy says, or longer', () => {
    const long = { ...MET, when: { kind: 'timed', start: START, end: plus(START, hours(8)) } } as const;
    const core = awaiting(RELEASING, [long]);
    expect(promise(core.liveUntil(plus(START, minutes(1)), sure([long])))).toBe(false);
    letBe(core, [long]);
    letBe(awaiting({ ...RELEASING, neverReleaseFrom: minutes(60) }));
    const core2 = awaiting({ ...RELEASING, neverReleaseFrom: minutes(61) }).liveUntil(END, sure([MET]));
    expect(releases(core2)).toBe(1);
  });

  it('what was booked at the door', () => {
    const ours = { ...MET, bookingKey: bookingKey(3), isRoomOrganizer: true };
    letBe(awaiting(RELEASING, [ours]), [ours]);
  });

  it('what the room was invited to from the door', () => {
    const invited = { ...MET, isInvitedByUs: true };
    letBe(awaiting(RELEASING, [invited]), [invited]);
  });

  it('anything when the policy keeps it, or asks for no check-in', () => {
    const core = awaiting({ ...RELEASING, noShow: 'keep' });
    expect(promise(core.liveUntil(plus(START, minutes(1)), sure([MET])))).toBe(false);
    letBe(core);
    letBe(awaiting({ ...RELEASING, checkIn: { kind: 'off' } }));
  });

  it('anything while the calendar is stale', () => {
    const core = awaiting().liveUntil(plus(START, minutes(8)), sure([MET]));
    core.liveUntil(plus(DEADLINE, seconds(30)), c => c.unread());
    expect(core.room.trust.kind).toBe('stale');
    letBe(core);
  });

  it('anything when that which happens at the deadline puts an end to it', () => {
    for (const happen of [
      (core: Core) => pushed(core, { ...RELEASING, noShow: 'keep' }),
      (core: Core) => core.tap({ kind: 'open-service', id: 'tap', pin: null }),
      (core: Core) => core.tell({ kind: 'clock-jumped', by: minutes(1) }),
      (core: Core) => core.tap({ kind: 'check-in', id: 'tap', meeting: MET.id }),
    ]) {
      const core = awaiting().liveUntil(plus(DEADLINE, seconds(-1)), sure([MET]));
      core.now = DEADLINE;
      happen(core);
      letBe(core);
    }
  });

  it('promised by a glass that has heard nothing for a while', () => {
    const core = awaiting().liveUntil(plus(START, minutes(2)), sure([MET]));
    expect(promise(core)).toBe(true);
    core.now = plus(START, minutes(5));
    expect(promise(core)).toBe(false);
  });

  it('anything whose check-in was interrupted by a stale calendar', () => {
    const core = awaiting().liveUntil(plus(START, minutes(2)), sure([MET]));
    core.liveUntil(plus(START, minutes(5)), c => c.unread());
    expect(promise(core)).toBe(false);
    core.liveUntil(plus(START, minutes(9)), sure([MET]));
    expect([core.room.trust.kind, promise(core)]).toEqual(['fresh', false]);
    letBe(core);
  });

  it('anything whose calendar was stale for a while that nobody woke for', () => {
    const core = staleUnseen(awaiting().liveUntil(plus(START, minutes(2)), sure([MET])));
    expect([core.room.trust.kind, promise(core)]).toEqual(['fresh', false]);
    letBe(core);
  });

  it('anything when what was read grew stale just after the deadline and nobody woke for either', () => {
    const core = staleUnseen(awaiting().liveUntil(plus(DEADLINE, seconds(-50)), sure([MET])));
    expect(core.now).toBeGreaterThan(DEADLINE);
    expect([core.room.trust.kind, releases(core)]).toEqual(['fresh', 0]);
    letBe(core);
  });

  it('anything while nobody has confirmed what time it is', () => {
    const unsure = (core: Core) => core.listed([MET]);
    const core = awaiting(RELEASING, [MET], null).liveUntil(plus(START, minutes(1)), unsure);
    expect(promise(core)).toBe(false);
    core.liveUntil(END, unsure);
    expect(releases(core)).toBe(0);
  });

  it('anything whose check-in was on the glass under a clock that was then corrected', () => {
    // The first answers said that the clock is right, or nothing.
    for (const first of [BEFORE, null]) {
      const core = awaiting(RELEASING, [MET], first);
      core.liveUntil(plus(START, minutes(4)), c => c.listed([MET], { serverTime: first && c.now }));
      core.liveUntil(plus(START, seconds(275)), () => {});
      const right = plus(core.now, minutes(-1));
      core.listed([MET], { serverTime: right });
      core.now = right;
      expect([core.view.clockOffset, core.room.trust.kind]).toEqual([minutes(-1), 'fresh']);
      letBe(core);
    }
  });

  it('anything during which the clock jumped, forwards, backwards, or back to what it should be', () => {
    for (const by of [minutes(3), minutes(-3)]) {
      const core = awaiting().liveUntil(plus(START, minutes(5)), sure([MET]));
      core.now = plus(core.now, by);
      core.tell({ kind: 'clock-jumped', by });
      expect(promise(core)).toBe(false);
      letBe(core);
    }
    const core = awaiting(RELEASING, [MET], plus(BEFORE, minutes(-2)));
    core.now = plus(BEFORE, minutes(-2));
    expect(core.view.clockOffset).toBe(minutes(-2));
    core.liveUntil(plus(START, minutes(5)), sure([MET]));
    // The step takes away what was corrected, so that the time stays the same.
    core.now = plus(core.now, minutes(-2));
    core.tell({ kind: 'clock-jumped', by: minutes(-2) });
    core.now = plus(core.now, minutes(2));
    expect([core.view.clockOffset, promise(core)]).toEqual([0, false]);
    letBe(core);
  });

  it('anything right after a jump, before somebody has confirmed the time again', () => {
    const core = awaiting().liveUntil(plus(START, minutes(-5)), sure([MET]));
    core.tell({ kind: 'clock-jumped', by: seconds(10) });
    core.liveUntil(END, c => c.listed([MET]));
    expect(releases(core)).toBe(0);
  });

  it('anything later than two minutes after its deadline', () => {
    // Read so seldom that it stays fresh all the while; the loop wakes late.
    const slow = { ...RELEASING, pollEvery: minutes(10) };
    for (const [late, expected] of [
      [seconds(120), 1],
      [seconds(121), 0],
    ] as const) {
      const core = readNow(awaiting(slow).liveUntil(plus(START, minutes(9)), sure([MET])), [MET]);
      core.now = plus(DEADLINE, late);
      core.tell({ kind: 'woke' });
      expect([core.room.trust.kind, releases(core)]).toEqual(['fresh', expected]);
    }
  });

  it('one that came into the calendar later than a minute and a half after its start', () => {
    for (const [known, expected] of [
      [seconds(60), 1],
      [seconds(91), 0],
    ] as const) {
      const core = awaiting(RELEASING, []).liveUntil(plus(START, known), sure([]));
      hinted(core, [MET]);
      expect(releases(core)).toBe(expected);
    }
  });

  it('one whose check-in was there for less than half of the time promised', () => {
    const short = { ...RELEASING, checkIn: { kind: 'required', opensBefore: minutes(0), grace: minutes(1) } } as const;
    for (const [known, expected] of [
      [seconds(25), 1],
      [seconds(35), 0],
    ] as const) {
      const core = awaiting(short, []).liveUntil(plus(START, known), sure([]));
      hinted(core, [MET]);
      expect(releases(core)).toBe(expected);
    }
  });

  it('one during which the panel was started', () => {
    const core = awaiting().liveUntil(plus(START, minutes(4)), sure([MET]));
    const again = restarted(core);
    again.liveUntil(plus(START, minutes(9)), sure([MET]));
    expect([again.room.trust.kind, promise(again)]).toEqual(['fresh', false]);
    letBe(again);
  });

  it('one that people could have checked in to before this panel got the room, or lost what it knew', () => {
    for (const [since, expected] of [
      [minutes(-10), 1],
      [minutes(-9), 0],
    ] as const) {
      const now = plus(START, since);
      const core = pairedCore(now, config(RELEASING)).online().listed([MET], { serverTime: now });
      expect(releases(core.liveUntil(END, sure([MET])))).toBe(expected);
    }
    // Its clock was an hour behind, and is set before anybody has told the time.
    const core = pairedCore(plus(START, minutes(-65)), config(RELEASING)).online();
    core.now = plus(START, minutes(-5));
    core.tell({ kind: 'clock-jumped', by: hours(1) });
    sure([MET])(core);
    letBe(core);
  });

  it('one that overlaps another, whoever booked that', () => {
    for (const other of [
      meeting('other', '2026-11-20T11:30:00Z', '2026-11-20T12:30:00Z'),
      meeting('other', '2026-11-20T12:00:00Z', '2026-11-20T13:00:00Z'),
      meeting('other', '2026-11-20T12:05:00Z', '2026-11-20T12:20:00Z'),
      meeting('other', '2026-11-20T11:00:00Z', '2026-11-20T12:30:00Z', {
        bookingKey: bookingKey(9),
        isRoomOrganizer: true,
      }),
      meeting('other', BEFORE, END, {
        when: { kind: 'all-day', startDate: date('2026-11-20'), endDate: date('2026-11-21') },
      }),
    ]) {
      const core = awaiting(RELEASING, [other, MET]).liveUntil(plus(START, minutes(3)), sure([other, MET]));
      expect(promise(core)).not.toBe(true);
      letBe(core, [other, MET]);
    }
  });

  it('one of two at once of which the glass asked for the other', () => {
    const brief = meeting('brief', '2026-11-20T12:03:00Z', '2026-11-20T12:06:00Z');
    letBe(awaiting(RELEASING, [MET, brief]), [MET, brief]);
  });

  it('anything while two panels have one identity', () => {
    const core = awaiting().liveUntil(plus(START, minutes(2)), sure([MET]));
    core.hears({ kind: 'panel-state-received', state: { kind: 'identity-conflict', panel: PANEL } });
    letBe(core);
  });

  it('one that is over by its deadline', () => {
    const short = { ...MET, when: { kind: 'timed', start: START, end: plus(START, minutes(10)) } } as const;
    const core = awaiting(RELEASING, [short]).liveUntil(plus(START, minutes(5)), sure([short]));
    expect(promise(core)).toBe(false);
    letBe(core, [short]);
  });

  it('one that was moved, or whose deadline was, while it was asked for', () => {
    const core = awaiting().liveUntil(plus(START, minutes(8)), sure([MET]));
    pushed(core, { ...RELEASING, checkIn: { kind: 'required', opensBefore: minutes(10), grace: minutes(5) } });
    letBe(core);
    const moved = { ...MET, when: { kind: 'timed', start: plus(START, minutes(-5)), end: END } } as const;
    letBe(awaiting().liveUntil(plus(START, minutes(3)), sure([MET])), [moved]);
  });

  it('one that was called off, or left the room free, at the last moment', () => {
    for (const read of [[], [{ ...MET, occupies: 'none' } as const]]) {
      const core = awaiting().liveUntil(plus(DEADLINE, seconds(-40)), sure([MET]));
      letBe(core, read);
    }
  });

  it('the same one twice: not after a restart, nor when people get more time', () => {
    const more = { ...RELEASING, checkIn: { kind: 'required', opensBefore: minutes(10), grace: minutes(30) } } as const;
    const core = awaiting().liveUntil(DEADLINE, sure([MET]));
    answerRelease(core, { kind: 'let-be' });
    expect(core.last('write-snapshot').snapshot.settled).toEqual([{ meeting: MET.id, end: END }]);
    for (const panel of [restarted(core), pushed(core, more)]) {
      const before = releases(panel);
      panel.liveUntil(END, sure([MET]));
      expect(releases(panel)).toBe(before);
    }
    core.liveUntil(plus(END, minutes(2)), sure([]));
    expect(core.state.room?.noShow.settled).toEqual([]);
  });

  it('one that was let be and is then moved, on the same day, until it is over', () => {
    const core = awaiting().liveUntil(DEADLINE, sure([MET]));
    answerRelease(core, { kind: 'let-be' });
    const later = plus(DEADLINE, minutes(20));
    const moved = { ...MET, when: { kind: 'timed', start: later, end: plus(later, hours(1)) } } as const;
    core.liveUntil(plus(later, minutes(40)), sure([moved]));
    expect(releases(core)).toBe(1);
  });
});
