// @vitest-environment happy-dom
import * as v from 'valibot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  AFTERNOON,
  at,
  eventId,
  MORNING,
  meeting,
  NOW,
  roomView,
  view,
} from '../../renderer/gallery/fixtures/build.ts';
import { AWAITED, FREE, OURS, oursActions, TAKEN } from '../../renderer/gallery/fixtures/rooms.ts';
import type { BookingView } from '../../src/contract/bridge/view.ts';
import { IntentId } from '../../src/contract/values/ids.ts';
import { minutes, seconds } from '../../src/contract/values/time.ts';
import { finger, showPanel } from './harness.tsx';

type Parts = Parameters<typeof roomView>[0];
const room = (parts: Parts) => view({ kind: 'room', view: roomView({ ...parts, trust: LASTING }) });
const LASTING = { kind: 'fresh', lastRead: NOW, until: at('23:00') } as const;
const booking = (state: BookingView['state'], action: BookingView['action'] = { kind: 'book' }): BookingView => ({
  intent: v.parse(IntentId, 'tap-1'),
  action,
  span: { start: NOW, end: at('14:37') },
  state,
});
const booked = meeting('14:07', '14:37', 'Booked at the door', { isOurs: true, isCheckedIn: true });
const CONFIRMED = room({
  status: { kind: 'in-meeting', meeting: booked, freeAt: at('14:37') },
  meetings: [...MORNING, booked, ...AFTERNOON],
  booking: booking({ kind: 'confirmed', event: eventId('x') }),
});

let panel: ReturnType<typeof showPanel>;
beforeEach(() => {
  panel = showPanel(NOW);
});
afterEach(() => {
  expect(panel.stop(), 'nothing stays behind').toEqual({ timers: 0, listeners: 0 });
});

test('a tap shows the asked booking before any answer, and never as booked', async () => {
  await panel.say(room(FREE));
  await panel.tap('book', 1);
  expect(panel.sent).toEqual([{ kind: 'book', id: 'tap-1', end: at('14:37') }]);
  expect(panel.text()).toContain('Booking…');
  expect(panel.text()).toContain('14:07\u2009–\u200914:37');
  expect(panel.text()).not.toContain('Booked');
  expect(panel.page.queryAllByTestId('book')).toHaveLength(0);
});

test('the glass has changed within the same task as the finger lifting', async () => {
  await panel.say(room(FREE));
  const [button] = panel.page.getAllByTestId('book');
  if (!button) throw new Error('no button');
  finger(button);
  // Microtasks only: no timer, no frame in between.
  await Promise.resolve();
  await Promise.resolve();
  expect(panel.text()).toContain('Booking…');
});

test('a double tap, and a tap on another button meanwhile, send one intent', async () => {
  await panel.say(room(FREE));
  const [first, second] = panel.page.getAllByTestId('book');
  if (!first || !second) throw new Error('two buttons are expected');
  finger(first);
  finger(first);
  finger(second);
  await panel.settle();
  expect(panel.sent).toHaveLength(1);
});

test('a view that does not speak of the tap leaves the asked booking standing', async () => {
  await panel.say(room(FREE));
  await panel.tap('book', 1);
  await panel.say(room(FREE));
  expect(panel.text()).toContain('Booking…');
});

test('submitted, then confirmed: shown for six seconds and dismissed once', async () => {
  await panel.say(room(FREE));
  await panel.tap('book', 1);
  await panel.say(room({ ...FREE, booking: booking({ kind: 'submitted' }) }));
  expect(panel.text()).not.toContain('Booked 14');
  await panel.say(CONFIRMED);
  expect(panel.text()).toContain('Booked 14:07\u2009–\u200914:37');
  await panel.pass(seconds(5));
  expect(panel.sent).toHaveLength(1);
  await panel.pass(seconds(2));
  expect(panel.sent.slice(1)).toEqual([{ kind: 'dismiss-booking', id: 'tap-2', booking: 'tap-1' }]);
  expect(panel.text(), 'gone at once, whatever the agent does').not.toContain('Booked 14:07');
  await panel.pass(seconds(60));
  expect(panel.sent).toHaveLength(2);
});

test.each([
  ['slot-taken', 'Somebody else has the room'],
  ['lost-race', 'a moment earlier'],
  ['too-late', 'The time had passed'],
  ['sign-in-needed', 'renewed in the console'],
  ['declined', 'its own booking rules'],
  ['no-answer', 'did not answer in time'],
] as const)('a refusal (%s) says why in plain words, and a new tap is possible after OK', async (why, words) => {
  await panel.say(room({ ...FREE, booking: booking({ kind: 'refused', why }) }));
  expect(panel.text()).toContain('Not booked');
  expect(panel.text()).toContain(words);
  await panel.tap('dismiss');
  expect(panel.sent).toEqual([{ kind: 'dismiss-booking', id: 'tap-1', booking: 'tap-1' }]);
  await panel.tap('book');
  expect(panel.sent).toHaveLength(2);
});

test('a room that was asked is neither booked nor held, and is waited for', async () => {
  await panel.say(room({ ...FREE, booking: booking({ kind: 'asked' }) }));
  expect(panel.text()).toContain('Asking…');
  expect(panel.text()).toContain('Asked the room: 14:07\u2009–\u200914:37');
  expect(panel.text()).toContain('may take a minute');
  expect(panel.text()).not.toMatch(/Booked|Booking|Requested/);
  expect(panel.page.getByTestId('dismiss').textContent, 'nobody has to wait for it').toBe('Cancel');
  await panel.pass(seconds(70));
  expect(panel.text(), 'however long it takes').toContain('Asked the room');
  await panel.say(CONFIRMED);
  await panel.pass(seconds(5));
  expect(panel.text(), 'the six seconds count from the answer').toContain('Booked 14:07');
  await panel.say(room({ ...FREE, booking: booking({ kind: 'asked' }, { kind: 'extend', meeting: eventId('x') }) }));
  expect(panel.text()).toContain('Asked the room: extension to 14:37');
  expect(panel.page.queryAllByTestId('dismiss')).toHaveLength(0);
});

test('a held booking is requested, not booked, and can be taken back', async () => {
  await panel.say(room({ ...FREE, booking: booking({ kind: 'held' }) }));
  expect(panel.text()).toContain('Requested');
  expect(panel.text()).toContain('as soon as the calendar answers');
  expect(panel.text()).not.toContain('Booked');
  await panel.tap('dismiss');
  expect(panel.sent).toMatchObject([{ kind: 'dismiss-booking' }]);
  expect(panel.text()).not.toContain('Requested');
  await panel.say(room({ ...FREE, booking: booking({ kind: 'held', canTakeBack: false }) }));
  expect(panel.page.queryAllByTestId('dismiss')).toHaveLength(0);
});

test('an agent that never answers is said to be silent after ten seconds', async () => {
  await panel.say(room(FREE));
  await panel.tap('book');
  await panel.pass(seconds(9));
  expect(panel.text()).toContain('Booking…');
  await panel.pass(seconds(2));
  expect(panel.text()).toContain('No answer');
  await panel.tap('dismiss');
  expect(panel.sent, 'the agent knows of no booking to dismiss').toHaveLength(1);
  expect(panel.page.getAllByTestId('book').length).toBeGreaterThan(0);
});

test('ending early takes a second tap within five seconds', async () => {
  await panel.say(room({ ...OURS, actions: oursActions }));
  await panel.tap('end-early');
  expect(panel.text()).toContain('End now?');
  expect(panel.sent).toEqual([]);
  await panel.pass(seconds(6));
  expect(panel.text()).not.toContain('End now?');
  await panel.tap('end-early');
  expect(panel.sent).toEqual([]);
  await panel.tap('end-early');
  await panel.settle();
  expect(panel.sent).toEqual([{ kind: 'end-early', id: 'tap-1', meeting: OURS.status.meeting.id }]);
  expect(panel.text()).toContain('Ending the meeting');
});

test.each([
  ['shorten', 'the organiser’s calendar keeps the old end'],
  ['decline', 'The organiser will be told'],
] as const)(
  'ending the meeting of others (%s) says what it does, leaves time to read, and is sent once',
  async (endEarly, words) => {
    const canEnd = { ...TAKEN.actions, canEndEarly: true, endEarly };
    await panel.say(room({ ...TAKEN, actions: canEnd }));
    expect(panel.text()).not.toContain(words);
    await panel.tap('end-early');
    expect(panel.text()).toContain(words);
    expect(panel.page.queryAllByTestId('find-room'), 'nothing else beside it').toHaveLength(0);
    await panel.pass(seconds(9));
    expect(panel.text()).toContain(words);
    await panel.pass(seconds(2));
    expect(panel.text()).not.toContain(words);
    await panel.tap('end-early');
    await panel.tap('end-early');
    expect(panel.sent).toEqual([{ kind: 'end-early', id: 'tap-1', meeting: TAKEN.status.meeting.id }]);
  },
);

test('a meeting that is being ended has ended once the room’s calendar says so, whatever is still to be answered', async () => {
  const action = { kind: 'end-early', meeting: OURS.status.meeting.id } as const;
  const { id: meeting } = OURS.status.meeting;
  for (const state of [{ kind: 'asked' }, { kind: 'submitted' }] as const) {
    await panel.say(room({ ...OURS, booking: booking(state, action) }));
    expect(panel.text()).toContain('Ending the meeting …');
    expect(panel.text()).not.toMatch(/Asked|has ended/);
    await panel.say(room({ ...FREE, booking: booking(state, action) }));
    expect(panel.text()).toContain('The meeting has ended');
    expect(panel.text()).not.toMatch(/Ending|minute until/);
  }
  await panel.say(room({ ...TAKEN, booking: booking({ kind: 'asked' }, action) }));
  expect(panel.text(), 'taken by whomever').toContain('Ending the meeting …');
  await panel.say(room({ ...FREE, booking: booking({ kind: 'asked' }, { kind: 'extend', meeting }) }));
  expect(panel.text(), 'an extension stands in no other light').toContain('Asked the room: extension');
});

test('extending names the new end', async () => {
  await panel.say(room({ ...OURS, actions: oursActions }));
  await panel.tap('extend');
  expect(panel.sent).toEqual([{ kind: 'extend', id: 'tap-1', meeting: OURS.status.meeting.id, end: at('14:45') }]);
  expect(panel.text()).toContain('Extending to 14:45');
});

test('checking in is shown at once and ends with the view', async () => {
  await panel.say(room(AWAITED));
  expect(panel.text()).toContain('within 8 min');
  await panel.tap('check-in');
  expect(panel.sent).toEqual([{ kind: 'check-in', id: 'tap-1', meeting: AWAITED.status.meeting.id }]);
  expect(panel.text()).toContain('Checking in');
  await panel.say(room({ ...AWAITED, checkInIntent: v.parse(IntentId, 'tap-1') }));
  expect(panel.text()).toContain('Checking in');
  const here = { ...AWAITED.status.meeting, isCheckedIn: true };
  await panel.say(
    room({ ...AWAITED, actions: FREE.actions, status: { kind: 'in-meeting', meeting: here, freeAt: at('15:00') } }),
  );
  expect(panel.text()).not.toContain('Checking in');
});

test('the check-in counts down by the second in its last minute only', async () => {
  await panel.say(room({ ...AWAITED, status: { ...AWAITED.status, deadline: at('14:09') } }));
  expect(panel.text()).toContain('within 2 min');
  await panel.pass(minutes(1));
  await panel.pass(seconds(18));
  expect(panel.text()).toContain('within 0:42');
});

test('a walk-up whose end has passed is not offered', async () => {
  const soon = { length: minutes(1), end: at('14:08'), isUntilNext: false };
  await panel.say(room({ ...FREE, actions: { ...FREE.actions, book: [soon, ...FREE.actions.book] } }));
  expect(panel.page.getAllByTestId('book')).toHaveLength(4);
  await panel.pass(seconds(61));
  expect(panel.page.getAllByTestId('book')).toHaveLength(3);
});
