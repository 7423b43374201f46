/** Guessing a pairing code: what the numbers allow (RFC 8628 section 5.1), and an attacker who tries all the same. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { askTry, type Tries, wasRight, wasWrong } from '../../src/central/domain/code-tries.ts';
import {
  CODE_LIFE,
  codeLength,
  HIT_BUDGET,
  hitChance,
  makePairingCode,
  normaliseCode,
  WRONG_TRIES,
} from '../../src/central/domain/pairing-code.ts';
import { randomBelow } from '../../src/central/random.ts';
import { type Instant, instant, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { fc } from '../support/fast-check.ts';
import { ConsoleClient } from './support/console-client.ts';
import { errorCodeIn, PanelClient } from './support/panel-client.ts';
import { type RunningCentral, runCentral, seedRooms } from './support/running-central.ts';

const NOW = instant(1_790_000_000_000);
const spent = (lengths: readonly number[]) => lengths.reduce((sum, length) => sum + hitChance(length), 0);

test('however codes come and go, all that are valid together stay within 2^-32 for the tries of one life', () => {
  // Null adds a code; a fraction takes out the code at that place.
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    fc.double({ min: 0, max: 0.999_999, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 1500, size: 'max' }), steps => {
      const pending: number[] = [];
      for (const place of steps) {
        if (place === null) pending.push(codeLength(pending));
        else pending.splice(Math.floor(place * pending.length), 1);
        expect(spent(pending)).toBeLessThanOrEqual(HIT_BUDGET);
      }
    }),
    { numRuns: 60 },
  );
});

test('a lone code has 8 characters, the hundredth 11, and with a thousand pending 12 are enough', () => {
  const pending: number[] = [];
  for (let n = 0; n < 1000; n++) {
    pending.push(codeLength(pending));
    expect(spent(pending)).toBeLessThanOrEqual(HIT_BUDGET);
  }
  expect([pending[0], pending[1], pending[99], pending[999]]).toEqual([8, 9, 11, 12]);
  // All of them are replaced ten times over, the oldest first: nothing creeps upwards.
  for (let n = 0; n < 10_000; n++) {
    pending.shift();
    pending.push(codeLength(pending));
    expect(pending.at(-1)).toBeLessThanOrEqual(12);
  }
  expect(spent(pending)).toBeLessThanOrEqual(HIT_BUDGET);
});

test('codes left over from before this rule make the next one long, not impossible', () => {
  expect(codeLength(Array.from({ length: 50 }, () => 8))).toBe(20);
});

test('in no ten minutes are there more than five tries that were not right, however they are spread', () => {
  const gap = fc.integer({ min: 0, max: 200_000 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(gap, fc.integer({ min: 0, max: 2_000 }), fc.boolean()), { maxLength: 300, size: 'max' }),
      plan => {
        let tries: Tries = [];
        let now: Instant = NOW;
        const compared: number[] = [];
        for (const [pause, takes, isRight] of plan) {
          now = plus(now, seconds(pause / 1000));
          const asked = askTry(tries, now);
          tries = asked.tries;
          if (asked.kind === 'wait') continue;
          const began = now;
          now = plus(now, seconds(takes / 1000));
          tries = isRight ? wasRight(tries, began) : wasWrong(tries, began, now);
          if (!isRight) compared.push(began);
        }
        for (const at of compared) {
          expect(compared.filter(other => other >= at && other < at + CODE_LIFE).length).toBeLessThanOrEqual(
            WRONG_TRIES,
          );
        }
      },
    ),
  );
});

test('tries at the same time count before they end, a right one gives back only itself', () => {
  let tries: Tries = [];
  for (let n = 0; n < WRONG_TRIES; n++) tries = askTry(tries, NOW).tries;
  expect(askTry(tries, NOW)).toMatchObject({ kind: 'wait', retryAfter: CODE_LIFE });
  tries = wasRight(tries, NOW);
  expect(tries).toHaveLength(4);
  for (let n = 0; n < 4; n++) tries = wasWrong(tries, NOW, plus(NOW, seconds(n)));
  tries = askTry(tries, plus(NOW, seconds(9))).tries;
  expect(askTry(tries, plus(NOW, seconds(9))).kind).toBe('wait');
  tries = wasRight(tries, plus(NOW, seconds(9)));
  // The four wrong ones are still there: one more may be tried, not five.
  expect(askTry(askTry(tries, plus(NOW, seconds(10))).tries, plus(NOW, seconds(10))).kind).toBe('wait');
});

test('a clock that is put back by a year keeps nobody out for a year', () => {
  let tries: Tries = [];
  for (let n = 0; n < WRONG_TRIES; n++) tries = askTry(tries, plus(NOW, minutes(525_600))).tries;
  const asked = askTry(tries, NOW);
  expect(asked).toMatchObject({ kind: 'wait', retryAfter: CODE_LIFE });
  expect(askTry(asked.tries, plus(NOW, CODE_LIFE)).kind).toBe('go');
});

test('a million guesses over seven weeks against a thousand codes: some 36,000 are looked at, and none hits', () => {
  const codes = new Set<string>();
  const lengths: number[] = [];
  for (let n = 0; n < 1000; n++) {
    const { code } = makePairingCode(randomBelow, lengths, NOW);
    lengths.push(code.length);
    codes.add(code);
  }
  const alphabet = 'BCDFGHJKLMNPQRSTVWXZ';
  let tries: Tries = [];
  let looked = 0;
  let hits = 0;
  for (let n = 0; n < 1_000_000; n++) {
    const now = plus(NOW, seconds(n * 4.3));
    const asked = askTry(tries, now);
    tries = asked.tries;
    if (asked.kind === 'wait') continue;
    looked++;
    const length = lengths[n % lengths.length] ?? 8;
    const guess = Array.from({ length }, () => alphabet[randomBelow(20)]).join('');
    if (codes.has(guess)) hits++;
    tries = wasWrong(tries, now, now);
  }
  expect(hits).toBe(0);
  expect(looked).toBeLessThanOrEqual(Math.ceil((1_000_000 * 4.3) / 600) * WRONG_TRIES);
  expect(looked).toBeGreaterThan(30_000);
});

let running: RunningCentral;
let admin: ConsoleClient;
beforeAll(async () => {
  running = await runCentral({ seed: seedRooms('Oslo') });
  admin = new ConsoleClient(running.fetch, running.url);
  await admin.login();
  await admin.send('POST', '/licence-keys', { count: 2, note: '' });
});
afterAll(() => running.stop());

async function waitingPanel(mac: string) {
  const panel = await PanelClient.make(running.fetch, running.url);
  const state = await panel.enrol({ mac, machineId: mac });
  if (state.kind !== 'awaiting-approval') throw new Error(state.kind);
  return { panel, code: state.code };
}
const typeCode = (code: string) => admin.send('POST', '/free-macs/code', { code });
const similar = (code: string, n: number) =>
  [...code].map((letter, at) => (at === n % code.length ? (letter === 'B' ? 'C' : 'B') : letter)).join('');

test('over HTTP: five wrong codes by whatever way, then 429 for ten minutes, right ones included', async () => {
  const { panel, code } = await waitingPanel('02:00:00:00:01:01');
  const approval = (guess: string) => ({ room: 'oslo', licenceKeyId: null, code: guess });
  const approve = `/free-macs/${panel.id}/approve`;
  expect((await typeCode(similar(code, 0))).status).toBe(404);
  expect(await errorCodeIn(await admin.send('POST', approve, approval(similar(code, 1))))).toBe('code-changed');
  const confirm = await admin.send('POST', '/free-macs/confirm', {
    panels: [{ panel: panel.id, code: similar(code, 2) }],
  });
  expect(await confirm.json()).toMatchObject({ paired: 0, refused: [{ code: 'code-changed' }] });
  const csv = `mac,room,code\n02:00:00:00:01:01,Oslo,${similar(code, 3)}`;
  const dryRun = await admin.send('POST', '/registrations/import', { csv, isDryRun: true });
  expect(await dryRun.json()).toMatchObject({
    rows: [{ verdict: 'registers', message: 'The panel shows another code.' }],
  });
  // A right one in between gives nothing back but itself.
  expect(await (await typeCode(code)).json()).toEqual({ kind: 'found', panel: panel.id });
  expect((await typeCode(similar(code, 4))).status).toBe(404);
  for (const answer of [await typeCode(code), await admin.send('POST', approve, approval(code))]) {
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBe(600);
  }
  const oracle = await admin.send('POST', '/registrations/import', {
    csv: csv.replace(similar(code, 3), code),
    isDryRun: true,
  });
  expect(await oracle.json()).toMatchObject({ rows: [{ verdict: 'registers' }], paired: 0 });
  const other = await admin.send('POST', '/free-macs/confirm', { panels: [{ panel: panel.id, code }] });
  expect(await other.json()).toMatchObject({ paired: 0, refused: [{ code: 'too-many' }] });

  await running.clock.advance(minutes(10));
  panel.nonce = null;
  const again = await panel.enrol({ mac: '02:00:00:00:01:01', wantsNewCode: true });
  if (again.kind !== 'awaiting-approval') throw new Error(again.kind);
  const sloppy = again.code.toLowerCase().replace(/(....)/, ' $1 - ');
  expect(normaliseCode(sloppy)).toBe(again.code);
  expect(await (await typeCode(sloppy)).json()).toEqual({ kind: 'found', panel: panel.id });
});

test('over HTTP: four hundred guesses in half an hour hit nothing, and each that was looked at left a line', async () => {
  await running.clock.advance(minutes(10));
  const { code } = await waitingPanel('02:00:00:00:01:02');
  const linesBefore = running.log.filter(line => line.includes('pairing-code-wrong')).length;
  const answers: number[] = [];
  for (let n = 0; n < 400; n++) {
    if (n % 134 === 133) await running.clock.advance(minutes(10));
    answers.push((await typeCode(similar(code, n))).status);
  }
  expect(answers.filter(status => status === 404)).toHaveLength(15);
  expect(answers.filter(status => status === 429)).toHaveLength(385);
  expect(running.log.filter(line => line.includes('pairing-code-wrong'))).toHaveLength(linesBefore + 15);
  expect(running.log.filter(line => line.includes('pairing-code-not-tried')).length).toBeGreaterThan(0);
  // Neither what was typed nor what was meant.
  expect(running.log.some(line => line.includes(code) || line.includes(similar(code, 0)))).toBe(false);
});
