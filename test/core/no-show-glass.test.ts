/** Nothing is given back unless its check-in stood on a glass that people could touch, without a break. */
import { describe, expect, it } from 'vitest';
import { minutes, plus, seconds } from '../../src/contract/values/time.ts';
import type { Core } from './harness.ts';
import { awaiting, END, MET, RELEASING, restarted, START, sure } from './no-show-story.ts';

const DEADLINE = plus(START, minutes(10));
const glass = (core: Core, isThere: boolean) => core.tell({ kind: 'glass-changed', isThere });
const askedFor = () => awaiting().liveUntil(plus(START, minutes(2)), sure([MET]));
const promise = (core: Core) => {
  const { status } = core.room;
  return status.kind === 'awaiting-check-in' && status.isReleasedThen;
};
/** Lives through the whole meeting. */
function letBe(core: Core) {
  core.liveUntil(plus(END, minutes(1)), sure([MET]));
  expect(core.count('release-room')).toBe(0);
}

describe('the page', () => {
  it('must be there: a panel nobody sees gives nothing back, and does not say that it will', () => {
    const core = glass(awaiting(), false);
    expect(promise(core.liveUntil(plus(START, minutes(2)), sure([MET])))).toBe(false);
    letBe(core);
  });

  it('must have been there without a break, be it a moment', () => {
    for (const away of [seconds(0), seconds(1), minutes(3)]) {
      const core = glass(askedFor(), false);
      expect(promise(core)).toBe(false);
      glass(core.liveUntil(plus(core.now, away), sure([MET])), true);
      letBe(core);
    }
  });

  it('must be there still when the deadline passes', () => {
    letBe(glass(awaiting().liveUntil(plus(DEADLINE, seconds(-1)), sure([MET])), false));
  });

  it('may be told of twice, and may have come just after the start', () => {
    for (const come of [seconds(0), seconds(60)]) {
      const core = glass(awaiting(), false).liveUntil(plus(START, come), sure([MET]));
      glass(glass(core, true).liveUntil(plus(START, minutes(5)), sure([MET])), true);
      expect(promise(core)).toBe(true);
      expect(core.liveUntil(DEADLINE, sure([MET])).count('release-room')).toBe(1);
    }
  });

  it('that comes before the panel has read its disk counts, and none does after a restart', () => {
    const core = awaiting().liveUntil(plus(START, minutes(-5)), sure([MET]));
    letBe(glass(restarted(core), false));
  });

  it('keeps a release that failed from being tried again when it has gone', () => {
    const core = awaiting().liveUntil(DEADLINE, sure([MET]));
    const outcome = { kind: 'failed', problem: 'unreachable', retryAfter: null, mayBeDone: true } as const;
    core.tell({ kind: 'release-answered', effect: core.last('release-room').id, outcome });
    glass(core, false).liveUntil(END, sure([MET]));
    expect(core.count('release-room')).toBe(1);
  });
});

describe('the check-in may not have lain under', () => {
  it('the service page', () => {
    const core = askedFor().tap({ kind: 'open-service', id: 'tap', pin: null });
    expect(promise(core)).toBe(false);
    letBe(core.after(seconds(5)).tap({ kind: 'close-service', id: 'tap-2' }));
  });

  it('the list of other rooms', () => {
    const core = awaiting().liveUntil(plus(START, minutes(8)), sure([MET]));
    // Somebody goes on looking until after the deadline.
    for (let n = 0; core.now <= plus(DEADLINE, minutes(2)); n++) {
      core.tap({ kind: 'find-rooms', id: `find-${n}`, length: minutes(30) });
      expect([core.room.find?.kind, promise(core)]).toEqual(['searching', false]);
      core.liveUntil(plus(core.now, seconds(30)), sure([MET]));
    }
    letBe(core);
    // Somebody looks once.
    const once = askedFor().tap({ kind: 'find-rooms', id: 'find', length: minutes(30) });
    letBe(once.tap({ kind: 'close-find', id: 'close' }));
  });

  it('what became of a wish', () => {
    const core = awaiting({ ...RELEASING, endEarly: 'off' }).liveUntil(plus(START, minutes(2)), sure([MET]));
    core.tap({ kind: 'end-early', id: 'tap', meeting: MET.id });
    expect([core.room.booking?.state.kind, promise(core)]).toEqual(['refused', false]);
    letBe(core);
  });

  it('the name of the panel, for an admin who looks for it', () => {
    const core = askedFor().hears({ kind: 'command-received', command: { id: 'c', kind: 'identify' } });
    expect(promise(core)).toBe(false);
    letBe(core);
  });
});
