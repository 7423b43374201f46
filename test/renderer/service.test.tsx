// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, CENTRAL, MAC, NOW, roomView, view } from '../../renderer/gallery/fixtures/build.ts';
import { FREE } from '../../renderer/gallery/fixtures/rooms.ts';
import { ASKING, OPEN } from '../../renderer/gallery/fixtures/service.ts';
import { pairing } from '../../renderer/gallery/fixtures/set-up.ts';
import type { Screen, ServiceView } from '../../src/contract/bridge/view.ts';
import { minutes, seconds } from '../../src/contract/values/time.ts';
import { showPanel } from './harness.tsx';

const ROOM: Screen = {
  kind: 'room',
  view: roomView({ ...FREE, trust: { kind: 'fresh', lastRead: NOW, until: at('23:00') } }),
};
const on = (screen: Screen, service: ServiceView | null = null) => view(screen, { service });
const WRONG = { ...ASKING, problem: { kind: 'wrong' } } as const;

let panel: ReturnType<typeof showPanel>;
beforeEach(() => {
  panel = showPanel(NOW);
});
afterEach(() => {
  expect(panel.stop(), 'nothing stays behind').toEqual({ timers: 0, listeners: 0 });
});
const dots = () => panel.page.getByTestId('pin').querySelectorAll('.dot').length;
const type = async (digits: string) => {
  for (const digit of digits) await panel.tap(`digit-${digit}`);
};
const press = (testId: string) => fireEvent.pointerDown(panel.find(testId), { isPrimary: true, button: 0 });

describe('the way there', () => {
  const SCREENS: [string, Screen][] = [
    ['room', ROOM],
    ['pairing', pairing],
    ['find-central', { kind: 'find-central', url: null, isTrying: false, problem: null }],
    ['choose-room', { kind: 'choose-room', rooms: [] }],
    ['revoked', { kind: 'revoked', centralUrl: CENTRAL }],
    ['identity-conflict', { kind: 'identity-conflict', mac: MAC, centralUrl: CENTRAL }],
    ['version-unsupported', { kind: 'version-unsupported', centralUrl: CENTRAL }],
    ['starting', { kind: 'starting' }],
  ];
  test.each(SCREENS)('on the screen %s three seconds of holding ask for it, once', async (_name, screen) => {
    await panel.say(on(screen));
    press('service-spot');
    await panel.pass(seconds(2.9));
    expect(panel.sent).toEqual([]);
    expect(panel.find('service-spot').dataset.held, 'it shows that it is felt').toBe('true');
    await panel.pass(seconds(0.2));
    expect(panel.sent).toEqual([{ kind: 'open-service', id: 'tap-1', pin: null }]);
    await panel.pass(minutes(1));
    expect(panel.sent).toHaveLength(1);
  });

  test('a touch, a finger that slides away and one that is taken by the system ask for nothing', async () => {
    await panel.say(on(ROOM));
    await panel.tap('service-spot');
    press('service-spot');
    fireEvent.pointerMove(panel.find('service-spot'), { clientX: 500, clientY: 500 });
    await panel.pass(seconds(4));
    press('service-spot');
    fireEvent.pointerCancel(panel.find('service-spot'));
    await panel.pass(seconds(4));
    expect(panel.sent).toEqual([]);
    expect(panel.find('service-spot').dataset.held).toBe('false');
  });

  test('a keyboard reaches it as a button and need not hold', async () => {
    await panel.say(on(ROOM));
    const spot = panel.page.getByRole('button', { name: /Service: hold for three seconds/ });
    fireEvent.click(spot);
    expect(panel.sent).toMatchObject([{ kind: 'open-service', pin: null }]);
  });
});

describe('the PIN', () => {
  beforeEach(() => panel.say(on(ROOM, ASKING)));

  test('is typed on our own keys, shown as dots only, and forgotten when it is sent', async () => {
    await type('47119');
    expect(dots()).toBe(5);
    expect(panel.page.container.querySelector('[data-testid="pin"]')?.textContent).toBe('5 digits entered');
    fireEvent.click(panel.page.getByRole('button', { name: 'Delete' }));
    await panel.settle();
    expect(dots()).toBe(4);
    await panel.tap('unlock');
    expect(panel.sent).toEqual([{ kind: 'open-service', id: 'tap-1', pin: '4711' }]);
    expect(dots()).toBe(0);
    await panel.tap('unlock');
    expect(panel.sent, 'nothing typed, nothing sent').toHaveLength(1);
  });

  test('takes twelve digits and a real keyboard too, but nothing that is no digit', async () => {
    for (const key of '12a3.45678901234') fireEvent.keyDown(document, { key });
    await panel.settle();
    expect(dots()).toBe(12);
    fireEvent.keyDown(document, { key: 'Backspace' });
    fireEvent.keyDown(document, { key: 'Enter' });
    expect(panel.sent).toMatchObject([{ pin: '12345678901' }]);
  });

  test('while it is looked at nothing can be typed', async () => {
    await panel.say(on(ROOM, { ...ASKING, isChecking: true }));
    expect(panel.text()).toContain('Checking the PIN');
    await type('1');
    fireEvent.keyDown(document, { key: '1' });
    await panel.settle();
    expect(dots()).toBe(0);
  });

  test('a wrong one is said so until the next digit', async () => {
    await panel.say(on(ROOM, WRONG));
    expect(panel.text()).toContain('That PIN is wrong');
    await type('4');
    expect(panel.text()).not.toContain('That PIN is wrong');
    expect(dots()).toBe(1);
  });

  test('a lock counts down by the second and opens by itself', async () => {
    await panel.say(on(ROOM, { ...ASKING, problem: { kind: 'locked', until: at('14:08:02') } }));
    expect(panel.text()).toContain('in 1:02');
    await type('4');
    expect(dots()).toBe(0);
    await panel.pass(seconds(1));
    expect(panel.text()).toContain('in 1:01');
    await panel.pass(seconds(60));
    expect(panel.text()).toContain('in 0:01');
    await panel.pass(seconds(1));
    expect(panel.text()).not.toContain('wrong');
    await type('4');
    expect(dots()).toBe(1);
  });

  test('closing takes it off the glass at once, and the agent’s later views do not bring it back', async () => {
    await panel.tap('close-service');
    expect(panel.page.queryByTestId('pin')).toBeNull();
    expect(panel.sent).toMatchObject([{ kind: 'close-service' }]);
    await panel.say(on(ROOM, ASKING));
    expect(panel.page.queryByTestId('pin')).toBeNull();
    await panel.say(on(ROOM));
    await panel.say(on(ROOM, ASKING));
    expect(panel.page.queryByTestId('pin'), 'opened anew').not.toBeNull();
  });

  test('Escape closes it', async () => {
    fireEvent.keyDown(document, { key: 'Escape' });
    expect(panel.sent).toMatchObject([{ kind: 'close-service' }]);
  });

  test('an agent that cannot be heard cannot keep it on the glass', async () => {
    await panel.silence(true);
    await panel.pass(seconds(3));
    expect(panel.page.queryByTestId('pin')).toBeNull();
    expect(panel.page.getByTestId('clock')).not.toBeNull();
  });
});

describe('the open page', () => {
  test('says what the panel is', async () => {
    await panel.say(on(ROOM, OPEN));
    for (const fact of [
      'Fjord, by the door',
      'panel-fjord-4',
      MAC,
      '0.1.0',
      CENTRAL,
      'version 42',
      '20 Nov 2026, 14:06',
    ])
      expect(panel.text()).toContain(fact);
  });

  test('restarts at one tap, and only once', async () => {
    await panel.say(on(ROOM, OPEN));
    await panel.tap('restart');
    await panel.tap('restart');
    expect(panel.sent).toEqual([{ kind: 'restart', id: 'tap-1' }]);
    expect(panel.text()).toContain('Restarting …');
  });

  test('asks again before it leaves central', async () => {
    await panel.say(on(ROOM, OPEN));
    await panel.tap('leave');
    expect(panel.text()).toContain('has to be paired anew');
    expect(panel.sent).toEqual([]);
    await panel.tap('keep');
    await panel.tap('leave');
    await panel.tap('leave-sure');
    expect(panel.sent).toEqual([{ kind: 'leave-central', id: 'tap-1' }]);
  });

  test('offers no leaving where it may not be left, and says what to do', async () => {
    await panel.say(on(ROOM, { ...OPEN, canLeave: false }));
    expect(panel.page.queryByTestId('leave')).toBeNull();
    expect(panel.text()).toContain('a PIN has to be set in the console');
  });
});
