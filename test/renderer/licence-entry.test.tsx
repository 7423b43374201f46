// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CENTRAL, MAC, NOW, view } from '../../renderer/gallery/fixtures/build.ts';
import type { JoinProblem } from '../../src/contract/bridge/view.ts';
import { makeLicenceKey } from '../../src/contract/values/licence-key.ts';
import { minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { finger, showPanel } from './harness.tsx';

const KEY = makeLicenceKey(Array.from({ length: 24 }, (_, i) => (i * 11 + 5) % 32));
const pairing = (problem: JoinProblem | null = null, isKeySubmitted = false) =>
  view({
    kind: 'pairing',
    code: 'BCDFGHJK',
    expires: plus(NOW, minutes(10)),
    mac: MAC,
    centralUrl: CENTRAL,
    words: ['harbour', 'copper', 'lantern', 'meadow'],
    isKeySubmitted,
    problem,
  });

let panel: ReturnType<typeof showPanel>;
beforeEach(async () => {
  panel = showPanel(NOW);
  await panel.say(pairing());
});
afterEach(() => void panel.stop());

async function press(text: string) {
  for (const character of text.replaceAll('-', '')) {
    finger(panel.page.getByRole('button', { name: character }));
    await panel.settle();
  }
}
const field = () => panel.page.getByTestId('licence-key').textContent;

test('a key typed on the glass is grouped, checked and sent once it is whole', async () => {
  await panel.tap('enter-key');
  await press(KEY.slice(0, 13));
  expect(field()).toContain(KEY.slice(0, 5));
  expect(panel.page.getByTestId('use-key')).toHaveProperty('disabled', true);
  await press(KEY.slice(13));
  expect(field()).toBe(KEY.replaceAll('-', ''));
  await panel.tap('use-key');
  expect(panel.sent).toEqual([{ kind: 'enter-licence-key', id: 'tap-1', key: KEY }]);
});

test('a mistyped or swapped character is noticed before anything is sent', async () => {
  await panel.tap('enter-key');
  const at = [...KEY].findIndex((c, i) => i < 20 && c !== KEY[i + 1] && c !== '-' && KEY[i + 1] !== '-');
  const swapped = `${KEY.slice(0, at)}${KEY[at + 1]}${KEY[at]}${KEY.slice(at + 2)}`;
  await press(swapped);
  expect(panel.text()).toContain('A character is mistyped or two are swapped');
  await panel.tap('use-key');
  expect(panel.sent).toEqual([]);
  finger(panel.page.getByRole('button', { name: 'Delete' }));
  await panel.settle();
  expect(panel.text()).toContain('1 character to go');
});

test('a real keyboard types too, and its look-alikes are forgiven', async () => {
  await panel.tap('enter-key');
  for (const key of KEY.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')) fireEvent.keyDown(document, { key });
  await panel.settle();
  fireEvent.keyDown(document, { key: 'Enter' });
  expect(panel.sent).toEqual([{ kind: 'enter-licence-key', id: 'tap-1', key: KEY }]);
});

test('while central looks at the key nothing more is sent; its refusal is said in words and the typing stays', async () => {
  await panel.tap('enter-key');
  await press(KEY);
  await panel.tap('use-key');
  await panel.say(pairing(null, true));
  expect(panel.text()).toContain('Checking the key');
  await panel.tap('use-key');
  expect(panel.sent).toHaveLength(1);
  await panel.say(pairing('key-in-use'));
  expect(panel.text()).toContain('in use on another panel');
  expect(field()).toBe(KEY.replaceAll('-', ''));
});

test('the code stands in two groups with its time left, then a new one can be asked for', async () => {
  expect(panel.page.getByTestId('code').innerHTML).toContain('<span>BCDF</span><span>GHJK</span>');
  expect(panel.text()).toContain('Valid for 10:00');
  await panel.pass(seconds(19));
  expect(panel.text()).toContain('Valid for 9:41');
  await panel.pass(minutes(10));
  expect(panel.text()).toContain('The code has expired');
  await panel.tap('new-code');
  expect(panel.sent).toEqual([{ kind: 'ask-new-code', id: 'tap-1' }]);
});

test('an address typed for central is sent as it was typed', async () => {
  await panel.say(view({ kind: 'find-central', url: null, isTrying: false, problem: null }));
  for (const key of 'lintel.example:8443') fireEvent.keyDown(document, { key });
  await panel.settle();
  await panel.tap('connect');
  expect(panel.sent).toEqual([{ kind: 'enter-central', id: 'tap-1', url: 'lintel.example:8443' }]);
});

test('choosing a room sends one choice', async () => {
  const rooms = [{ id: 'r1', name: 'Fjord', detail: null }];
  await panel.say(
    JSON.stringify(view({ kind: 'starting' })).replace(
      '{"kind":"starting"}',
      JSON.stringify({ kind: 'choose-room', rooms }),
    ),
  );
  const button = panel.page.getByRole('button', { name: 'Fjord' });
  finger(button);
  finger(button);
  expect(panel.sent).toEqual([{ kind: 'choose-room', id: 'tap-1', room: 'r1' }]);
});
