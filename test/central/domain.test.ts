import { expect, test } from 'vitest';
import { issueLicenceKey, licenceKeyHash } from '../../src/central/domain/licence.ts';
import { budgetOf, countTry, waitBeforeTry, withPlace } from '../../src/central/domain/login-throttle.ts';
import { makePairingCode } from '../../src/central/domain/pairing-code.ts';
import { type Bucket, take } from '../../src/central/domain/token-bucket.ts';
import { randomBelow } from '../../src/central/random.ts';
import { instant, minutes, plus, seconds } from '../../src/contract/values/time.ts';

const NOW = instant(1_790_000_000_000);

test('codes use the 20 letters evenly', () => {
  const counts = new Map<string, number>();
  for (let n = 0; n < 2000; n++) {
    for (const letter of makePairingCode(randomBelow, [], NOW).code) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  expect([...counts.keys()].sort().join('')).toBe('BCDFGHJKLMNPQRSTVWXZ');
  // 800 expected of each; six standard deviations.
  for (const count of counts.values()) expect(Math.abs(count - 800)).toBeLessThan(170);
});

test('a licence key is found by its hash however it was shown; the hint tells ten of its characters', () => {
  const issued = issueLicenceKey(randomBelow);
  expect(licenceKeyHash(issued.key)).toBe(issued.hash);
  expect(issued.hint.replace('-…-', '')).toHaveLength(10);
  expect(issued.hash).not.toContain(issued.key.slice(0, 5).toLowerCase());
});

test('guessing a password is slowed to a handful an hour, and the owner waits five minutes at most', () => {
  let failures = countTry(undefined, NOW);
  let now = NOW;
  let tries = 1;
  while (now - NOW < 3_600_000) {
    const wait = waitBeforeTry(failures, now);
    expect(wait).toBeLessThanOrEqual(minutes(5));
    now = plus(now, wait);
    failures = countTry(failures, now);
    tries++;
  }
  expect(tries).toBeLessThanOrEqual(25);
  expect(waitBeforeTry(failures, plus(now, minutes(61)))).toBe(0);
});

test('tries from where somebody logged in before are counted apart, from everywhere else together', () => {
  const places = withPlace(withPlace(undefined, 'office'), 'home');
  expect(budgetOf('anna', 'cafe', places)).toBe(budgetOf('anna', 'train', undefined));
  expect(budgetOf('anna', 'office', places)).not.toBe(budgetOf('anna', 'cafe', places));
  expect(budgetOf('anna', 'office', places)).not.toBe(budgetOf('anna', 'home', places));
  expect(budgetOf('anna', 'office', undefined)).not.toBe(budgetOf('berit', 'office', undefined));
  // No name makes up a place of somebody else's.
  expect(budgetOf('anna","office', 'x', undefined)).not.toBe(budgetOf('anna', 'office', places));

  expect(withPlace(places, 'office')).toEqual(['office', 'home']);
  const many = Array.from({ length: 50 }, (_, n) => `place ${n}`).reduce(withPlace, places);
  expect(many).toHaveLength(20);
  expect(many[0]).toBe('place 49');
});

test('a bucket gives its burst at once, then one every refill', () => {
  const rule = { burst: 3, refill: seconds(10) };
  let bucket: Bucket | undefined;
  const tryAt = (at: number) => {
    const taken = take(bucket, rule, plus(NOW, seconds(at)));
    bucket = taken.bucket;
    return taken.kind === 'taken' ? 'taken' : taken.retryAfter;
  };
  expect([0, 0, 0].map(tryAt)).toEqual(['taken', 'taken', 'taken']);
  expect(tryAt(4)).toBe(seconds(6));
  expect(tryAt(10)).toBe('taken');
  expect(tryAt(10)).toBe(seconds(10));
  // A clock that steps back neither gives nor takes.
  expect(tryAt(-1000)).toBe(seconds(10));
});
