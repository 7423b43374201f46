/** The service page: who may open it, and what it can do. */
import { describe, expect, it } from 'vitest';
import type { PinHash } from '../../src/contract/values/policy.ts';
import { hours, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { at, config, MACHINE, meeting, PANEL } from '../support/samples.ts';
import { CENTRAL, Core, paired, pairedCore } from './harness.ts';

const NOON = at('2026-11-20T12:00:00Z');
const PIN: PinHash = { salt: 's'.repeat(22), hash: 'h'.repeat(43) };
const OTHER_PIN: PinHash = { ...PIN, hash: 'i'.repeat(43) };
const open = (core: Core, pin: string | null = null) => core.tap({ kind: 'open-service', id: 'tap', pin });
const checked = (core: Core, isRight: boolean) =>
  core.tell({ kind: 'pin-checked', effect: core.last('check-pin').id, isRight });
const wrong = (core: Core) => checked(open(core, '0000'), false);
const withPin = () =>
  pairedCore(NOON, config({ pin: PIN }))
    .online()
    .listed();
const restarted = (core: Core, memory = core.last('write-memory').memory) =>
  new Core(core.now).tell({
    kind: 'started',
    machine: MACHINE,
    memory,
    snapshot: null,
    isSnapshotSetAside: false,
    found: null,
  });

describe('without a PIN', () => {
  it('it opens to anybody and tells what this panel is, but lets nobody take it away', () => {
    const core = open(pairedCore(NOON).online().listed());
    expect(core.view.service).toEqual({
      kind: 'open',
      ...MACHINE,
      panelName: null,
      centralUrl: CENTRAL.url,
      configVersion: 1,
      lastRead: NOON,
      canLeave: false,
    });
    core.tap({ kind: 'leave-central', id: 'tap' });
    expect(core.view.screen.kind).toBe('room');
    core.tap({ kind: 'restart', id: 'tap' });
    expect(core.count('restart')).toBe(1);
    expect(core.view.service).toBeNull();
  });

  it('it closes by itself two minutes after it was touched last', () => {
    const core = open(pairedCore(NOON).listed());
    core.after(minutes(1));
    open(core);
    core.after(seconds(119));
    expect(core.view.service?.kind).toBe('open');
    expect(core.after(seconds(1)).view.service).toBeNull();
    // Nothing is done from a page that has closed.
    core.tap({ kind: 'restart', id: 'tap' });
    expect(core.count('restart')).toBe(0);
  });

  it('it opens on every screen, and an unpaired panel may leave its central', () => {
    const starting = open(new Core(NOON));
    expect(starting.view.service).toBeNull(); // Nothing is answered before the agent has started.
    const core = restarted(pairedCore(NOON), { central: CENTRAL, config: null, pinTries: 0 });
    for (const state of [
      { kind: 'awaiting-approval', panel: PANEL, code: 'BCDFGHJK', expires: plus(NOON, minutes(10)) },
      { kind: 'rejected', panel: PANEL },
      { kind: 'revoked', panel: PANEL },
      { kind: 'identity-conflict', panel: PANEL },
    ] as const) {
      core.hears({ kind: 'link-opened' }).hears({ kind: 'panel-state-received', state });
      expect(open(core).view.service, core.view.screen.kind).toMatchObject({ kind: 'open', canLeave: true });
    }
    core.tap({ kind: 'leave-central', id: 'tap' });
    expect(core.view).toMatchObject({ screen: { kind: 'find-central', url: CENTRAL.url }, service: null });
    expect(core.last('write-memory').memory).toEqual({ central: null, config: null, pinTries: 0 });
  });
});

describe('behind a PIN', () => {
  it('asks, checks, and opens to whoever knows it', () => {
    const core = open(withPin());
    expect(core.view.service).toEqual({ kind: 'asking', isChecking: false, problem: null });
    expect(wrong(core).view.service).toEqual({ kind: 'asking', isChecking: false, problem: { kind: 'wrong' } });
    open(core, '4711');
    expect(core.last('check-pin')).toMatchObject({ pin: PIN, digits: '4711' });
    expect(core.view.service).toEqual({ kind: 'asking', isChecking: true, problem: null });
    // One at a time.
    expect(open(core, '4712').count('check-pin')).toBe(2);
    expect(checked(core, true).view.service).toMatchObject({ kind: 'open', canLeave: true });
    expect(core.last('write-memory').memory.pinTries).toBe(0);
    expect(JSON.stringify([core.state, core.view])).not.toContain('4711');
  });

  it('lets nobody do anything before', () => {
    const core = open(withPin());
    for (const kind of ['restart', 'leave-central'] as const) core.tap({ kind, id: 'tap' });
    expect(core.count('restart')).toBe(0);
    expect(core.view.screen.kind).toBe('room');
  });

  it('forgets central, room and day when asked to, keeps nothing on disk, and is found anew', () => {
    const core = withPin();
    core.after(seconds(31));
    core.listed([meeting('a', '2026-11-20T13:00:00Z', '2026-11-20T14:00:00Z')]);
    checked(open(core, '4711'), true).tap({ kind: 'leave-central', id: 'tap' });
    expect(core.view).toMatchObject({ screen: { kind: 'find-central', url: CENTRAL.url }, service: null, zone: null });
    expect(core.count('close-link') * core.count('remove-snapshot')).toBe(1);
    expect(core.last('write-memory').memory).toEqual({ central: null, config: null, pinTries: 0 });
    expect(JSON.stringify(core.state)).not.toContain('Meeting a');
    core.tap({ kind: 'enter-central', id: 'tap', url: 'other.example' });
    expect(core.last('probe-central')).toMatchObject({ url: 'other.example', ca: null });
  });

  it('rescues a panel whose central has another certificate', () => {
    const core = pairedCore(NOON, config({ pin: PIN })).listed();
    core.hears({ kind: 'link-closed', problem: 'certificate-changed', retryAfter: null });
    checked(open(core, '4711'), true).tap({ kind: 'leave-central', id: 'tap' });
    core.tap({ kind: 'enter-central', id: 'tap', url: CENTRAL.url });
    const result = { kind: 'central', ...CENTRAL, ca: 'NEW' } as const;
    core.tell({ kind: 'central-probed', effect: core.last('probe-central').id, result });
    expect(core.last('open-link').ca).toBe('NEW');
  });
});

describe('guessing', () => {
  it('is locked out for a minute after five, then ever longer up to a quarter of an hour', () => {
    const core = open(withPin());
    for (let i = 0; i < 4; i++) expect(wrong(core).view.service).toMatchObject({ problem: { kind: 'wrong' } });
    for (const lock of [1, 2, 4, 8, 15, 15].map(minutes)) {
      const until = plus(core.now, lock);
      expect(wrong(core).view.service).toMatchObject({ problem: { kind: 'locked', until } });
      const before = core.count('check-pin');
      core.now = plus(until, seconds(-1));
      expect(open(core, '4711').count('check-pin'), 'checked although locked').toBe(before);
      core.now = until;
      core.tell({ kind: 'woke' });
      expect(open(core).view.service).toEqual({ kind: 'asking', isChecking: false, problem: null });
    }
    expect(checked(open(core, '4711'), true).view.service).toMatchObject({ kind: 'open' });
    core.tap({ kind: 'close-service', id: 'tap' });
    expect(wrong(core).view.service).toMatchObject({ problem: { kind: 'wrong' } });
  });

  it('wins nothing by pulling the plug, not even before the answer', () => {
    let core = open(withPin());
    for (let i = 0; i < 5; i++) {
      open(core, '0000');
      core = restarted(core);
    }
    expect(open(core).view.service).toMatchObject({ problem: { kind: 'locked', until: plus(NOON, minutes(1)) } });
    // Nor by a clock that starts in the future.
    core = restarted(core, { central: CENTRAL, config: config({ pin: PIN }), pinTries: 5 });
    core.now = plus(core.now, seconds(59));
    expect(open(core, '4711').count('check-pin')).toBe(0);
  });

  it('starts over with another PIN, and throws out who was in with the old one', () => {
    const core = open(withPin());
    for (let i = 0; i < 5; i++) wrong(core);
    const pushed = config({ pin: OTHER_PIN }, 2);
    core.hears({ kind: 'config-pushed', result: { kind: 'config', config: pushed } });
    expect(open(core).view.service).toEqual({ kind: 'asking', isChecking: false, problem: null });
    checked(open(core, '1'), true);
    const again = config({ pin: PIN }, 3);
    core.hears({ kind: 'config-pushed', result: { kind: 'config', config: again } });
    expect(core.view.service).toBeNull();
  });

  it('is not helped by another setting that changes', () => {
    const core = open(withPin());
    for (let i = 0; i < 5; i++) wrong(core);
    const pushed = config({ pin: PIN, theme: 'dark' }, 2);
    core.hears({ kind: 'config-pushed', result: { kind: 'config', config: pushed } });
    core.hears({ kind: 'panel-state-received', state: paired(2) });
    expect(open(core).view.service).toMatchObject({ problem: { kind: 'locked' } });
  });
});

it('is told no answer to a check nobody waits for', () => {
  const core = open(withPin(), '4711');
  core.tap({ kind: 'close-service', id: 'tap' });
  expect(checked(core, true).view.service).toBeNull();
  core.after(hours(1));
  expect(core.view.service).toBeNull();
});
