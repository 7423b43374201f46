// @vitest-environment happy-dom
/** Looking for another room and booking it, from the tap to the words that say where to go. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { at, eventId, NOW, roomView, STALE, view } from '../../renderer/gallery/fixtures/build.ts';
import { booking, found, LYNGEN } from '../../renderer/gallery/fixtures/find.ts';
import { AWAITED, FREE, TAKEN } from '../../renderer/gallery/fixtures/rooms.ts';
import type { FindView } from '../../src/contract/bridge/view.ts';
import { minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { finger, showPanel } from './harness.tsx';

type Parts = Parameters<typeof roomView>[0];
const LASTING = { kind: 'fresh', lastRead: NOW, until: at('23:00') } as const;
const room = (parts: Parts) => view({ kind: 'room', view: roomView({ trust: LASTING, ...parts }) });
const taken = (find: FindView | null, more: Partial<Parts> = {}) => room({ ...TAKEN, find, ...more });
const HALF = minutes(30);
const SOGN = { ...LYNGEN, room: LYNGEN.room, name: 'Sogn', freeUntil: null, nearness: 'building', floor: '5' } as const;

let panel: ReturnType<typeof showPanel>;
beforeEach(() => {
  panel = showPanel(NOW);
});
afterEach(() => {
  expect(panel.stop(), 'nothing stays behind').toEqual({ timers: 0, listeners: 0 });
});
const sheet = () => panel.page.queryByTestId('find');

test('the key opens the search within the same task, for half an hour, and tells the agent', async () => {
  await panel.say(taken(null));
  finger(panel.find('find-room'));
  await Promise.resolve();
  await Promise.resolve();
  expect(sheet()?.dataset.find).toBe('searching');
  expect(panel.text()).toContain('Looking for free rooms');
  expect(panel.sent).toEqual([{ kind: 'find-rooms', id: 'tap-1', length: HALF }]);
});

test('the key is offered where the view allows it, and loudest where this room has nothing to offer', async () => {
  await panel.say(taken(null));
  expect(panel.find('find-room').textContent).toContain('Find a room');
  await panel.say(room(FREE));
  expect(panel.find('find-room').textContent).toBe('Other rooms');
  await panel.say(room({ ...FREE, findLengths: [] }));
  expect(panel.page.queryByTestId('find-room')).toBeNull();
  await panel.say(room({ ...FREE, actions: { ...FREE.actions, canFindRoom: false } }));
  expect(panel.page.queryByTestId('find-room')).toBeNull();
});

test('what is found stands in the agent’s order, with where, how large, what is in it and until when', async () => {
  await panel.say(taken(found([LYNGEN, SOGN])));
  expect(panel.text()).toContain('Tap a room to book it until 14:37');
  expect(panel.page.getAllByTestId('found-room').map(key => key.textContent)).toEqual([
    'Lyngenuntil 16:00This floor\u00a0\u00a0·\u00a0 8 seats\u00a0\u00a0·\u00a0 Display\u00a0\u00a0·\u00a0 Video',
    'Sognrest of the dayFloor 5\u00a0\u00a0·\u00a0 8 seats\u00a0\u00a0·\u00a0 Display\u00a0\u00a0·\u00a0 Video',
  ]);
  expect(panel.text(), 'the state of this room stays in sight').toContain('Fjord: In use, until 14:30');
});

test('one tap books it until the end that is shown, and says where to go for fifteen seconds', async () => {
  await panel.say(taken(found([LYNGEN])));
  await panel.tap('found-room');
  expect(panel.sent).toEqual([{ kind: 'book-elsewhere', id: 'tap-1', room: LYNGEN.room, end: at('14:37') }]);
  expect(sheet()).toBeNull();
  expect(panel.text()).toContain('Booking Lyngen until 14:37 …');
  // The agent has not closed the search yet.
  await panel.say(taken(found([LYNGEN]), { booking: booking({ kind: 'asked' }) }));
  expect(sheet()).toBeNull();
  expect(panel.text()).toContain('Asked: Lyngen until 14:37');
  expect(panel.text()).not.toContain('Booked');
  await panel.say(taken(null, { booking: booking({ kind: 'confirmed', event: eventId('x') }) }));
  expect(panel.text()).toContain('Booked: Lyngen until 14:37');
  expect(panel.text()).toContain('Floor 4, Havnelageret');
  await panel.pass(seconds(14));
  expect(panel.text()).toContain('Booked: Lyngen');
  await panel.pass(seconds(1));
  expect(panel.text()).not.toContain('Booked: Lyngen');
  expect(panel.sent.slice(1)).toEqual([{ kind: 'dismiss-booking', id: 'tap-2', booking: 'tap-1' }]);
});

test('two quick taps on two rooms book one', async () => {
  await panel.say(taken(found([LYNGEN, SOGN])));
  const [first, second] = panel.page.getAllByTestId('found-room');
  if (!first || !second) throw new Error('two rooms are expected');
  finger(first);
  finger(second);
  await panel.settle();
  expect(panel.sent).toHaveLength(1);
});

test('a refusal says which room and why, and looks for another for as long', async () => {
  await panel.say(taken(null, { booking: booking({ kind: 'refused', why: 'lost-race' }) }));
  expect(panel.text()).toContain('Not booked: Lyngen');
  expect(panel.text()).toContain('a moment earlier');
  expect(panel.find('find-instead').textContent).toBe('Find another');
  await panel.tap('find-instead');
  expect(panel.sent).toEqual([
    { kind: 'dismiss-booking', id: 'tap-1', booking: 'tap-1' },
    { kind: 'find-rooms', id: 'tap-2', length: HALF },
  ]);
  expect(sheet()?.dataset.find).toBe('searching');
});

test('this room’s own refusal offers other rooms when somebody else has it, and not when the calendar is out of order', async () => {
  const refused = (why: 'slot-taken' | 'lost-race' | 'provider-error') =>
    room({ ...FREE, booking: { ...booking({ kind: 'refused', why }), action: { kind: 'book' } } });
  for (const why of ['slot-taken', 'lost-race'] as const) {
    await panel.say(refused(why));
    expect(panel.find('find-instead').textContent).toBe('Other rooms');
  }
  await panel.say(refused('provider-error'));
  expect(panel.page.queryByTestId('find-instead')).toBeNull();
});

test('another length is searched at once; the old answer is not taken for the new one', async () => {
  await panel.say(taken(found([LYNGEN])));
  await panel.tap('find-length', 2);
  expect(panel.sent).toEqual([{ kind: 'find-rooms', id: 'tap-1', length: minutes(60) }]);
  expect(sheet()?.dataset.find).toBe('searching');
  await panel.say(taken(found([LYNGEN])));
  expect(sheet()?.dataset.find, 'still of the half hour').toBe('searching');
  await panel.say(taken(found([SOGN], minutes(60))));
  expect(panel.page.getAllByTestId('found-room')).toHaveLength(1);
  expect(panel.text()).toContain('until 15:07');
});

test('trying again after a failure waits for a new answer', async () => {
  const failed = { kind: 'failed', length: HALF, why: 'throttled' } as const;
  await panel.say(taken(failed));
  expect(panel.text()).toContain('The calendar service asks us to wait');
  await panel.tap('find-again');
  expect(sheet()?.dataset.find).toBe('searching');
  await panel.say(taken(failed));
  expect(sheet()?.dataset.find).toBe('searching');
  await panel.say(taken({ kind: 'searching', length: HALF }));
  await panel.say(taken(failed));
  expect(sheet()?.dataset.find).toBe('failed');
});

test.each([
  ['central-away', 'The central server does not answer'],
  ['no-access', 'may not see when other rooms are free'],
  ['unreachable', 'cannot be reached over the network'],
] as const)('a failure (%s) is told in plain words', async (why, words) => {
  await panel.say(taken({ kind: 'failed', length: HALF, why }));
  expect(panel.text()).toContain(words);
});

test('nothing free is said, with the length', async () => {
  await panel.say(taken(found([], minutes(120))));
  expect(panel.text()).toContain('No other room is free for 2 h');
});

test('closing is at once, is told, and stays although an older view still speaks of the search', async () => {
  await panel.say(taken(found([LYNGEN])));
  await panel.tap('close-find');
  expect(sheet()).toBeNull();
  expect(panel.sent).toEqual([{ kind: 'close-find', id: 'tap-1' }]);
  await panel.say(taken(found([LYNGEN])));
  expect(sheet()).toBeNull();
  await panel.say(taken(null));
  await panel.tap('find-room');
  await panel.say(taken({ kind: 'searching', length: HALF }));
  await panel.say(taken(found([LYNGEN])));
  expect(sheet()?.dataset.find, 'and can be opened again').toBe('found');
});

test('the agent closes it when it likes', async () => {
  await panel.say(taken(found([LYNGEN])));
  await panel.say(taken(null));
  expect(sheet()).toBeNull();
});

test('an agent that never answers is said not to after ten seconds', async () => {
  await panel.say(taken(null));
  await panel.tap('find-room');
  await panel.pass(seconds(9));
  expect(sheet()?.dataset.find).toBe('searching');
  await panel.pass(seconds(2));
  expect(panel.text()).toContain('No answer');
  await panel.tap('find-again');
  expect(panel.sent).toHaveLength(2);
  expect(sheet()?.dataset.find).toBe('searching');
});

test('what is stale offers neither a search nor what was found', async () => {
  await panel.say(taken(null, { trust: STALE }));
  expect(panel.page.queryByTestId('find-room')).toBeNull();
  await panel.say(taken(found([LYNGEN]), { trust: STALE }));
  expect(sheet()).toBeNull();
});

test('an agent that hangs takes the search with it, and silence does', async () => {
  const trust = { kind: 'fresh', lastRead: NOW, until: plus(NOW, seconds(70)) } as const;
  await panel.say(taken(found([LYNGEN]), { trust }));
  await panel.pass(seconds(69));
  expect(sheet()).not.toBeNull();
  await panel.pass(seconds(1));
  expect(sheet()).toBeNull();
  expect(panel.page.queryByTestId('find-room')).toBeNull();
  await panel.say(taken(found([LYNGEN])));
  expect(sheet()).not.toBeNull();
  await panel.silence(true);
  await panel.pass(seconds(3));
  expect(sheet()).toBeNull();
});

test('nothing is booked until an end that has passed', async () => {
  const brief = { kind: 'found', length: minutes(1), at: NOW, end: plus(NOW, minutes(1)), rooms: [LYNGEN] } as const;
  await panel.say(taken({ ...brief, rooms: [LYNGEN] }));
  await panel.pass(minutes(1));
  expect(sheet()).toBeNull();
});

test('a name from outside is text on the sheet and on the strip, and long ones leave room for the time', async () => {
  const raw = '<img src=x onerror=alert(1)>\u202e\u0000';
  const hostile = { ...LYNGEN, name: raw, building: raw, floor: raw, equipment: [raw] };
  await panel.say(taken(found([hostile])));
  expect(panel.page.container.querySelector('img')).toBeNull();
  expect(panel.text()).not.toMatch(/[\p{Cc}\u202e]/u);
  const long = { ...LYNGEN, name: 'Kraków '.repeat(20) };
  await panel.say(taken(null, { booking: booking({ kind: 'confirmed', event: eventId('x') }, long) }));
  expect(panel.text()).toMatch(/Booked: Kraków .{20,40}… until 14:37/);
});

test('beside a check-in, a walk-up and an extension the key keeps back', async () => {
  await panel.say(room(AWAITED));
  expect(panel.find('find-room').className).toContain('button-key');
  expect(panel.find('check-in').className).toContain('button-primary');
});
