import { describe, expect, test } from 'vitest';
import { networkOf } from '../../src/central/http/address.ts';
import { LoginTries } from '../../src/central/http/login-tries.ts';
import { instant, minutes } from '../../src/contract/values/time.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const HOME = '203.0.113.7';
const HOME_6 = '2001:db8:1:2::7';

describe('the network of an address', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::1:2:3:4:5:6:7', '0:1:2:3::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s is in %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

test.each([HOME, HOME_6])('whoever guesses day and night does not keep the owner out at %s', async home => {
  const clock = new VirtualClock(instant(1_790_000_000_000));
  const tries = new LoginTries(clock);
  expect(tries.takeFor('anna', home)).toBeNull();
  tries.succeeded(home, 'anna');
  for (let day = 0; day < 3; day++) {
    // From ever new addresses, again as soon as it is allowed.
    for (let n = 0; n < 200; n++) {
      const wait = tries.takeFor('anna', `198.51.100.${n}`);
      if (wait !== null) await clock.advance(wait);
      if (wait !== null) tries.takeFor('anna', `198.51.100.${n}`);
    }
    expect(tries.takeFor('anna', '198.51.100.9')).toBeGreaterThan(0);
    const neighbour = home === HOME_6 ? '2001:db8:1:2:ffff::9' : home;
    expect(tries.takeFor('anna', neighbour)).toBeNull();
    tries.succeeded(neighbour, 'anna');
    // Their log-in gives nobody else a new try.
    expect(tries.takeFor('anna', '198.51.100.9')).toBeGreaterThan(0);
  }
});

test('guessing from where the owner logged in is slowed just the same, and a whole /64 counts as one', async () => {
  const clock = new VirtualClock(instant(1_790_000_000_000));
  const tries = new LoginTries(clock);
  tries.succeeded(HOME_6, 'anna');
  const guesses = Array.from({ length: 10 }, (_, n) => tries.takeFor('anna', `2001:db8:1:2::${n}`));
  expect(guesses.filter(wait => wait === null)).toHaveLength(3);
  const knocks = Array.from({ length: 40 }, (_, n) => tries.takeFrom(`2001:db8:9:9::${n.toString(16)}`));
  expect(knocks.filter(wait => wait === null)).toHaveLength(20);
  await clock.advance(minutes(61));
  expect(tries.takeFor('anna', HOME_6)).toBeNull();
});
