// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FRESH, meeting, NOW, ROOM, roomView, view } from '../../renderer/gallery/fixtures/build.ts';
import { galleryStates } from '../../renderer/gallery/states.ts';
import { plainText } from '../../renderer/ui/plain-text.ts';
import { type Instant, minutes, plus } from '../../src/contract/values/time.ts';
import { showPanel } from './harness.tsx';

let panel: ReturnType<typeof showPanel>;
beforeEach(() => {
  panel = showPanel(NOW);
});
afterEach(() => void panel.stop());

const SECRET = 'Project Nightjar redundancies';

test('a private title and its organiser never reach the glass, even if the agent let them through', async () => {
  const now = meeting('13:30', '14:30', SECRET, { organizer: 'Secret Person', isPrivate: true, isConflict: true });
  const clash = meeting('14:00', '15:00', SECRET, { organizer: 'Secret Person', isPrivate: true, isConflict: true });
  const allDay = { ...now, id: clash.id, isAllDay: true };
  for (const meetings of [
    [now, clash],
    [now, allDay],
  ]) {
    const status = { kind: 'in-meeting', meeting: now, freeAt: null } as const;
    await panel.say(view({ kind: 'room', view: roomView({ status, meetings }) }));
    expect(panel.page.container.outerHTML).toContain('Private');
    expect(panel.page.container.outerHTML).not.toMatch(/Nightjar|Secret Person/);
  }
});

test('an organiser that stands in for the subject is said once', async () => {
  const twice = meeting('13:30', '14:30', 'Amira Haddad ', { organizer: 'Amira Haddad' });
  await panel.say(
    view({
      kind: 'room',
      view: roomView({ status: { kind: 'in-meeting', meeting: twice, freeAt: null }, meetings: [] }),
    }),
  );
  expect(panel.text().match(/Amira Haddad/g)).toHaveLength(1);
});

const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '"><svg/onload=alert(1)>',
  'javascript:alert(1)',
  '{{constructor.constructor("alert(1)")()}}',
  'admin\u202egnp.exe',
  '\u2066hidden\u2069\u200b\u0000\u0007\u001b[31m',
  'Z\u0351\u036b\u0343\u036a\u0302\u0307\u0308\u0309algo',
  '\ud800 lone surrogate',
  `${'A'.repeat(250)}`,
];

test.each(HOSTILE)('a hostile string stays text, with nothing in it that turns or hides: %j', async raw => {
  const now = meeting('13:30', '14:30', raw, { organizer: raw });
  const room = { ...ROOM, name: raw, building: raw, floor: raw };
  const status = { kind: 'in-meeting', meeting: now, freeAt: null } as const;
  await panel.say(view({ kind: 'room', view: roomView({ room, status, meetings: [now] }) }));
  expect(panel.page.container.querySelector('img, script, svg[onload], a')).toBeNull();
  expect(panel.text()).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f]/u);
  expect(panel.text()).not.toMatch(/\p{M}{4}/u);
  for (const element of panel.page.container.querySelectorAll('*')) {
    const hasOutsideText = [...element.childNodes].some(
      node => node.nodeType === 3 && node.textContent?.includes(plainText(raw)),
    );
    if (hasOutsideText) expect(element.closest('.outside'), element.outerHTML).not.toBeNull();
  }
});

test('plain text keeps what languages need', () => {
  for (const kept of ['Łódź Kraków', 'Ærlig Øl på Åsen', '会議室', 'קפה', 'e\u0301te\u0301', '👩‍👩‍👧', 'क्षत्रिय']) {
    expect(plainText(kept)).toBe(kept);
  }
  expect(plainText('  two\n lines\t')).toBe('two lines');
});

test('times are the room’s, whatever zone the machine is in', async () => {
  const before = process.env.TZ;
  process.env.TZ = 'America/New_York';
  try {
    expect(new Date(NOW).getHours(), 'the machine really is elsewhere').toBe(8);
    const now = meeting('13:30', '14:30', 'Workshop');
    const status = { kind: 'in-meeting', meeting: now, freeAt: now.end } as const;
    await panel.say(view({ kind: 'room', view: roomView({ status, meetings: [now] }) }));
    expect(panel.page.getByTestId('clock').textContent).toBe('14:07');
    expect(panel.text()).toContain('until 14:30');
    expect(panel.text()).toContain('Friday 20 November');
  } finally {
    process.env.TZ = before;
  }
});

test('every state of the gallery parses and is drawn, at any minute of the next day', async () => {
  for (const state of galleryStates) {
    if (state.view === null) continue;
    await panel.say(state.view);
    expect(panel.text().length, state.name).toBeGreaterThan(0);
    expect(panel.reports.length > 0, state.name).toBe(typeof state.view === 'string');
    panel.reports.length = 0;
  }
  await panel.say(view({ kind: 'room', view: roomView({ status: { kind: 'free', until: null }, trust: FRESH }) }));
  for (let at: Instant = NOW; at < NOW + minutes(1440); at = plus(at, minutes(61))) await panel.pass(minutes(61));
});
