// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest';
import { at, meeting, NOW, ROOM, roomView, STALE, view } from '../../renderer/gallery/fixtures/build.ts';
import { FREE, TAKEN } from '../../renderer/gallery/fixtures/rooms.ts';
import { makeFormat } from '../../renderer/i18n/format.ts';
import type { View } from '../../src/contract/bridge/view.ts';
import { instant, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { showPanel } from './harness.tsx';

type Parts = Parameters<typeof roomView>[0];
const room = (parts: Parts) => view({ kind: 'room', view: roomView(parts) });

let panel: ReturnType<typeof showPanel>;
beforeEach(() => {
  panel = showPanel(NOW);
});
afterEach(() => {
  expect(panel.stop(), 'nothing stays behind').toEqual({ timers: 0, listeners: 0 });
});
const timeOf = makeFormat('en-GB', ROOM.zone).time;
const isStale = () => panel.page.queryByTestId('stale-band') !== null;
const main = () => panel.page.container.querySelector('main');

test('a fresh view turns stale by itself at its limit, without any message', async () => {
  const fresh = { kind: 'fresh', lastRead: plus(NOW, seconds(-20)), until: plus(NOW, seconds(70)) } as const;
  await panel.say(room({ ...FREE, trust: fresh }));
  await panel.pass(seconds(69));
  expect(isStale()).toBe(false);
  await panel.pass(seconds(1));
  expect(isStale()).toBe(true);
  expect(panel.text()).toContain('Free?');
  expect(panel.text()).toContain('as far as we know');
  await panel.pass(minutes(11));
  expect(panel.text()).toContain('Last updated 12 min ago – showing the plan known at 14:06');
});

test('silence of the agent counts after three seconds, takes the buttons away, and heals', async () => {
  await panel.say(room(FREE));
  await panel.silence(true);
  await panel.pass(seconds(2));
  expect(isStale()).toBe(false);
  await panel.pass(seconds(1));
  expect(isStale()).toBe(true);
  expect(panel.text()).toContain('own program does not answer');
  expect(panel.page.queryAllByTestId('book')).toHaveLength(0);
  await panel.silence(false);
  expect(isStale()).toBe(false);
  expect(panel.page.getAllByTestId('book').length).toBeGreaterThan(0);
});

test('silence that repeats itself is counted from its beginning', async () => {
  await panel.say(room(FREE));
  for (let i = 0; i < 4; i++) {
    await panel.silence(true);
    await panel.pass(seconds(1));
  }
  expect(isStale()).toBe(true);
});

test('free is not claimed past the start of the next meeting', async () => {
  const trust = { kind: 'fresh', lastRead: NOW, until: at('23:00') } as const;
  await panel.say(room({ ...FREE, trust }));
  await panel.pass(minutes(52));
  expect(main()?.dataset.tone).toBe('free');
  await panel.pass(minutes(1));
  expect(main()?.dataset.tone).toBe('taken');
  expect(panel.text()).toContain('until 16:00');
  expect(panel.text()).toContain('Client walk-through');
  expect(panel.page.queryAllByTestId('book')).toHaveLength(0);
  await panel.pass(minutes(60));
  expect(main()?.dataset.tone).toBe('free');
  expect(panel.text()).toContain('until 16:15');
});

test('at midnight nothing is known of the new day', async () => {
  await panel.say(room({ status: { kind: 'free', until: null }, meetings: [], trust: STALE }));
  await panel.pass(minutes(9 * 60 + 54));
  expect(main()?.dataset.tone).toBe('unknown');
});

test('a calendar that was never read is neither free nor taken, and says why', async () => {
  const trust = { kind: 'unknown', why: 'sign-in-needed' } as const;
  await panel.say(room({ ...FREE, trust }));
  expect(main()?.dataset.tone).toBe('unknown');
  expect(panel.text()).toContain('Not known');
  expect(panel.text()).toContain('has to be renewed in the console');
  expect(panel.text()).not.toContain('Free');
  expect(panel.page.queryAllByTestId('book')).toHaveLength(0);
});

const LASTING = { kind: 'fresh', lastRead: NOW, until: at('23:00') } as const;

test('a fresh calendar that cannot be read says so when that lasts, and starts over with another reason', async () => {
  const say = (readProblem: View['readProblem']) =>
    panel.say(view({ kind: 'room', view: roomView({ ...FREE, trust: LASTING }) }, { readProblem }));
  await say('unreachable');
  await panel.pass(seconds(6));
  await say('unreachable');
  expect(panel.text()).not.toContain('cannot be reached');
  await panel.pass(seconds(4));
  expect(panel.text()).toContain('cannot be reached');
  await say('no-token');
  expect(panel.text()).not.toMatch(/cannot be reached|has no access/);
  await panel.pass(seconds(10));
  expect(panel.text()).toContain('has no access to the calendar yet');
  await say(null);
  expect(panel.text()).not.toContain('has no access');
});

test.each([
  ['fresh', LASTING],
  ['stale', { ...STALE, why: 'no-token' }],
  ['unknown', { kind: 'unknown', why: 'no-token' }],
] as const)('without a link nothing is said of central’s access (%s)', async (_, trust) => {
  const status = trust.kind === 'unknown' ? ({ kind: 'unknown' } as const) : FREE.status;
  const shown = (problems: View['problems']) =>
    view({ kind: 'room', view: roomView({ ...FREE, status, trust }) }, { readProblem: 'no-token', problems });
  await panel.say(shown([{ kind: 'central-away', since: at('14:00') }]));
  await panel.pass(seconds(20));
  expect(panel.text()).toContain('Central has not answered since 14:00');
  expect(panel.text()).not.toContain('has no access');
  if (trust.kind !== 'fresh') expect(panel.text()).toContain('The central server does not answer');
  await panel.say(shown([]));
  await panel.pass(seconds(10));
  expect(panel.text()).toContain('has no access to the calendar yet');
});

test('the clock shows the corrected time and moves at the full minute', async () => {
  await panel.say({ ...room(TAKEN), clockOffset: seconds(-330) });
  expect(panel.page.getByTestId('clock').textContent).toBe('14:01');
  await panel.pass(seconds(30));
  expect(panel.page.getByTestId('clock').textContent).toBe('14:02');
});

test('nothing but the minute wakes an idle panel', async () => {
  const trust = { kind: 'fresh', lastRead: NOW, until: at('23:00') } as const;
  await panel.say(room({ ...TAKEN, trust }));
  let readings = 0;
  const now = panel.clock.now;
  panel.clock.now = () => {
    readings++;
    return now();
  };
  await panel.pass(minutes(10));
  expect(readings).toBe(10);
});

// A minute back: when the timer fires, the clock reads what it read before.
test.each([-30, -1, 30])('a clock that is set by %d minutes does not stop the minutes', async by => {
  await panel.say(room(TAKEN));
  panel.clock.jump(minutes(by));
  await panel.pass(minutes(2));
  expect(panel.page.getByTestId('clock').textContent).toBe(timeOf(plus(NOW, minutes(by + 2))));
});

test('a view that does not parse hides everything, is reported without its content, and is forgotten with the next', async () => {
  await panel.say(room(FREE));
  const secret = 'Secret acquisition';
  await panel.say(JSON.stringify({ ...room({ ...FREE, meetings: [meeting('15:00', '16:00', secret)] }), seq: 'x' }));
  expect(panel.text()).toContain('Restarting');
  expect(panel.text()).not.toContain('Free');
  await panel.say('{"seq":');
  expect(panel.reports).toHaveLength(2);
  expect(panel.reports.join()).not.toContain(secret);
  await panel.say(room(FREE));
  expect(panel.text()).toContain('Free');
});

test('a clock from 1970 shows the snapshot as it is, without crashing', async () => {
  panel.stop();
  panel = showPanel(instant(0));
  await panel.say(room({ ...FREE, trust: STALE }));
  expect(isStale()).toBe(true);
});
