/** What central sends unasked: configs, grants, commands, and the end of it. */

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { LicenceKey, makeLicenceKey } from '../../src/contract/values/licence-key.ts';
import type { Policy } from '../../src/contract/values/policy.ts';
import { hours, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import type { PanelState } from '../../src/contract/wire/panel.ts';
import { at, config, MACHINE, meeting, PANEL } from '../support/samples.ts';
import { CENTRAL, Core, paired, pairedCore } from './harness.ts';

const NOON = at('2026-11-20T12:00:00Z');
const online = () =>
  pairedCore(NOON)
    .online()
    .listed([meeting('a', '2026-11-20T13:00:00Z', '2026-11-20T14:00:00Z')]);
const LICENCE = v.parse(LicenceKey, makeLicenceKey(Array.from({ length: 24 }, (_, i) => i)));
const push = (core: Core, version: number, policy: Partial<Policy> = {}, room = 'room-1') =>
  core.hears({ kind: 'config-pushed', result: { kind: 'config', config: config(policy, version, room) } });
const state = (core: Core, said: PanelState) => core.hears({ kind: 'panel-state-received', state: said });

describe('a pushed config', () => {
  it('is on the glass without a single request, and reported', () => {
    const core = online();
    const before = core.done.length;
    push(core, 2, { theme: 'dark' });
    expect(core.view.look.theme).toBe('dark');
    state(core, paired(2));
    expect(
      core.done
        .slice(before)
        .map(e => e.kind)
        .sort(),
    ).toEqual(['report', 'write-memory']);
    expect(core.last('report').report.configVersion).toBe(2);
  });

  it('is read under at once only where it must be read otherwise', () => {
    for (const [policy, reads] of [
      [{ theme: 'dark', pollEvery: minutes(5) }, 0],
      [{ pollEvery: seconds(5) }, 0],
      [{ privacy: { subjects: 'hidden', organizers: 'shown', isPersonalPrivate: true } }, 1],
    ] as const) {
      const core = online();
      expect(push(core, 2, policy).count('fetch-calendar') - 1, JSON.stringify(policy)).toBe(reads);
    }
    const sooner = push(online(), 2, { pollEvery: seconds(5) });
    expect(sooner.after(seconds(5)).count('fetch-calendar')).toBe(2);
  });

  it('of another room takes the glass there at once', () => {
    const core = push(online(), 2, {}, 'room-2');
    expect(core.room).toMatchObject({ room: { id: 'room-2' }, trust: { kind: 'unknown' } });
    expect(core.last('fetch-calendar').config.room.id).toBe('room-2');
    expect(JSON.stringify(core.state)).not.toContain('Meeting a');
  });

  it('pairs a panel that waits, before anybody tells it so', () => {
    const core = new Core(NOON).tell({
      kind: 'started',
      machine: MACHINE,
      memory: { central: CENTRAL, config: null, pinTries: 0 },
      snapshot: null,
      isSnapshotSetAside: false,
      found: null,
    });
    const expires = plus(NOON, minutes(10));
    core.online({ kind: 'awaiting-approval', panel: PANEL, code: 'BCDFGHJK', expires });
    push(core, 4);
    expect(core.view.screen.kind).toBe('room');
    state(core, paired(4));
    expect(core.count('fetch-config')).toBe(0);
  });

  it('that cannot be used is refused by its version, once, and the last good one stays', () => {
    const core = online();
    core.hears({ kind: 'config-pushed', result: { kind: 'unusable', version: 2, why: 'policy.walkUps: x' } });
    state(core, paired(2));
    expect(core.room.room.name).toBe('Fjord');
    expect(core.count('fetch-config')).toBe(0);
    expect(core.last('report').report).toMatchObject({
      configVersion: 1,
      configRefused: { version: 2, why: 'policy.walkUps: x' },
    });
    expect(core.view.problems).toEqual([{ kind: 'config-refused' }]);
    push(core, 3);
    expect(core.view.problems).toEqual([]);
  });

  it('that was missed is fetched, and a fetch that a push overtook is forgotten', () => {
    const core = state(online(), paired(2));
    const { id } = core.last('fetch-config');
    push(core, 3, { theme: 'dark' });
    core.tell({ kind: 'config-fetched', effect: id, result: { kind: 'config', config: config({}, 2) } });
    expect(core.state.room?.config.version).toBe(3);
    state(core, paired(3));
    expect(core.count('fetch-config')).toBe(1);
  });

  it('that comes again after a reconnection changes nothing', () => {
    const core = push(online(), 2);
    const { length } = core.done;
    push(core, 2);
    expect(core.done.length).toBe(length);
  });

  it('over a link that is gone is not heard', () => {
    const core = online();
    const { id } = core.last('open-link');
    core.hears({ kind: 'link-closed', problem: 'unreachable', retryAfter: null });
    core.tell({ kind: 'config-pushed', effect: id, result: { kind: 'config', config: config({ theme: 'dark' }, 2) } });
    core.tell({ kind: 'command-received', effect: id, command: { id: '1', kind: 'restart' } });
    expect(core.view.look.theme).toBe('light');
    expect(core.count('restart')).toBe(0);
  });
});

describe('the grant', () => {
  it('is noted with the first word after the start, without a second read', () => {
    const core = pairedCore(NOON).online();
    expect([core.count('forget-token'), core.count('fetch-calendar')]).toEqual([0, 1]);
  });

  it('that changes, or goes, drops the token and reads at once', () => {
    const core = online();
    for (const [grant, times] of [
      ['grant-1', 0],
      ['grant-2', 1],
      [null, 2],
      [null, 2],
      ['grant-3', 3],
    ] as const) {
      state(core, paired(1, grant));
      expect([core.count('forget-token'), core.count('fetch-calendar')], `${grant}`).toEqual([times, 1 + times]);
    }
  });

  it('that changed while the link was down is noticed when it is back', () => {
    const core = online();
    core.hears({ kind: 'link-closed', problem: 'unreachable', retryAfter: null });
    core.after(seconds(31));
    core.online(paired(1, 'grant-2'));
    expect(core.count('forget-token')).toBe(1);
  });

  it('that is gone shows: what is known grows stale, with the reason', () => {
    const core = state(online(), paired(1, null));
    const outcome = { kind: 'failed', problem: 'no-token', retryAfter: null } as const;
    core.tell({ kind: 'calendar-read', effect: core.last('fetch-calendar').id, outcome });
    expect(core.view.readProblem).toBe('no-token');
    expect(core.last('report').report.readProblem).toBe('no-token');
    core.after(minutes(3));
    expect(core.room.trust).toMatchObject({ kind: 'stale', why: 'no-token' });
  });
});

describe('a command', () => {
  const ask = (core: Core, kind: 'identify' | 'restart' | 'collect-diagnostics') =>
    core.hears({ kind: 'command-received', command: { id: 'command-1', kind } });

  it('to identify shows the name for fifteen seconds, whatever the screen', () => {
    const core = ask(online(), 'identify');
    expect(core.view.identify).toEqual({ name: 'panel-7', detail: 'Fjord', until: plus(NOON, seconds(15)) });
    expect(core.after(seconds(15)).view.identify).toBeNull();
    const named = { ...config({}, 2), panelName: 'North door' };
    core.hears({ kind: 'config-pushed', result: { kind: 'config', config: named } });
    expect(ask(core, 'identify').view.identify?.name).toBe('North door');
    const revoked = ask(state(online(), { kind: 'revoked', panel: PANEL }), 'identify');
    expect(revoked.view).toMatchObject({ screen: { kind: 'revoked' }, identify: { name: 'panel-7', detail: null } });
  });

  it('to restart is passed on', () => {
    expect(ask(online(), 'restart').count('restart')).toBe(1);
  });

  it('for diagnostics sends kinds and counts, and nobody’s business', () => {
    const secret = meeting('a', '2026-11-20T12:00:00Z', '2026-11-20T14:00:00Z', {
      title: { kind: 'public', text: 'CANARY subject' },
      organizer: 'Canary Hansen',
    });
    const core = ask(pairedCore(NOON).online().listed([secret]), 'collect-diagnostics');
    const { command, findings } = core.last('send-diagnostics');
    expect(command).toBe('command-1');
    expect(findings).toMatchObject({
      screen: 'room',
      status: 'in-meeting',
      trust: 'fresh',
      meetings: 1,
      config: { version: 1 },
      grant: 'there',
    });
    expect(JSON.stringify(findings)).not.toMatch(/canary/i);
  });
});

describe('a revoked panel', () => {
  const REVOKED = { kind: 'revoked', panel: PANEL } as const;
  /** Central tells it, ends the stream, and refuses the next. */
  const answer = (core: Core) => {
    if (core.state.central.kind !== 'known' || core.state.central.link.kind !== 'connecting') return;
    core.online(REVOKED).hears({ kind: 'link-closed', problem: 'unreachable', retryAfter: null });
  };
  const live = (core: Core, until: number) => {
    for (; core.now < until; core.after(seconds(1))) answer(core);
    return core;
  };

  it('asks a few times, then every five minutes', () => {
    const core = state(online(), REVOKED).hears({ kind: 'link-closed', problem: 'unreachable', retryAfter: null });
    live(core, plus(NOON, minutes(1)));
    const soon = core.count('open-link');
    expect(soon).toBeLessThanOrEqual(5);
    expect(core.state.central).toMatchObject({ link: { kind: 'parked' } });
    live(core, plus(NOON, hours(1)));
    expect(core.count('open-link') - soon).toBeLessThanOrEqual(12);
    expect(core.view.screen.kind).toBe('revoked');
  });

  it('asks for nothing by itself, whatever is tapped or typed', () => {
    const core = live(
      state(online(), REVOKED).hears({ kind: 'link-closed', problem: 'unreachable', retryAfter: null }),
      plus(NOON, minutes(2)),
    );
    const asked = core.count('open-link');
    core.tap({ kind: 'ask-new-code', id: 'tap' }).tap({ kind: 'enter-licence-key', id: 'tap', key: LICENCE });
    expect(core.view.screen.kind).toBe('revoked');
    expect([core.count('open-link'), core.count('submit-licence-key')]).toEqual([asked, 0]);
    expect(core.state.provisionedKey).toBeNull();
  });

  it('that was let in again shows the new code, and is paired as if nothing had been', () => {
    const core = live(
      state(online(), REVOKED).hears({ kind: 'link-closed', problem: 'unreachable', retryAfter: null }),
      plus(NOON, minutes(2)),
    );
    core.after(minutes(5));
    expect(core.last('open-link').wantsNewCode).toBe(false);
    core.online({ kind: 'awaiting-approval', panel: PANEL, code: 'BCDFGHJK', expires: plus(core.now, minutes(10)) });
    expect(core.view.screen).toMatchObject({ kind: 'pairing', code: 'BCDFGHJK' });
    push(core, 9);
    state(core, paired(9)).listed();
    expect(core.room.trust.kind).toBe('fresh');
  });

  it('that an admin pairs again comes back without anybody at the door', () => {
    const core = live(
      state(online(), REVOKED).hears({ kind: 'link-closed', problem: 'unreachable', retryAfter: null }),
      plus(NOON, minutes(2)),
    );
    core.after(minutes(5));
    core.online(paired(9));
    expect(core.count('fetch-config')).toBe(1);
  });
});
