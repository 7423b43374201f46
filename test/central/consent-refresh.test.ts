/** Tokens are refreshed ahead of time by central itself: through restarts, and when no panel asks. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hours, instant, minutes } from '../../src/contract/values/time.ts';
import type { TokenStatus } from '../../src/contract/wire/console.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { startTenantSession, type TenantSession } from './support/tenant-session.ts';

let session: TenantSession;
let app: string;
beforeAll(async () => {
  session = await startTenantSession();
  await session.save();
  await session.arrive(await session.signIn());
  app = await session.add({ name: 'App', signIn: 'app-secret' });
  await session.admin.send('POST', `/server-settings/${app}/token`);
});
afterAll(() => session.stop());

const issued = (status: TokenStatus) => {
  if (status.kind !== 'issued') throw new Error(JSON.stringify(status));
  return status;
};
/** The admin's session idles out while nobody looks. */
async function both() {
  await session.admin.login();
  return { delegated: issued(await session.token()), app: issued(await session.token(app)) };
}
const lines = (event: string) => session.running.log.filter(line => line.includes(event)).length;

/**
 * Time passes until the refresher's next look, `minutesOn` from now. Not in small steps: the deadlines of requests run by
 * this clock, too.
 */
async function lookAfter(clock: VirtualClock, minutesOn: number) {
  clock.jump(minutes(minutesOn - 5));
  await clock.advance(minutes(5));
}
const LONG = { timeout: 10_000 };
/** Long enough for a request that should not be made to be seen. */
const aMoment = () => new Promise(resolve => setTimeout(resolve, 200));

test('after a restart, before the tokens end, and without anybody asking', async () => {
  const before = await both();
  const clock = new VirtualClock(instant(Date.now()));
  await session.restart(clock);
  await lookAfter(clock, 40);
  await aMoment();
  expect(await both()).toEqual(before);
  await lookAfter(clock, 15);
  await expect.poll(() => lines('access-refreshed'), LONG).toBe(2);
  const after = await both();
  for (const kind of ['delegated', 'app'] as const) {
    expect(after[kind].issued, kind).toBeGreaterThan(before[kind].issued + minutes(45));
    expect(after[kind].problem, kind).toBeNull();
  }
  // The sliding end of the refresh token slides.
  expect(after.delegated.refreshLapses).toBe(after.delegated.issued + hours(24 * 90));
});

test('a refusal is told once, kept beside the grant, and asked again every hour until it is mended', async () => {
  const before = issued(await session.token());
  await session.tenant.control('POST', '/refresh-tokens/revoke');
  const clock = new VirtualClock(instant(Date.now() + hours(2)));
  await session.restart(clock);
  const failures = () =>
    session.running.log.filter(line => line.includes('access-failed') && line.includes('"default"')).length;
  await lookAfter(clock, 5);
  await expect.poll(failures, LONG).toBe(1);
  await expect.poll(() => lines('access-refreshed'), LONG).toBe(1);
  const failing = await both();
  expect(failing.delegated).toMatchObject({
    account: before.account,
    problem: { kind: 'sign-in-expired', code: 'AADSTS50173' },
  });
  for (const later of [5, 45]) {
    await lookAfter(clock, later);
    await aMoment();
  }
  expect(failures()).toBe(1);
  await lookAfter(clock, 15);
  await expect.poll(failures, LONG).toBe(2);
  // The other connection went on undisturbed.
  expect((await both()).app.problem).toBeNull();
});
