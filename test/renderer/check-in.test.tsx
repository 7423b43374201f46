// @vitest-environment happy-dom
/** Wanted, and nobody has come yet; and what is left of it when nobody came. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { at, meeting, NO_ACTIONS, NOW, roomView, STALE, view } from '../../renderer/gallery/fixtures/build.ts';
import { AWAITED, FREE, TAKEN } from '../../renderer/gallery/fixtures/rooms.ts';
import { minutes } from '../../src/contract/values/time.ts';
import { showPanel } from './harness.tsx';

type Parts = Parameters<typeof roomView>[0];
const LASTING = { kind: 'fresh', lastRead: NOW, until: at('23:00') } as const;
const room = (parts: Parts) => view({ kind: 'room', view: roomView({ trust: LASTING, ...parts }) });

let panel: ReturnType<typeof showPanel>;
beforeEach(() => {
  panel = showPanel(NOW);
});
afterEach(() => {
  expect(panel.stop(), 'nothing stays behind').toEqual({ timers: 0, listeners: 0 });
});
const tone = () => panel.page.container.querySelector('main')?.dataset.tone;
const shape = () => panel.page.container.querySelector('.mark')?.innerHTML;

test('it has a word, a tone and a shape of its own', async () => {
  const soon = { kind: 'starting-soon', meeting: meeting('14:15', '15:00', 'Workshop') } as const;
  const looks = [];
  for (const parts of [FREE, TAKEN, AWAITED, { status: soon }]) {
    await panel.say(room(parts));
    looks.push([tone(), shape(), panel.page.container.querySelector('.word')?.textContent]);
  }
  for (const part of [0, 1, 2]) expect(new Set(looks.map(look => look[part])).size).toBe(4);
});

test('it says by when, and that the room is released, where it is', async () => {
  await panel.say(room(AWAITED));
  expect(panel.text()).toContain('Check in by 14:15 or the room is released');
  await panel.say(room({ ...AWAITED, status: { ...AWAITED.status, isReleasedThen: false } }));
  expect(panel.text()).toContain('Check in by 14:15');
  expect(panel.text()).not.toContain('released');
});

test('no release is announced on a plan that may be out of date', async () => {
  await panel.say(room({ ...AWAITED, trust: STALE }));
  expect(panel.text()).toContain('Check in by 14:15');
  expect(panel.text()).not.toContain('released');
  const hung = { kind: 'fresh', lastRead: NOW, until: at('14:09') } as const;
  await panel.say(room({ ...AWAITED, trust: hung }));
  expect(panel.text()).toContain('or the room is released');
  await panel.pass(minutes(3));
  expect(panel.text()).not.toContain('released');
});

test('a deadline that passes without news leaves the meeting in the room', async () => {
  await panel.say(room(AWAITED));
  await panel.pass(minutes(8));
  expect(tone()).toBe('taken');
});

test.each([
  ['starting soon', { kind: 'starting-soon', meeting: meeting('14:15', '15:00', 'Workshop') } as const],
  ['free', { kind: 'free', until: at('14:15') } as const],
])('before the start, while the room is %s, the key says for which meeting', async (_, status) => {
  const next = meeting('14:15', '15:00', 'Workshop');
  const actions = { ...NO_ACTIONS, canCheckIn: true };
  await panel.say(room({ status, meetings: [next, meeting('15:00', '16:00', 'Later')], actions }));
  expect(panel.find('check-in').textContent).toBe('Check infor the meeting at 14:15');
  await panel.tap('check-in');
  expect(panel.sent).toEqual([{ kind: 'check-in', id: 'tap-1', meeting: next.id }]);
});

test('once it has begun the key needs no hint', async () => {
  await panel.say(room(AWAITED));
  expect(panel.find('check-in').textContent).toBe('Check in');
});

test('a room that was given back says so for as long as the view does', async () => {
  await panel.say(room({ ...FREE, released: { start: at('14:00'), end: at('15:00') } }));
  expect(panel.page.getByTestId('released').textContent).toBe('Released: nobody checked in (14:00\u2009–\u200915:00)');
  await panel.say(room(FREE));
  expect(panel.page.queryByTestId('released')).toBeNull();
});
