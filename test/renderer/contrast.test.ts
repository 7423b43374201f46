/** What can be read: every pair of ink and ground the panel uses, in both themes, reckoned from the stylesheets themselves. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cascade, colour, contrast, type Rgb, rulesOf } from './css-colours.ts';

const css = (path: string) => readFileSync(new URL(`../../renderer/${path}`, import.meta.url), 'utf8');
const tokens = rulesOf(css('ui/tokens.css'));
const rules = [...tokens, ...rulesOf(css('panel/css/room.css')), ...rulesOf(css('panel/css/look.css'))];

const THEMES = { light: [':root'], dark: [':root', ':root[data-theme="dark"]'] } as const;
const SMALL = 4.5;
const LARGE = 3;

describe.each(['light', 'dark'] as const)('%s', theme => {
  const paper = cascade(tokens, THEMES[theme]);
  const ratio = (ink: string, ground: string) => contrast(colour(ink, paper), colour(ground, paper));

  test.each([
    ['--ink', '--paper', 12],
    ['--ink', '--paper-raised', 12],
    ['--ink', '--paper-sunk', 12],
    ['--ink-soft', '--paper', SMALL],
    ['--ink-soft', '--paper-raised', SMALL],
    ['--bad', '--bad-wash', SMALL],
    ['--warn', '--warn-wash', SMALL],
    ['--good', '--good-wash', SMALL],
    ['--bad', '--paper', SMALL],
    ['--bad', '--paper-raised', SMALL],
    ['--good', '--paper-raised', SMALL],
    ['--focus', '--paper', LARGE],
    ['--line-strong', '--paper', LARGE],
    ['--free-ink', '--free', SMALL],
    ['--taken-ink', '--taken', SMALL],
    ['--soon-ink', '--soon', SMALL],
    ['--waiting-ink', '--waiting', SMALL],
    ['--unknown-ink', '--unknown', SMALL],
  ])('%s on %s', (ink, ground, least) => {
    expect(ratio(`var(${ink})`, `var(${ground})`)).toBeGreaterThanOrEqual(least);
  });

  const tones = ['free', 'taken', 'soon', 'check-in', 'unknown'];
  const cases = tones.flatMap(tone => [false, true].map(isStale => [tone, isStale] as const));
  test.each(cases)('a room that is %s (stale: %s)', (tone, isStale) => {
    const selectors = ['.room'];
    if (tone !== 'unknown') selectors.push(`.room[data-tone="${tone}"]`);
    if (isStale && tone !== 'unknown') selectors.push(`.room[data-stale="true"][data-tone="${tone}"]`);
    const hero = cascade(rules, [...THEMES[theme], ...selectors]);
    const field = colour('var(--field)', hero);
    // The hatch darkens every other stripe.
    const grounds: Rgb[] = isStale ? [field, colour('color-mix(in srgb, #000 9%, transparent)', hero, field)] : [field];
    for (const ground of grounds) {
      expect(contrast(colour('var(--on)', hero), ground), 'text').toBeGreaterThanOrEqual(SMALL);
      expect(contrast(colour('var(--on-soft)', hero), ground), 'soft text').toBeGreaterThanOrEqual(SMALL);
    }
    expect(contrast(colour('var(--control-ink)', hero), colour('var(--control)', hero)), 'buttons').toBeGreaterThan(
      SMALL,
    );

    const day =
      theme === 'dark' ? cascade(rules, [...THEMES.dark, ...selectors, ':root[data-theme="dark"] .room .day']) : hero;
    const shade = colour('var(--shade)', day);
    // The dark day stands on paper, the light one on a shade of the room's colour, the light stale one on the hatch.
    const column = theme === 'dark' ? colour('var(--paper)', day) : shade;
    expect(contrast(colour('var(--on-soft)', day), column), 'hours').toBeGreaterThanOrEqual(SMALL);
    const block = colour('color-mix(in srgb, var(--on) 17%, var(--shade))', day);
    expect(contrast(colour('var(--on)', day), block), 'a meeting').toBeGreaterThanOrEqual(SMALL);
    const past = colour('color-mix(in srgb, var(--on) 8%, var(--shade))', day);
    expect(contrast(colour('var(--on-soft)', day), past), 'a meeting that is over').toBeGreaterThanOrEqual(SMALL);
    expect(contrast(colour('var(--control-ink)', day), colour('var(--on)', day)), 'the meeting now').toBeGreaterThan(
      SMALL,
    );
  });
});

test('a room’s state has the same colour in every theme, and and they are far apart', () => {
  const dark = tokens.find(rule => rule.selector === ':root[data-theme="dark"]');
  const states = [...(dark?.declarations.keys() ?? [])].filter(name =>
    /^--(free|taken|soon|waiting|unknown)/.test(name),
  );
  expect(states).toEqual([]);
  const light = cascade(tokens, THEMES.light);
  const apart = (one: string, other: string) => {
    const [a, b] = [colour(`var(--${one})`, light), colour(`var(--${other})`, light)];
    return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
  };
  // By hue, and in the channels a person who confuses red with green still tells apart: the mark's shape does the rest.
  expect(apart('free', 'taken')).toBeGreaterThan(150);
  // Wanted but not checked in is a state of its own, not a shade of another.
  for (const other of ['free', 'taken', 'soon']) expect(apart('waiting', other), other).toBeGreaterThan(100);
});

test('a panel that says its name flashes at most twice a second, once in each turn', () => {
  const look = css('panel/css/look.css');
  const seconds = Number(/animation: identify ([\d.]+)s/.exec(look)?.[1]);
  const [, frames = ''] = /@keyframes identify \{([\s\S]*?)\n\}/.exec(look) ?? [];
  const peaks = frames.match(/opacity: 1;/g) ?? [];
  expect(peaks).toHaveLength(1);
  expect(peaks.length / seconds).toBeLessThanOrEqual(2);
});
