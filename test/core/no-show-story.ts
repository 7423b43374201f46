/** A panel that releases rooms, and one meeting it waits for. */
import type { Meeting } from '../../src/contract/values/meeting.ts';
import type { Policy } from '../../src/contract/values/policy.ts';
import { type Instant, minutes } from '../../src/contract/values/time.ts';
import type { ReleaseOutcome } from '../../src/core/events.ts';
import { at, config, MACHINE, meeting } from '../support/samples.ts';
import { CENTRAL, Core, pairedCore } from './harness.ts';

export const BEFORE = at('2026-11-20T11:40:00Z');
export const START = at('2026-11-20T12:00:00Z');
export const END = at('2026-11-20T13:00:00Z');
export const MET = meeting('met', START, END);
export const RELEASING: Partial<Policy> = {
  checkIn: { kind: 'required', opensBefore: minutes(10), grace: minutes(10) },
  noShow: 'release',
};

/** Answers a read with these meetings, and says what time it is. */
export const sure = (meetings: Meeting[]) => (core: Core) => core.listed(meetings, { serverTime: core.now });

/** Twenty minutes before the meeting, read for the first time. */
export function awaiting(policy = RELEASING, meetings: Meeting[] = [MET], serverTime: Instant | null = BEFORE): Core {
  return pairedCore(BEFORE, config(policy)).online().listed(meetings, { serverTime });
}

export function answerRelease(core: Core, outcome: ReleaseOutcome): Core {
  return core.tell({ kind: 'release-answered', effect: core.last('release-room').id, outcome });
}

export const pushed = (core: Core, policy: Partial<Policy>): Core =>
  core.hears({ kind: 'config-pushed', result: { kind: 'config', config: config(policy, 2) } });

/** The same panel, started anew with what it had written down. */
export function restarted(core: Core): Core {
  const { config: known } = core.state.room ?? {};
  if (!known) throw new Error('there is no room to remember');
  const { snapshot } = core.last('write-snapshot');
  const memory = { central: CENTRAL, config: known, pinTries: 0 };
  return new Core(core.now)
    .tell({
      kind: 'started',
      machine: MACHINE,
      memory,
      snapshot,
      isSnapshotSetAside: false,
      found: null,
    })
    .tell({ kind: 'glass-changed', isThere: true });
}
