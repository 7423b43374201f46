/** Stories in which a panel once got stuck, ran hot, or said what it could not know. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { LicenceKey, makeLicenceKey } from '../../src/contract/values/licence-key.ts';
import {
  type Duration,
  hours,
  type Instant,
  milliseconds,
  minutes,
  plus,
  seconds,
} from '../../src/contract/values/time.ts';
import type { PanelState } from '../../src/contract/wire/panel.ts';
import { wakeUps } from '../../src/core/wake-ups.ts';
import { at, bookingKey, config, intentId, MACHINE, meeting, PANEL } from '../support/samples.ts';
import { CENTRAL, Core, pairedCore } from './harness.ts';

const NOON = at('2026-11-20T12:00:00Z');
const LICENCE = v.parse(LicenceKey, makeLicenceKey(Array.from({ length: 24 }, (_, i) => i)));

function listed(core: Core, meetings = [meeting('a', '2026-11-20T18:00:00Z', '2026-11-20T19:00:00Z')]) {
  const { id, window } = core.last('fetch-calendar');
  return core.tell({
    kind: 'calendar-read',
    effect: id,
    outcome: { kind: 'listed', window, meetings, serverTime: null, age: milliseconds(0) },
  });
}
const answerWrite = (core: Core, retryAfter: Duration | null = null) =>
  core.tell({
    kind: 'booking-answered',
    effect: core.last('submit-booking').id,
    outcome: { kind: 'failed', problem: 'provider-error', retryAfter, isOutcomeUnknown: true },
  });
const told = (core: Core, state: PanelState) =>
  core.tell({ kind: 'panel-state-received', effect: core.last('open-link').id, state });
const paired = (configVersion: number) =>
  ({ kind: 'paired', panel: PANEL, configVersion: config({}, configVersion).version, grant: 'grant-1' }) as const;
const codeUntil = (expires: Instant) =>
  ({ kind: 'awaiting-approval', panel: PANEL, code: 'BCDFGHJK', expires }) as const;
const opened = (core: Core, serverTime: Instant | null = null) =>
  core.tell({ kind: 'link-opened', effect: core.last('open-link').id, serverTime });
const fetched = (core: Core, version: number, room = 'room-1') =>
  core.tell({
    kind: 'config-fetched',
    effect: core.last('fetch-config').id,
    result: { kind: 'config', config: config({}, version, room) },
  });
const waiting = (now = NOON, serverTime: Instant | null = null) => {
  const core = new Core(now).tell({
    kind: 'started',
    machine: MACHINE,
    memory: { central: CENTRAL, config: null, pinTries: 0 },
    snapshot: null,
    isSnapshotSetAside: false,
    found: null,
  });
  return told(opened(core, serverTime), codeUntil(plus(serverTime ?? now, minutes(10))));
};
/** Runs as the agent would: to each wake-up in turn, an answer to each question. */
function live(core: Core, length: Duration, answer: (core: Core) => void) {
  for (const end = plus(core.now, length); core.now < end; ) {
    const asked = core.done.length;
    // Hot: whoever counts will see.
    if (asked > 2000) return;
    answer(core);
    if (core.done.length > asked) continue;
    const trueNow = plus(core.now, core.state.clockOffset);
    const due = Math.min(...wakeUps(core.state, trueNow).map(w => w.at), trueNow + 60_000);
    core.after(Math.max(1, due - trueNow) as Duration);
  }
}

describe('a booking whose write fails while reads succeed', () => {
  const booked = () =>
    listed(pairedCore(NOON)).tell({
      kind: 'intent-received',
      intent: { kind: 'book', id: intentId('tap'), end: plus(NOON, minutes(30)) },
      key: bookingKey(1),
    });
  const serve = (retryAfter: Duration | null) => (core: Core) => {
    if (core.state.room?.booking?.state.kind === 'submitted') answerWrite(core, retryAfter);
    if (core.state.room?.calendar.poll.kind === 'reading') listed(core);
  };

  it('is not sent before the time the provider named', () => {
    const core = booked();
    live(core, minutes(9), serve(minutes(10)));
    expect(core.count('submit-booking')).toBe(1);
    live(core, minutes(2), serve(minutes(10)));
    expect(core.count('submit-booking')).toBe(2);
  });
});

describe('what was not read', () => {
  it('is not called free: beyond the window nothing is known', () => {
    const core = listed(pairedCore(NOON), []);
    core.tell({
      kind: 'calendar-read',
      effect: core.last('open-link').id,
      outcome: { kind: 'failed', problem: 'unreachable', retryAfter: null },
    });
    const nextNoon = at('2026-11-21T11:00:00Z'); // 12:00 in Oslo
    core.now = plus(nextNoon, minutes(-30));
    expect(core.tell({ kind: 'woke' }).room.status).toEqual({ kind: 'free', until: nextNoon });
    core.now = nextNoon;
    expect(core.tell({ kind: 'woke' }).room).toMatchObject({ status: { kind: 'unknown' }, actions: { book: [] } });
    core.after(hours(48));
    expect(core.room.status.kind).toBe('unknown');
  });
});

describe('check-in', () => {
  it('to the first meeting does not look like one under way for the second', () => {
    const policy = { checkIn: { kind: 'required', opensBefore: minutes(10), grace: minutes(10) } } as const;
    const first = meeting('a', '2026-11-20T12:00:00Z', '2026-11-20T12:30:00Z');
    const second = meeting('b', '2026-11-20T12:30:00Z', '2026-11-20T13:00:00Z');
    const core = listed(pairedCore(NOON, config(policy)), [first, second]);
    const intent = { kind: 'check-in', id: intentId('tap'), meeting: first.id } as const;
    core.tell({ kind: 'intent-received', intent, key: bookingKey(1) });
    expect(core.room).toMatchObject({ checkInIntent: 'tap', actions: { canCheckIn: false } });
    core.after(minutes(31));
    expect(core.room).toMatchObject({ checkInIntent: null, actions: { canCheckIn: true } });
  });
});

describe('the link', () => {
  it('that opens and breaks at once is tried ever more seldom', () => {
    const core = pairedCore(NOON);
    live(core, minutes(10), () => {
      if (core.state.central.kind !== 'known' || core.state.central.link.kind !== 'connecting') return;
      opened(core);
      told(core, paired(1));
      core.tell({ kind: 'link-closed', effect: core.last('open-link').id, problem: 'unreachable', retryAfter: null });
    });
    expect(core.count('open-link')).toBeLessThan(60);
  });

  it('to a central of another version is tried again some day', () => {
    const core = pairedCore(NOON);
    const { id } = core.last('open-link');
    core.tell({ kind: 'link-closed', effect: id, problem: 'version-unsupported', retryAfter: null });
    core.after(minutes(1));
    expect(core.count('open-link')).toBe(1);
    core.after(minutes(5));
    expect(core.count('open-link')).toBe(2);
  });

  it('that comes back does not cut short what the provider told us to wait', () => {
    const core = pairedCore(NOON);
    const { id } = core.last('fetch-calendar');
    const outcome = { kind: 'failed', problem: 'throttled', retryAfter: minutes(10) } as const;
    core.tell({ kind: 'calendar-read', effect: id, outcome });
    opened(core);
    expect(core.count('fetch-calendar')).toBe(1);
  });
});

describe('config', () => {
  it('that came while a bad one was under way is fetched all the same', () => {
    const core = told(opened(listed(pairedCore(NOON))), paired(2));
    const { id } = core.last('fetch-config');
    told(core, paired(3));
    core.tell({ kind: 'config-fetched', effect: id, result: { kind: 'unusable', why: 'x' } });
    expect(core.count('fetch-config')).toBe(2);
    expect(fetched(core, 3).state.room?.config.version).toBe(3);
  });

  it('of a central restored from a backup is taken, and asked for once', () => {
    const core = told(opened(listed(pairedCore(NOON, config({}, 9)))), paired(5));
    expect(fetched(core, 4, 'room-2').room.room.id).toBe('room-2');
    expect(core.count('fetch-config')).toBe(1);
    core.last('remove-snapshot');
  });

  it('that arrives after the panel was unpaired is not shown', () => {
    const core = told(waiting(), paired(2));
    const { id } = core.last('fetch-config');
    told(core, codeUntil(plus(NOON, minutes(10))));
    core.tell({ kind: 'config-fetched', effect: id, result: { kind: 'config', config: config({}, 2) } });
    expect(core.view.screen.kind).toBe('pairing');
    expect(fetched(told(core, paired(3)), 3).view.screen.kind).toBe('room');
  });
});

describe('pairing', () => {
  it('takes a licence key also when the code has run out', () => {
    const core = waiting().after(minutes(11));
    expect(core.view.screen).toMatchObject({ problem: 'code-expired' });
    const intent = { kind: 'enter-licence-key', id: intentId('tap'), key: LICENCE } as const;
    core.tell({ kind: 'intent-received', intent, key: bookingKey(1) });
    told(opened(core), codeUntil(plus(core.now, minutes(10))));
    expect(core.last('submit-licence-key')).toMatchObject({ key: LICENCE, room: null });
    expect(core.view.screen).toMatchObject({ isKeySubmitted: true });
  });

  it('shows its code under a clock that is years off', () => {
    for (const error of [hours(3), hours(-24 * 365 * 20)]) {
      const core = waiting(plus(NOON, error), NOON);
      // The loop adds what the core has learnt.
      core.now = plus(core.now, core.state.clockOffset);
      core.after(seconds(1));
      expect(core.view.screen).toMatchObject({ code: 'BCDFGHJK', problem: null });
      expect(core.view.clockOffset).toBe(-error);
      core.after(minutes(11));
      expect(core.state.central).toMatchObject({ standing: { kind: 'code-expired' } });
    }
  });

  it('does not use the key of the provisioning file again when an admin unpairs the panel', () => {
    const core = new Core(NOON).tell({
      kind: 'started',
      machine: MACHINE,
      memory: { central: CENTRAL, config: config(), pinTries: 0 },
      snapshot: null,
      isSnapshotSetAside: false,
      found: { url: CENTRAL.url, ca: null, licenceKey: LICENCE },
    });
    told(opened(core), codeUntil(plus(NOON, minutes(10))));
    expect(core.count('submit-licence-key')).toBe(0);
  });
});
