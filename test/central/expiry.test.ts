import { expect, test } from 'vitest';
import { CallBook, counted, pauseEnd } from '../../src/central/consent/calls.ts';
import { endOfDay, urgencyOf } from '../../src/central/consent/expiry.ts';
import { isRefreshDue } from '../../src/central/consent/refresher.ts';
import { Turns } from '../../src/central/consent/turns.ts';
import { hours, instant, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import type { TokenStatus } from '../../src/contract/wire/console.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const NOW = instant(Date.UTC(2026, 10, 20, 12));
const days = (n: number) => hours(24 * n);

test.each([
  [31, 'calm'],
  [30, '30-days'],
  [7.5, '30-days'],
  [7, '7-days'],
  [1.5, '7-days'],
  [1, '1-day'],
  [0.1, '1-day'],
  [0, 'expired'],
  [-3, 'expired'],
])('%d days ahead is %s', (left, urgency) => {
  expect(urgencyOf(plus(NOW, days(left)), NOW)).toBe(urgency);
});

test('a typed date holds to its end', () => {
  expect(endOfDay('2026-11-20')).toBe(Date.UTC(2026, 10, 21));
  expect(urgencyOf(endOfDay('2026-11-20'), NOW)).toBe('1-day');
  expect(urgencyOf(endOfDay('2026-11-19'), NOW)).toBe('expired');
});

test('calls are counted for an hour, good or not, and a pause the provider asks for is kept', async () => {
  const clock = new VirtualClock(NOW);
  const book = new CallBook();
  let answer: Response | Error = new Response('{}');
  const fetch = counted(
    async () => {
      if (answer instanceof Error) throw answer;
      return answer;
    },
    book,
    clock,
  );
  await fetch('https://graph.example');
  clock.jump(minutes(30));
  answer = new Response('', { status: 429, headers: { 'retry-after': '90' } });
  await fetch('https://graph.example');
  answer = new TypeError('fetch failed');
  await expect(fetch('https://graph.example')).rejects.toThrow('fetch failed');
  const soon = plus(NOW, minutes(30));
  expect(book.health(clock.now())).toEqual({
    lastGoodCall: NOW,
    callsLastHour: 3,
    errorsLastHour: 2,
    throttledUntil: plus(soon, seconds(90)),
  });
  clock.jump(minutes(31));
  expect(book.health(clock.now())).toMatchObject({ callsLastHour: 2, errorsLastHour: 2, throttledUntil: null });
  clock.jump(hours(1));
  expect(book.health(clock.now())).toMatchObject({ lastGoodCall: NOW, callsLastHour: 0, errorsLastHour: 0 });
});

test.each([
  ['2.128', 2128],
  ['0', null],
  ['-5', null],
  ['soon', null],
  ['', null],
  [null, null],
  ['Fri, 20 Nov 2026 12:01:00 GMT', 60_000],
  ['Fri, 20 Nov 2026 11:00:00 GMT', null],
  ['999999999', 3_600_000],
])('Retry-After %s', (header, after) => {
  expect(pauseEnd(header, NOW)).toBe(after === null ? null : NOW + after);
});

const issued = (more: Partial<Extract<TokenStatus, { kind: 'issued' }>>): TokenStatus => ({
  kind: 'issued',
  account: 'a',
  scopes: [],
  issued: plus(NOW, minutes(-50)),
  expires: plus(NOW, minutes(20)),
  refreshLapses: null,
  problem: null,
  ...more,
});
const problem = (kind: 'unreachable' | 'sign-in-expired', ago: number) => ({
  kind,
  code: null,
  detail: '',
  at: plus(NOW, minutes(-ago)),
});

test.each([
  ['a token that lasts', issued({}), false],
  ['one that ends soon', issued({ expires: plus(NOW, minutes(14)) }), true],
  [
    'a long one nobody used for most of a day',
    issued({ issued: plus(NOW, hours(-21)), expires: plus(NOW, hours(3)) }),
    true,
  ],
  ['one the provider was away for', issued({ expires: NOW, problem: problem('unreachable', 5) }), true],
  ['one that was refused just now', issued({ expires: NOW, problem: problem('sign-in-expired', 5) }), false],
  ['one that was refused an hour ago', issued({ expires: NOW, problem: problem('sign-in-expired', 61) }), true],
  ['none', { kind: 'none', problem: null } as const, false],
])('refreshing by itself: %s', (_name, status, isDue) => {
  expect(isRefreshDue(status, NOW)).toBe(isDue);
});

test('turns are taken in order; one name does not wait for another, and the whole waits for all', async () => {
  const turns = new Turns();
  const done: string[] = [];
  let letGo = () => {};
  const held = turns.of('slow').take(
    () =>
      new Promise<void>(resolve => {
        letGo = resolve;
      }),
  );
  void turns.of('slow').take(async () => void done.push('slow 2'));
  const end = turns.take(async () => void done.push('end'));
  await expect(turns.of('quick').take(() => Promise.reject(new Error('broke')))).rejects.toThrow('broke');
  await turns.of('quick').take(async () => void done.push('quick'));
  expect(done).toEqual(['quick']);
  letGo();
  await Promise.all([held, end]);
  expect(done).toEqual(['quick', 'slow 2', 'end']);
});
