// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, LOOK, NOW, roomView, view } from '../../renderer/gallery/fixtures/build.ts';
import { FREE, TAKEN } from '../../renderer/gallery/fixtures/rooms.ts';
import { galleryStates } from '../../renderer/gallery/states.ts';
import type { Look, View } from '../../src/contract/bridge/view.ts';
import { minutes, seconds } from '../../src/contract/values/time.ts';
import { finger, showPanel } from './harness.tsx';

const LASTING = { kind: 'fresh', lastRead: NOW, until: at('23:00') } as const;
const free = (look: Partial<Look> = {}, more: Partial<View> = {}) =>
  view({ kind: 'room', view: roomView({ ...FREE, trust: LASTING }) }, { look: { ...LOOK, ...look }, ...more });
const root = document.documentElement;

let panel: ReturnType<typeof showPanel>;
beforeEach(() => {
  panel = showPanel(NOW);
});
afterEach(() => {
  expect(panel.stop(), 'nothing stays behind').toEqual({ timers: 0, listeners: 0 });
});
const isDimmed = () => panel.page.queryByTestId('dimmer') !== null;

describe('language, clock and theme', () => {
  test('the glass speaks the language it is told, at once and in the same place, and the document says so', async () => {
    await panel.say(free());
    expect([root.lang, panel.text()]).toEqual(['en-GB', expect.stringContaining('until 15:00')]);
    await panel.say(free({ language: 'de' }));
    expect([root.lang, panel.text()]).toEqual(['de-DE', expect.stringContaining('bis 15:00')]);
    expect(panel.text()).toContain('Freitag, 20. November');
    await panel.say(free({ language: 'nb' }));
    expect([root.lang, panel.text()]).toEqual(['nb-NO', expect.stringContaining('til 15:00')]);
    expect(panel.text()).not.toMatch(/until|bis/);
  });

  test('a 12 h clock is one everywhere: no time of the other kind is left in any state', async () => {
    for (const state of galleryStates) {
      if (state.view === null || typeof state.view === 'string') continue;
      await panel.say({ ...state.view, look: { ...state.view.look, hourCycle: '12h' } });
      // Text by text: "Slot 1" and "7:30 am" are two. Countdowns ("9:41") have no hour above twelve.
      const texts = [...panel.page.container.querySelectorAll('*')].flatMap(element => [...element.childNodes]);
      const said = texts.map(node => (node.nodeType === Node.TEXT_NODE ? node.textContent : '')).join(' ');
      expect(said, state.name).not.toMatch(/\b(0\d|1[3-9]|2[0-3]):\d\d(?!\d)/);
      const hours = [...panel.page.container.querySelectorAll('.hour')].map(mark => mark.textContent ?? '');
      for (const hour of hours) expect(hour, state.name).toMatch(/\s(am|pm|AM|PM|[ap]\.m\.)$/);
    }
  });

  test('buttons and the wish they make follow the clock', async () => {
    await panel.say(free({ hourCycle: '12h' }));
    expect(panel.find('book').textContent).toContain('until 2:22\u00a0pm');
    await panel.tap('book');
    expect(panel.text()).toContain('Booking 2:07\u00a0pm\u2009–\u20092:22\u00a0pm');
    expect(panel.page.getByTestId('clock').textContent).toBe('2:07pm');
  });

  test('the theme is an attribute of the root', async () => {
    await panel.say(free());
    expect(root.dataset.theme).toBe('light');
    await panel.say(free({ theme: 'dark' }));
    expect(root.dataset.theme).toBe('dark');
  });

  test('logo and help stand in the corner, without the browser touching the picture when the view comes again', async () => {
    const logo = `data:image/png;base64,${'iVBORw0KGgo'.repeat(2000)}=`;
    await panel.say(free({ logo, helpContact: 'Reception, 22 33 44 55' }));
    const picture = panel.page.getByTestId('logo');
    expect(picture.getAttribute('alt')).toBe('');
    expect(panel.page.getByTestId('help').textContent).toBe('Help: Reception, 22 33 44 55');
    const changes: MutationRecord[] = [];
    const watcher = new MutationObserver(found => changes.push(...found));
    watcher.observe(picture.parentElement as Element, { attributes: true, childList: true, subtree: true });
    await panel.say(free({ logo, helpContact: 'Reception, 22 33 44 55' }));
    await panel.pass(minutes(1));
    watcher.disconnect();
    expect(panel.page.getByTestId('logo')).toBe(picture);
    expect(changes).toEqual([]);
    await panel.say(free());
    expect(panel.page.container.querySelector('.foot')).toBeNull();
  });
});

describe('dimming', () => {
  const dimmed = () => free({ brightness: 20 });

  test('the first touch wakes and does nothing else; the next one counts', async () => {
    await panel.say(dimmed());
    expect(isDimmed()).toBe(true);
    await panel.tap('book');
    expect(isDimmed()).toBe(false);
    expect(panel.sent).toEqual([]);
    expect(panel.text()).not.toContain('Booking…');
    await panel.tap('book');
    expect(panel.sent).toMatchObject([{ kind: 'book' }]);
  });

  test('a whole gesture is swallowed: finger, second finger, mouse events, click, and a key until it is up', async () => {
    await panel.say(dimmed());
    const heard: string[] = [];
    const button = panel.find('book');
    const parts = ['pointerdown', 'touchstart', 'pointerup', 'touchend', 'mousedown', 'mouseup', 'click', 'keydown'];
    for (const part of [...parts, 'keyup']) button.addEventListener(part, () => heard.push(part));
    fireEvent.pointerDown(button, { isPrimary: true, pointerId: 1 });
    fireEvent.touchStart(button);
    fireEvent.pointerDown(button, { isPrimary: false, pointerId: 2 });
    fireEvent.pointerUp(button, { isPrimary: false, pointerId: 2 });
    fireEvent.pointerUp(button, { isPrimary: true, pointerId: 1 });
    fireEvent.touchEnd(button);
    fireEvent.mouseDown(button);
    fireEvent.mouseUp(button);
    fireEvent.click(button);
    expect(heard).toEqual([]);

    await panel.pass(minutes(2));
    expect(isDimmed()).toBe(true);
    fireEvent.keyDown(button, { key: 'Enter' });
    fireEvent.keyDown(button, { key: 'Enter', repeat: true });
    fireEvent.keyUp(button, { key: 'Enter' });
    expect(heard).toEqual([]);
    fireEvent.keyDown(button, { key: 'Enter' });
    expect(heard).toEqual(['keydown']);
    expect(panel.sent).toEqual([]);
  });

  test('a click without a finger, such as a screen reader’s, wakes once and then counts', async () => {
    await panel.say(dimmed());
    fireEvent.click(panel.find('book'));
    await panel.settle();
    expect([isDimmed(), panel.sent.length]).toEqual([false, 0]);
    await panel.pass(seconds(2));
    fireEvent.click(panel.find('book'));
    expect(panel.sent).toHaveLength(1);
  });

  test('it stays awake for a minute after the last touch, and dims by itself', async () => {
    await panel.say(dimmed());
    finger(panel.find('status'));
    await panel.pass(seconds(50));
    finger(panel.find('status'));
    await panel.pass(seconds(59));
    expect(isDimmed()).toBe(false);
    await panel.pass(seconds(1));
    expect(isDimmed()).toBe(true);
  });

  test('nobody’s glass goes dark under their fingers', async () => {
    await panel.say(free());
    await panel.pass(seconds(30));
    finger(panel.find('status'));
    await panel.pass(seconds(20));
    await panel.say(dimmed());
    expect(isDimmed()).toBe(false);
    await panel.pass(seconds(40));
    expect(isDimmed()).toBe(true);
  });

  test('a touch by day moves nothing: no clock is read for it, and the minutes go on as they did', async () => {
    await panel.say(free());
    await panel.pass(seconds(40));
    finger(panel.find('status'));
    expect(panel.model.now.value, 'else the whole glass is drawn anew before the tap is').toBe(NOW);
    await panel.pass(seconds(20));
    expect(panel.page.getByTestId('clock').textContent).toBe('14:08');
  });

  test('nothing but the minute wakes a dimmed panel, and the darkness is the number’s', async () => {
    await panel.say(dimmed());
    const sheet = panel.page.getByTestId('dimmer');
    expect(Number(sheet.style.opacity)).toBeCloseTo(1 - 0.2 ** (1 / 2.2), 3);
    let readings = 0;
    const now = panel.clock.now;
    panel.clock.now = () => {
      readings++;
      return now();
    };
    await panel.pass(minutes(10));
    expect(readings).toBe(10);
    expect(panel.page.getByTestId('dimmer')).toBe(sheet);
  });

  test('the service page and a panel that says its name are never dimmed', async () => {
    const open = { kind: 'asking', isChecking: false, problem: null } as const;
    await panel.say(free({ brightness: 20 }, { service: open }));
    expect(isDimmed()).toBe(false);
    await panel.say(free({ brightness: 20 }, { identify: { name: 'Fjord', detail: null, until: at('14:08') } }));
    expect(isDimmed()).toBe(false);
  });
});

describe('identify', () => {
  const named = (until: string) =>
    view(
      { kind: 'room', view: roomView(TAKEN) },
      { identify: { name: 'Fjord\u202e', detail: 'by the door', until: at(until) } },
    );
  const isNamed = () => panel.page.queryByTestId('identify') !== null;

  test('the name stands until its time is over, then goes by itself, without a word from the agent', async () => {
    await panel.say(named('14:07:20'));
    expect(panel.page.getByTestId('identify').textContent).toBe('Fjordby the door');
    await panel.pass(seconds(19));
    expect(isNamed()).toBe(true);
    await panel.silence(true);
    await panel.pass(seconds(1));
    expect(isNamed()).toBe(false);
  });

  test('one that is over already is not shown at all', async () => {
    await panel.say(named('14:06:59'));
    expect(isNamed()).toBe(false);
  });

  test('it ends by the true time, not by the machine’s', async () => {
    await panel.say({ ...named('14:07:20'), clockOffset: seconds(15) });
    expect(isNamed()).toBe(true);
    await panel.pass(seconds(5));
    expect(isNamed()).toBe(false);
  });

  test('what stands under it cannot be pressed through it, and is there again afterwards', async () => {
    await panel.say({ ...free(), identify: { name: 'Fjord', detail: null, until: at('14:07:20') } });
    const cover = panel.page.getByTestId('identify');
    expect(cover.contains(panel.find('book'))).toBe(false);
    await panel.pass(seconds(21));
    await panel.tap('book');
    expect(panel.sent).toMatchObject([{ kind: 'book' }]);
  });
});
