/** Stories of one panel, told to the core event by event. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { PanelId } from '../../src/contract/values/ids.ts';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import { between, hours, milliseconds, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { isFirst } from '../../src/core/race.ts';
import { at, bookingKey, config, eventId, intentId, MACHINE, meeting, PRIVACY } from '../support/samples.ts';
import { CENTRAL, Core, pairedCore } from './harness.ts';

const NOON = at('2026-11-20T12:00:00Z');
const PANEL = v.parse(PanelId, 'P'.repeat(43));
const KEY = bookingKey(1);

function listed(core: Core, meetings: Meeting[], serverTime: typeof NOON | null = null) {
  const { id, window } = core.last('fetch-calendar');
  return core.tell({
    kind: 'calendar-read',
    effect: id,
    outcome: { kind: 'listed', window, meetings, serverTime, age: milliseconds(0) },
  });
}
const unread = (core: Core) =>
  core.tell({
    kind: 'calendar-read',
    effect: core.last('fetch-calendar').id,
    outcome: { kind: 'failed', problem: 'unreachable', retryAfter: null },
  });
const book = (core: Core, end = plus(NOON, minutes(30))) =>
  core.tell({ kind: 'intent-received', intent: { kind: 'book', id: intentId('tap'), end }, key: KEY });
const ours = (start: string, end: string) => meeting('ours', start, end, { bookingKey: KEY, isRoomOrganizer: true });

describe('trust', () => {
  it('claims nothing before the first read', () => {
    const core = pairedCore(NOON);
    expect(core.room.status.kind).toBe('unknown');
    unread(core);
    expect(core.room.trust).toEqual({ kind: 'unknown', why: 'unreachable' });
    expect(core.room.actions.book).toEqual([]);
  });

  it('turns stale after two missed polls and comes back with the next good read', () => {
    const core = listed(pairedCore(NOON), []);
    expect(core.room.trust.kind).toBe('fresh');
    for (let waited = 0; waited < 90; waited += 10) {
      core.after(seconds(10));
      if (core.state.room?.calendar.poll.kind === 'reading') unread(core);
    }
    expect(core.room.trust).toEqual({ kind: 'stale', lastRead: NOON, why: 'unreachable' });
    core.after(seconds(60));
    expect(listed(core, []).room.trust.kind).toBe('fresh');
  });

  it('keeps showing the day from the snapshot, with its age, and rolls over by itself', () => {
    const snapshot = {
      room: config().room.id,
      lastRead: at('2026-11-20T11:00:00Z'),
      window: { start: NOON, end: plus(NOON, hours(12)) },
      privacy: PRIVACY,
      meetings: [meeting('a', '2026-11-20T12:30:00Z', '2026-11-20T13:00:00Z')],
      checkIns: [],
      held: null,
      withdrawals: [],
      settled: [],
      strikes: [],
    };
    const memory = { central: CENTRAL, config: config(), pinTries: 0 };
    const core = new Core(NOON).tell({
      kind: 'started',
      machine: MACHINE,
      memory,
      snapshot,
      isSnapshotSetAside: false,
      found: null,
    });
    expect(core.room.trust).toMatchObject({ kind: 'stale', lastRead: snapshot.lastRead });
    expect(core.room.status.kind).toBe('free');
    expect(core.after(minutes(31)).room.status.kind).toBe('in-meeting');
  });

  it('takes no snapshot for fresh, however young the clock makes it', () => {
    const core = listed(pairedCore(NOON), [meeting('a', '2026-11-20T12:30:00Z', '2026-11-20T13:00:00Z')]);
    const { snapshot } = core.last('write-snapshot');
    const memory = { central: CENTRAL, config: config(), pinTries: 0 };
    const again = new Core(plus(NOON, seconds(1)));
    again.tell({ kind: 'started', machine: MACHINE, memory, snapshot, isSnapshotSetAside: false, found: null });
    expect(again.room.trust.kind).toBe('stale');
    expect(again.room.next.map(m => m.id)).toEqual(['a']);
    expect(listed(again, []).room.trust.kind).toBe('fresh');
  });

  it('puts a wrong clock right by the provider, says so, and polls on at the same pace', () => {
    const core = listed(pairedCore(NOON), [], plus(NOON, minutes(-5)));
    expect(core.view.clockOffset).toBe(minutes(-5));
    expect(core.view.problems).toEqual([{ kind: 'clock-wrong', by: minutes(-5) }]);
    const poll = core.state.room?.calendar.poll;
    const wait = poll?.kind === 'due' ? between(plus(NOON, core.state.clockOffset), poll.at) : 0;
    expect(wait).toBe(seconds(30));
  });

  it('is not made fresher by a clock that is set back', () => {
    const core = listed(pairedCore(NOON), []);
    core.now = plus(core.now, minutes(-60));
    core.tell({ kind: 'clock-jumped', by: minutes(-60) });
    unread(core);
    expect(core.after(seconds(80)).room.trust.kind).toBe('stale');
  });
});

describe('booking', () => {
  it('is confirmed only with the id the provider gave, and then stands in the day', () => {
    const core = book(listed(pairedCore(NOON), []));
    expect(core.room.booking?.state.kind).toBe('submitted');
    expect(core.room.status.kind).toBe('free');
    const { id, key, span } = core.last('submit-booking');
    expect([key, span]).toEqual([KEY, { start: NOON, end: plus(NOON, minutes(30)) }]);
    const stored = ours('2026-11-20T12:00:00Z', '2026-11-20T12:30:00Z');
    core.tell({ kind: 'booking-answered', effect: id, outcome: { kind: 'confirmed', meeting: stored } });
    expect(core.room.booking?.state).toEqual({ kind: 'confirmed', event: 'ours' });
    expect(core.room.status.kind).toBe('in-meeting');
    expect(core.room.actions).toMatchObject({ book: [], canEndEarly: true });
    expect(core.after(seconds(11)).room.booking).toBeNull();
  });

  it('offers no second change while one is on its way', () => {
    const core = book(book(listed(pairedCore(NOON), [])));
    expect(core.count('submit-booking')).toBe(1);
    expect(core.room.actions.book).toEqual([]);
  });

  it('is refused at once when the slot is taken by what is known', () => {
    const core = book(listed(pairedCore(NOON), [meeting('a', '2026-11-20T12:15:00Z', '2026-11-20T13:00:00Z')]));
    expect(core.room.booking?.state).toEqual({ kind: 'refused', why: 'slot-taken' });
    expect(core.count('submit-booking')).toBe(0);
  });

  it('without a link is held, never booked, and sent once under its own key when the link is back', () => {
    const core = book(listed(pairedCore(NOON), []));
    core.tell({
      kind: 'booking-answered',
      effect: core.last('submit-booking').id,
      outcome: { kind: 'failed', problem: 'unreachable', retryAfter: null, isOutcomeUnknown: true },
    });
    expect(core.room.booking?.state.kind).toBe('held');
    expect(core.last('write-snapshot').snapshot.held?.key).toBe(KEY);
    unread(core);
    core.after(seconds(20));
    listed(core, []);
    expect(core.count('submit-booking')).toBe(2);
    expect(core.last('submit-booking').key).toBe(KEY);
  });

  it('whose answer was lost and that stands in the calendar is looked at once more, at once', () => {
    const core = book(listed(pairedCore(NOON), []));
    core.tell({
      kind: 'booking-answered',
      effect: core.last('submit-booking').id,
      outcome: { kind: 'failed', problem: 'unreachable', retryAfter: null, isOutcomeUnknown: true },
    });
    listed(core, [ours('2026-11-20T12:00:00Z', '2026-11-20T12:30:00Z')]);
    expect(core.room.booking?.state.kind).toBe('submitted');
    expect(core.last('submit-booking')).toMatchObject({ wasSent: true });
    expect(core.count('submit-booking')).toBe(2);
  });

  it('that the calendar takes from nobody, though it can be read, is refused in the end and not hammered', () => {
    const core = book(listed(pairedCore(NOON), []));
    const began = core.now;
    while (core.room.booking?.state.kind !== 'refused' && core.now < plus(began, minutes(10))) {
      const { id } = core.last('submit-booking');
      core.tell({
        kind: 'booking-answered',
        effect: id,
        outcome: { kind: 'failed', problem: 'provider-error', retryAfter: null, isOutcomeUnknown: true },
      });
      if (core.state.room?.calendar.poll.kind === 'reading') listed(core, []);
      core.after(seconds(1));
    }
    expect(core.room.booking?.state).toEqual({ kind: 'refused', why: 'provider-error' });
    expect(core.count('submit-booking')).toBe(5);
    expect(between(began, core.now)).toBeGreaterThan(minutes(1));
  });

  it('that was held too long is refused, and so is one whose slot has gone', () => {
    for (const [wait, meetings, why] of [
      [minutes(45), [], 'too-late'],
      [minutes(5), [meeting('a', '2026-11-20T12:10:00Z', '2026-11-20T12:40:00Z')], 'slot-taken'],
    ] as const) {
      const core = book(listed(pairedCore(NOON), []));
      core.tell({
        kind: 'booking-answered',
        effect: core.last('submit-booking').id,
        outcome: { kind: 'failed', problem: 'unreachable', retryAfter: null, isOutcomeUnknown: true },
      });
      unread(core);
      core.after(wait);
      listed(core, [...meetings]);
      expect(core.room.booking?.state).toEqual({ kind: 'refused', why });
    }
  });

  it('of ours can be extended and ended; of others not', () => {
    const mine = ours('2026-11-20T11:30:00Z', '2026-11-20T12:30:00Z');
    const core = listed(pairedCore(NOON), [mine]);
    core.tell({
      kind: 'intent-received',
      intent: { kind: 'end-early', id: intentId('tap'), meeting: mine.id },
      key: bookingKey(2),
    });
    expect(core.last('submit-booking')).toMatchObject({
      action: { kind: 'end-early', meeting: mine.id },
      span: { end: NOON },
    });
    const foreign = listed(pairedCore(NOON), [{ ...mine, bookingKey: null }]);
    foreign.tell({
      kind: 'intent-received',
      intent: { kind: 'end-early', id: intentId('tap'), meeting: mine.id },
      key: bookingKey(2),
    });
    expect(foreign.room.booking?.state).toEqual({ kind: 'refused', why: 'not-allowed' });
  });

  it('that collides is decided alike by everybody, and exactly one stays', () => {
    const first = { ...ours('2026-11-20T12:00:00Z', '2026-11-20T12:30:00Z'), createdAt: NOON };
    const second = { ...first, id: eventId('other'), bookingKey: bookingKey(2) };
    expect([isFirst(first, second), isFirst(second, first)]).toEqual([true, false]);
    const person = meeting('person', '2026-11-20T12:00:00Z', '2026-11-20T13:00:00Z', { createdAt: NOON });
    expect(isFirst(first, person)).toBe(false);
    expect(isFirst({ ...first, createdAt: plus(NOON, seconds(-1)) }, person)).toBe(true);
    // Two servers stamped them, and their clocks may differ by more.
    expect(isFirst({ ...first, createdAt: plus(NOON, milliseconds(-300)) }, person)).toBe(false);
    expect(isFirst(first, { ...person, createdAt: null })).toBe(false);
  });
});

describe('pairing', () => {
  const start = () =>
    new Core(NOON).tell({
      kind: 'started',
      machine: MACHINE,
      memory: null,
      snapshot: null,
      isSnapshotSetAside: false,
      found: { url: CENTRAL.url, ca: null, licenceKey: null },
    });

  /** A new panel that has found central and shows its code. */
  const showingItsCode = () => {
    const core = start();
    expect(core.view.screen).toMatchObject({ kind: 'find-central', isTrying: true });
    const { id: probed } = core.last('probe-central');
    core.tell({ kind: 'central-probed', effect: probed, result: { kind: 'central', ...CENTRAL } });
    const { id: link } = core.last('open-link');
    const expires = plus(NOON, minutes(10));
    const state = { kind: 'awaiting-approval', panel: PANEL, code: 'BCDFGHJK', expires } as const;
    core.tell({ kind: 'link-opened', effect: link }).tell({ kind: 'panel-state-received', effect: link, state });
    return { core, link };
  };

  it('goes from an address to a code to a room', () => {
    const { core, link } = showingItsCode();
    expect(core.view.screen).toMatchObject({ kind: 'pairing', code: 'BCDFGHJK', words: CENTRAL.words });
    core.tell({
      kind: 'panel-state-received',
      effect: link,
      state: { kind: 'paired', panel: PANEL, configVersion: config().version, grant: 'grant-1' },
    });
    core.tell({
      kind: 'config-fetched',
      effect: core.last('fetch-config').id,
      result: { kind: 'config', config: config() },
    });
    expect(core.view.screen.kind).toBe('room');
    expect(core.last('write-memory').memory.config?.room.id).toBe('room-1');
    core.last('fetch-calendar');
  });

  it('lets go of the room, its day and its snapshot when it is revoked', () => {
    const core = listed(pairedCore(NOON), [meeting('a', '2026-11-20T12:15:00Z', '2026-11-20T13:00:00Z')]);
    const link = core.last('open-link').id;
    core
      .tell({ kind: 'link-opened', effect: link })
      .tell({ kind: 'panel-state-received', effect: link, state: { kind: 'revoked', panel: PANEL } });
    expect(core.view.screen.kind).toBe('revoked');
    expect(JSON.stringify(core.view)).not.toContain('Meeting a');
    core.last('remove-snapshot');
    expect(core.last('write-memory').memory.config).toBeNull();
  });

  it('says when the code has run out and asks a new one only when somebody wants it', () => {
    const { core } = showingItsCode();
    core.after(minutes(11));
    expect(core.view.screen).toMatchObject({ kind: 'pairing', code: null, problem: 'code-expired' });
    core.tell({ kind: 'intent-received', intent: { kind: 'ask-new-code', id: intentId('tap') }, key: KEY });
    expect(core.last('open-link').wantsNewCode).toBe(true);
  });

  it('keeps a paired panel with its central, whoever types another address', () => {
    const core = listed(pairedCore(NOON), []);
    core.tell({
      kind: 'intent-received',
      intent: { kind: 'enter-central', id: intentId('tap'), url: 'evil.example' },
      key: KEY,
    });
    expect(core.count('probe-central')).toBe(0);
  });

  it('keeps the last good config when a new one cannot be used, and reports why', () => {
    const core = listed(pairedCore(NOON), []);
    const link = core.last('open-link').id;
    core.tell({ kind: 'link-opened', effect: link }).tell({
      kind: 'panel-state-received',
      effect: link,
      state: { kind: 'paired', panel: PANEL, configVersion: config({}, 2).version, grant: 'grant-1' },
    });
    core.tell({
      kind: 'config-fetched',
      effect: core.last('fetch-config').id,
      result: { kind: 'unusable', why: 'policy.walkUps' },
    });
    expect(core.room.room.name).toBe('Fjord');
    expect(core.last('report').report).toMatchObject({
      configVersion: 1,
      configRefused: { version: 2, why: 'policy.walkUps' },
    });
    expect(core.after(minutes(1)).count('fetch-config')).toBe(1);
  });

  it('follows its central to another address, under the CA it knows', () => {
    const found = { url: 'https://moved.example', ca: null, licenceKey: null };
    const memory = { central: CENTRAL, config: config(), pinTries: 0 };
    const core = new Core(NOON).tell({
      kind: 'started',
      machine: MACHINE,
      memory,
      snapshot: null,
      isSnapshotSetAside: false,
      found,
    });
    expect(core.last('open-link')).toMatchObject({ url: 'https://moved.example', ca: CENTRAL.ca });
    expect(core.count('probe-central')).toBe(0);
  });

  it('survives a link that is gone: the room stays, the answer of an old link is dropped', () => {
    const core = listed(pairedCore(NOON), []);
    const old = core.last('open-link').id;
    core.tell({ kind: 'link-closed', effect: old, problem: 'unreachable', retryAfter: null });
    core.after(seconds(31));
    core.tell({ kind: 'panel-state-received', effect: old, state: { kind: 'revoked', panel: PANEL } });
    expect(core.view.screen.kind).toBe('room');
    expect(core.view.problems[0]?.kind).toBe('central-away');
  });
});

describe('disk', () => {
  it('that is full is told on glass and to central, until it is not any more', () => {
    const core = listed(pairedCore(NOON), []);
    core.tell({ kind: 'link-opened', effect: core.last('open-link').id });
    core.tell({ kind: 'file-written', isDiskFull: true });
    expect(core.view.problems).toEqual([{ kind: 'disk-full' }]);
    expect(core.last('report').report.problems).toEqual(['disk-full']);
    core.tell({ kind: 'file-written', isDiskFull: false });
    expect(core.view.problems).toEqual([]);
  });
});

describe('check-in', () => {
  it('is remembered, shown, and outlives a restart', () => {
    const policy = { checkIn: { kind: 'required', opensBefore: minutes(10), grace: minutes(10) } } as const;
    const m = meeting('a', '2026-11-20T12:05:00Z', '2026-11-20T13:00:00Z');
    const core = listed(pairedCore(NOON, config(policy)), [m]);
    expect(core.room.actions.canCheckIn).toBe(true);
    core.tell({ kind: 'intent-received', intent: { kind: 'check-in', id: intentId('tap'), meeting: m.id }, key: KEY });
    expect(core.room.actions.canCheckIn).toBe(false);
    expect(core.room.next[0]?.isCheckedIn).toBe(true);
    expect(core.after(minutes(6)).room.status.kind).toBe('in-meeting');
    expect(core.last('write-snapshot').snapshot.checkIns).toMatchObject([{ meeting: 'a' }]);
  });
});
