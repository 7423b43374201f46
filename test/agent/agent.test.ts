import { expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.ts';
import { hours, instant, milliseconds, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import type { Deed, Effect } from '../../src/core/effects.ts';
import type { Happening } from '../../src/core/events.ts';
import { CENTRAL } from '../core/harness.ts';
import { hexFrom, makeDice } from '../support/dice.ts';
import { at, config, MACHINE, meeting } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const NOON = at('2026-11-20T12:00:00Z');

/** An agent whose calendar answers in the same instant. */
function start(respond: (effect: Effect) => Happening | null, clock = new VirtualClock(NOON), panelConfig = config()) {
  const counts = new Map<Deed['kind'], number>();
  const dice = makeDice(1);
  const agent = new Agent({
    clock,
    randomHex: () => hexFrom(dice),
    dice,
    run: (effect, dispatch) => {
      counts.set(effect.kind, (counts.get(effect.kind) ?? 0) + 1);
      const answer = respond(effect);
      if (answer) void Promise.resolve().then(() => dispatch(answer));
    },
  });
  agent.dispatch({
    kind: 'started',
    machine: MACHINE,
    memory: { central: CENTRAL, config: panelConfig, pinTries: 0 },
    snapshot: null,
    isSnapshotSetAside: false,
    found: null,
  });
  return { agent, clock, count: (kind: Deed['kind']) => counts.get(kind) ?? 0 };
}

const calendarOf =
  (meetings = [meeting('a', '2026-11-20T13:00:00Z', '2026-11-20T14:00:00Z')], now: () => number = () => Number.NaN) =>
  (effect: Effect): Happening | null => {
    if (effect.kind !== 'fetch-calendar') return null;
    const serverTime = Number.isNaN(now()) ? null : instant(now());
    return {
      kind: 'calendar-read',
      effect: effect.id,
      outcome: { kind: 'listed', window: effect.window, meetings, serverTime, age: milliseconds(0) },
    };
  };

it('asks the provider at most 130 times an hour, and writes next to nothing, when nothing changes', async () => {
  const { agent, clock, count } = start(calendarOf([]));
  await clock.advance(hours(1));
  expect(count('fetch-calendar')).toBeLessThanOrEqual(130);
  expect(count('fetch-calendar')).toBeGreaterThan(100);
  expect(count('write-snapshot')).toBeLessThanOrEqual(13);
  agent.stop();
  expect(clock.armed).toBe(0);
});

it('turns the glass at the very instant a meeting starts and ends', async () => {
  const { agent, clock } = start(calendarOf());
  const seen: string[] = [];
  agent.subscribe(({ screen }) => {
    if (screen.kind === 'room' && seen.at(-1) !== screen.view.status.kind) seen.push(screen.view.status.kind);
  });
  await clock.advance(seconds(1));
  await clock.advance(minutes(60));
  expect(seen.at(-1)).toBe('in-meeting');
  await clock.advance(hours(1));
  expect(seen).toEqual(['free', 'starting-soon', 'in-meeting', 'free']);
  agent.stop();
});

it('notices that the clock was set, reads at once and puts itself right', async () => {
  const clock = new VirtualClock(NOON);
  let error = 0;
  const { agent, count } = start(
    calendarOf([], () => clock.now() + error),
    clock,
  );
  await clock.advance(seconds(10));
  clock.jump(minutes(-5));
  error = minutes(5);
  const before = count('fetch-calendar');
  await clock.advance(seconds(60));
  expect(count('fetch-calendar')).toBeGreaterThan(before);
  expect(agent.view().clockOffset).toBe(minutes(5));
  const { screen } = agent.view();
  const trust = screen.kind === 'room' ? screen.view.trust : null;
  expect(trust?.kind).toBe('fresh');
  expect(trust?.kind === 'fresh' ? trust.lastRead : 0).toBeGreaterThan(plus(NOON, seconds(10)));
  agent.stop();
});

it('publishes nothing when nothing changed', async () => {
  const { agent, clock } = start(() => null);
  await clock.advance(seconds(1));
  const { seq } = agent.view();
  agent.dispatch({ kind: 'woke' });
  agent.dispatch({ kind: 'woke' });
  expect(agent.view().seq).toBe(seq);
  agent.stop();
});

it('takes a logo of full size along without noticing its weight', async () => {
  const logo = `data:image/png;base64,${'Logo'.repeat(8190)}`;
  const cost = async (panelConfig: ReturnType<typeof config>) => {
    const { agent, clock } = start(calendarOf(), new VirtualClock(NOON), panelConfig);
    await clock.advance(seconds(1));
    const { seq } = agent.view();
    const times = Array.from({ length: 100 }, () => {
      const before = performance.now();
      for (let i = 0; i < 50; i++) agent.dispatch({ kind: 'woke' });
      return ((performance.now() - before) / 50) * 1000;
    }).sort((a, b) => a - b);
    expect(agent.view().seq).toBe(seq);
    const json = performance.now();
    for (let i = 0; i < 100; i++) JSON.stringify(agent.view());
    const sent = ((performance.now() - json) / 100) * 1000;
    agent.stop();
    return { event: times[0] ?? 0, sent, size: JSON.stringify(agent.view()).length };
  };
  const plain = await cost(config());
  const heavy = await cost(config({ logo }));
  const us = (n: number) => `${n.toFixed(0)} µs`;
  console.log(
    `an event: ${us(plain.event)}, with a logo ${us(heavy.event)}; a view as text: ${us(plain.sent)}, ${us(heavy.sent)}`,
  );
  expect(heavy.size - plain.size).toBeGreaterThan(32_000);
  // Turned to text at each event it would be 13 to 20 µs more; only what is sent is.
  expect(heavy.event - plain.event).toBeLessThan(9);
});

it('tells of another logo, though nothing else changed', async () => {
  let link: Effect | null = null;
  const { agent, clock } = start(effect => {
    if (effect.kind !== 'open-link') return null;
    link = effect;
    return { kind: 'link-opened', effect: effect.id };
  });
  await clock.advance(seconds(1));
  const { seq } = agent.view();
  const logo = 'data:image/png;base64,AAAA';
  const id = (link as Effect | null)?.id;
  if (id === undefined) throw new Error('no link');
  agent.dispatch({ kind: 'config-pushed', effect: id, result: { kind: 'config', config: config({ logo }) } });
  expect(agent.view()).toMatchObject({ seq: seq + 1, look: { logo } });
  agent.stop();
});

it('runs for months: thirty days leave one timer, no listener and no growing state', { timeout: 60_000 }, async () => {
  const clock = new VirtualClock(NOON);
  let day = 0;
  const { agent } = start(effect => {
    if (effect.kind !== 'fetch-calendar') return null;
    // Every day brings its own meetings; every tenth read fails.
    if (day++ % 10 === 9)
      return {
        kind: 'calendar-read',
        effect: effect.id,
        outcome: { kind: 'failed', problem: 'unreachable', retryAfter: null },
      };
    const meetings = [10, 13, 15].map(h =>
      meeting(
        `m-${effect.window.start}-${h}`,
        plus(effect.window.start, hours(h)),
        plus(effect.window.start, hours(h + 1)),
      ),
    );
    return {
      kind: 'calendar-read',
      effect: effect.id,
      outcome: { kind: 'listed', window: effect.window, meetings, serverTime: null, age: milliseconds(0) },
    };
  }, clock);
  const sizeAfter = async (days: number) => {
    await clock.advance(hours(24 * days));
    return JSON.stringify(agent.view()).length;
  };
  const early = await sizeAfter(2);
  const late = await sizeAfter(28);
  expect(late).toBeLessThan(early * 1.2);
  expect(clock.armed).toBe(1);
  agent.stop();
  expect(clock.armed).toBe(0);
});

it('notices that the clock was set back also when something else happens first', async () => {
  const clock = new VirtualClock(NOON);
  let isAway = false;
  const answer = calendarOf([]);
  const { agent } = start(effect => {
    if (!isAway || effect.kind !== 'fetch-calendar') return answer(effect);
    const outcome = { kind: 'failed', problem: 'unreachable', retryAfter: null } as const;
    return { kind: 'calendar-read', effect: effect.id, outcome };
  }, clock);
  await clock.advance(seconds(10));
  isAway = true;
  clock.jump(minutes(-60));
  agent.dispatch({ kind: 'file-written', isDiskFull: false });
  await clock.advance(minutes(3));
  const { screen } = agent.view();
  expect(screen.kind === 'room' && screen.view.trust.kind).toBe('stale');
  agent.stop();
});
