import { expect, it } from 'vitest';
import { CentralClient } from '../../src/agent/central-client.ts';
import type { Fetch } from '../../src/agent/ports.ts';
import { makeTokenSource } from '../../src/agent/token-source.ts';
import { hours, plus } from '../../src/contract/values/time.ts';
import { at, IDENTITY } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const NOON = at('2026-11-20T12:00:00Z');

/** Central hands out `t1`, `t2` and so on, each for an hour by its own clock. */
function world() {
  const clock = new VirtualClock(NOON);
  const state = { isAway: false, count: 0, gate: Promise.resolve() };
  const fetch: Fetch = async () => {
    if (state.isAway) throw new TypeError('fetch failed');
    const accessToken = `t${++state.count}`;
    await state.gate;
    return Response.json({ kind: 'token', accessToken, expires: plus(NOON, hours(1)) });
  };
  const client = new CentralClient('https://central.example', fetch, IDENTITY);
  return { clock, state, tokens: makeTokenSource(clock, () => client) };
}

it('uses the token at hand while central is away, however wrong the own clock; the provider judges', async () => {
  const { clock, state, tokens } = world();
  await tokens.get({ isRefused: false });
  clock.jump(hours(3));
  state.isAway = true;
  expect(await tokens.get({ isRefused: false })).toEqual({ kind: 'token', accessToken: 't1' });
  expect(await tokens.get({ isRefused: true })).toMatchObject({ kind: 'none', problem: 'no-token' });
});

it('has none where calendars are relayed', async () => {
  const fetch: Fetch = async () => Response.json({ kind: 'none', why: 'relayed', detail: '' });
  const client = new CentralClient('https://central.example', fetch, IDENTITY);
  const tokens = makeTokenSource(new VirtualClock(NOON), () => client);
  expect(await tokens.get({ isRefused: false })).toEqual({ kind: 'none', problem: 'no-token', detail: '' });
});

it('keeps no token that was asked for before it was told to forget', async () => {
  const { state, tokens } = world();
  const { promise, resolve } = Promise.withResolvers<void>();
  state.gate = promise;
  const early = tokens.get({ isRefused: false });
  tokens.forget();
  const late = tokens.get({ isRefused: false });
  resolve();
  await Promise.all([early, late]);
  expect(await tokens.get({ isRefused: false })).toEqual({ kind: 'token', accessToken: 't2' });
});
