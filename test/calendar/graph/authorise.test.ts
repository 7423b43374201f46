import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Token } from '../../../src/calendar/graph/ports.ts';
import { EventId } from '../../../src/contract/values/ids.ts';
import { loadGraphContract } from '../../support/graph-contract.ts';
import { calendarAt, DAY, graphError, page, type Stub, sampleEvent, startStub } from './stub.ts';

let graph: Stub;
beforeAll(async () => {
  graph = await startStub(await loadGraphContract());
});
afterAll(() => graph.stop());
afterEach(() => expect(graph.problems).toEqual([]));

const REFUSED = graphError(401, 'InvalidAuthenticationToken');
const bearers = () => graph.asked.map(one => one.headers.authorization);

/** A source that gives `t1`, then a new one each time it hears that the last was refused. */
function source(pause = 5) {
  const calls: boolean[] = [];
  let number = 1;
  return {
    calls,
    token: async ({ isRefused }: { isRefused: boolean }): Promise<Token> => {
      calls.push(isRefused);
      await new Promise(resolve => setTimeout(resolve, pause));
      if (isRefused) number++;
      return { kind: 'token', accessToken: `t${number}` };
    },
  };
}

describe('a refused token', () => {
  it('is replaced once', async () => {
    graph.play([REFUSED, page()]);
    const { token, calls } = source();
    expect(await calendarAt(graph.base, { token }).list(DAY)).toMatchObject({ kind: 'listed' });
    expect(calls).toEqual([false, true]);
    expect(bearers()).toEqual(['Bearer t1', 'Bearer t2']);
  });

  it('is replaced no more than once', async () => {
    graph.play([REFUSED]);
    const { token, calls } = source();
    expect(await calendarAt(graph.base, { token }).list(DAY)).toMatchObject({
      kind: 'failed',
      problem: 'sign-in-needed',
      detail: 'list 401 InvalidAuthenticationToken',
    });
    expect(calls).toEqual([false, true]);
    expect(graph.asked).toHaveLength(2);
  });

  it('is not sent again when the fresh one is the same', async () => {
    graph.play([REFUSED]);
    const answer = await calendarAt(graph.base).list(DAY);
    expect(answer).toMatchObject({ problem: 'sign-in-needed' });
    expect(graph.asked).toHaveLength(1);
  });

  it('is replaced once after a claims challenge, of which nothing is repeated', async () => {
    const challenge = {
      'www-authenticate': 'Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7fX19"',
    };
    graph.play([graphError(401, 'InvalidAuthenticationToken', challenge)]);
    const { token, calls } = source();
    const answer = await calendarAt(graph.base, { token }).list(DAY);
    expect(answer).toMatchObject({ problem: 'sign-in-needed', detail: 'list 401 InvalidAuthenticationToken' });
    expect(calls).toEqual([false, true]);
    expect(bearers()).toEqual(['Bearer t1', 'Bearer t2']);
  });

  it('is replaced between the pages of one list', async () => {
    const next = `${graph.base}/v1.0/users/room.aspen%40contoso.example/calendarView?startDateTime=2026-11-20T00:00:00Z&endDateTime=2026-11-21T00:00:00Z&$skip=1`;
    const first = { status: 200, body: { value: [sampleEvent()], '@odata.nextLink': next } };
    graph.play([first, REFUSED, page(sampleEvent({ id: 'other' }))]);
    const { token } = source();
    expect(await calendarAt(graph.base, { token }).list(DAY)).toMatchObject({ meetings: [{}, {}] });
    expect(bearers()).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t2']);
  });

  it('is replaced in the middle of a write, which is then made once', async () => {
    graph.play([REFUSED, { status: 204 }]);
    const { token } = source();
    expect(await calendarAt(graph.base, { token }).cancel(v.parse(EventId, 'AAMk'), null)).toEqual({ kind: 'done' });
    expect(bearers()).toEqual(['Bearer t1', 'Bearer t2']);
  });

  it('is replaced once for calls that are refused together', async () => {
    let refused = 0;
    const all = Promise.withResolvers<void>();
    graph.play(async asked => {
      if (asked.headers.authorization !== 'Bearer t1') return page();
      if (++refused === 4) all.resolve();
      await all.promise;
      return REFUSED;
    });
    const { token, calls } = source(50);
    const calendar = calendarAt(graph.base, { token });
    const answers = await Promise.all([1, 2, 3, 4].map(() => calendar.list(DAY)));
    expect(answers.map(answer => answer.kind)).toEqual(['listed', 'listed', 'listed', 'listed']);
    expect(calls.filter(isRefused => isRefused)).toHaveLength(1);
  });

  it('is not replaced when somebody else just did', async () => {
    const first = Promise.withResolvers<void>();
    graph.play(async (asked, index) => {
      if (asked.headers.authorization !== 'Bearer t1') return page();
      if (index > 0) await first.promise;
      return REFUSED;
    });
    const { token, calls } = source();
    const calendar = calendarAt(graph.base, { token });
    const [one, two] = [calendar.list(DAY), calendar.list(DAY)];
    await Promise.race([one, two]);
    first.resolve();
    expect([await one, await two]).toMatchObject([{ kind: 'listed' }, { kind: 'listed' }]);
    expect(calls.filter(isRefused => isRefused)).toHaveLength(1);
  });
});

describe('no token', () => {
  it.each<[string, Token, string]>([
    [
      'the reason it gives',
      { kind: 'none', problem: 'sign-in-needed', detail: 'consent is missing' },
      'sign-in-needed',
    ],
    ['an empty one', { kind: 'token', accessToken: '' }, 'no-token'],
    ['one with a line break', { kind: 'token', accessToken: 'a\r\nx-evil: 1' }, 'no-token'],
  ])('asks nothing of Graph: %s', async (_, token, problem) => {
    graph.play([page()]);
    const answer = await calendarAt(graph.base, { token: async () => token }).list(DAY);
    expect(answer).toMatchObject({ kind: 'failed', problem, isOutcomeUnknown: false });
    expect(JSON.stringify(answer)).not.toContain('evil');
    expect(graph.asked).toHaveLength(0);
  });

  it('does not wait for ever', async () => {
    graph.play([page()]);
    const answer = await calendarAt(graph.base, { token: () => new Promise(() => {}) }).list(DAY);
    expect(answer).toMatchObject({ problem: 'no-token', detail: 'list: no token within 10 s' });
  });

  it('passes on the reason when only the fresh one is missing', async () => {
    graph.play([REFUSED]);
    const token = async ({ isRefused }: { isRefused: boolean }): Promise<Token> =>
      isRefused
        ? { kind: 'none', problem: 'no-token', detail: 'central is away' }
        : { kind: 'token', accessToken: 't1' };
    expect(await calendarAt(graph.base, { token }).list(DAY)).toMatchObject({ problem: 'no-token' });
  });

  it('lets a bug in the source surface', async () => {
    const broken = calendarAt(graph.base, { token: async () => Promise.reject(new TypeError('a bug')) });
    await expect(broken.list(DAY)).rejects.toThrow('a bug');
  });
});
