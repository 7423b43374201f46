/** Who came: when people may say so, how long it counts, and how a room looks that waits for them. */
import { describe, expect, it } from 'vitest';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import type { Policy } from '../../src/contract/values/policy.ts';
import { type Duration, hours, milliseconds, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { meeting } from '../support/samples.ts';
import type { Core } from './harness.ts';
import { awaiting, END, MET, pushed, RELEASING, restarted, START, sure } from './no-show-story.ts';

const KEPT: Partial<Policy> = { ...RELEASING, noShow: 'keep' };
const checkIn = (core: Core, id = MET.id) => core.tap({ kind: 'check-in', id: `tap-${core.now}`, meeting: id });
const isIn = (core: Core, id = MET.id) => core.room.day.meetings.find(m => m.id === id)?.isCheckedIn;
const until = (at: Duration, policy = KEPT) => awaiting(policy).liveUntil(plus(START, at), sure([MET]));
const met = (start: Duration, end: Duration): Meeting => ({
  ...MET,
  version: 'W/"2"',
  when: { kind: 'timed', start: plus(START, start), end: plus(START, end) },
});

describe('checking in', () => {
  it.each([
    [milliseconds(-600_001), false],
    [minutes(-10), true],
    [minutes(0), true],
    [milliseconds(599_999), true],
    [minutes(10), false],
  ])('%i ms from the start: %s', (at, can) => {
    const core = until(at);
    expect(core.room.actions.canCheckIn).toBe(can);
    expect(isIn(checkIn(core))).toBe(can);
    // Answered either way, so that the button does not wait for ever.
    if (!can) expect(core.room.checkInIntent).toBe(`tap-${core.now}`);
  });

  it('counts for a tap in the very last moment, which becomes an event a moment later', () => {
    const core = until(milliseconds(599_990), RELEASING);
    core.now = plus(START, milliseconds(600_020));
    expect(isIn(checkIn(core))).toBe(true);
    expect(core.count('release-room')).toBe(0);
    const late = until(minutes(10), RELEASING);
    expect(isIn(checkIn(late))).toBe(false);
  });

  it('is not asked for the next meeting while somebody else still sits there', () => {
    const before = meeting('before', '2026-11-20T11:30:00Z', START);
    const core = awaiting(KEPT, [before, MET]).liveUntil(plus(START, minutes(-5)), sure([before, MET]));
    expect(core.room.actions.canCheckIn).toBe(false);
    expect(core.after(minutes(5)).room.actions.canCheckIn).toBe(true);
  });

  it('is asked for a meeting the panel booked by invitation as little as for one it booked itself', () => {
    const invited = { ...MET, isInvitedByUs: true };
    const core = awaiting(KEPT, [invited]).liveUntil(START, sure([invited]));
    expect(core.room).toMatchObject({ actions: { canCheckIn: false }, status: { kind: 'in-meeting' } });
  });

  it('holds when the meeting is extended, shortened, or moved a little, until it is over', () => {
    for (const changed of [
      met(minutes(0), minutes(120)),
      met(minutes(0), minutes(20)),
      met(minutes(10), minutes(70)),
      met(minutes(-10), minutes(50)),
    ]) {
      const core = checkIn(until(minutes(-10))).liveUntil(plus(START, minutes(15)), sure([changed]));
      expect(isIn(core)).toBe(true);
      expect(core.room.status.kind).toBe('in-meeting');
    }
    const extended = met(minutes(0), minutes(120));
    const core = checkIn(until(minutes(5))).liveUntil(plus(END, minutes(30)), sure([extended]));
    // Out of sight for a while, as when the calendar is read in another window.
    core.liveUntil(plus(END, minutes(31)), sure([]));
    expect(isIn(core.liveUntil(plus(END, minutes(32)), sure([extended])))).toBe(true);
    core.liveUntil(plus(START, minutes(121)), sure([extended]));
    expect(core.state.room?.checkIns).toEqual([]);
  });

  it('is asked for anew when the meeting moves to quite another time', () => {
    const moved = met(hours(2), hours(3));
    const core = checkIn(until(minutes(-10))).liveUntil(plus(START, hours(2)), sure([moved]));
    expect(core.room.status.kind).toBe('awaiting-check-in');
    expect(isIn(checkIn(core))).toBe(true);
  });

  it('is not asked for anew by those who could give it for the new time already', () => {
    const moved = met(minutes(12), minutes(60));
    const core = checkIn(until(minutes(1))).liveUntil(plus(START, minutes(3)), sure([MET]));
    expect(isIn(core.liveUntil(plus(START, minutes(30)), sure([moved])))).toBe(true);
  });

  it('outlives a restart', () => {
    expect(isIn(restarted(checkIn(until(minutes(3)))))).toBe(true);
  });
});

describe('a room that waits', () => {
  const shown = (core: Core) => {
    const { screen, light } = core.view;
    const status = screen.kind === 'room' ? screen.view.status : null;
    return [status?.kind, status?.kind === 'awaiting-check-in' ? status.isReleasedThen : null, light];
  };

  it('has a state and a light of its own, from the start until somebody comes or nobody did', () => {
    const core = awaiting(RELEASING);
    expect(shown(core)).toEqual(['free', null, 'free']);
    core.liveUntil(plus(START, minutes(-10)), sure([MET]));
    expect([...shown(core), core.room.actions.canCheckIn]).toEqual(['starting-soon', null, 'soon', true]);
    core.liveUntil(START, sure([MET]));
    expect(shown(core)).toEqual(['awaiting-check-in', true, 'waiting']);
    core.liveUntil(plus(START, seconds(599)), sure([MET]));
    expect(shown(core)).toEqual(['awaiting-check-in', true, 'waiting']);
    expect(shown(core.liveUntil(plus(START, minutes(10)), sure([MET])))).toEqual(['in-meeting', null, 'taken']);
    expect(shown(checkIn(until(minutes(4), RELEASING)))).toEqual(['in-meeting', null, 'taken']);
  });

  it('says whether it is given back then, and says it anew when the policy changes', () => {
    const core = until(minutes(0), RELEASING);
    expect(shown(core)[1]).toBe(true);
    expect(shown(pushed(core, KEPT))[1]).toBe(false);
  });

  it('is shown as it was last known while the calendar is stale, and promises nothing', () => {
    const core = until(minutes(1), RELEASING).liveUntil(plus(START, minutes(5)), c => c.unread());
    expect(shown(core)).toEqual(['awaiting-check-in', false, 'waiting']);
  });
});
