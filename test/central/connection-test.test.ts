/** Test connection, and the health line. */
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ConnectionTest, TokenStatus } from '../../src/contract/wire/console.ts';
import { errorCodeIn } from './support/panel-client.ts';
import { startTenantSession, type TenantSession } from './support/tenant-session.ts';

let session: TenantSession;
beforeAll(async () => {
  session = await startTenantSession();
});
afterAll(() => session.stop());
afterEach(() => session.tenant.tenant.faults.clear());

/** `✓ step: detail` lines. */
async function run(connection = 'default'): Promise<string[]> {
  const tested = await session.admin.ask('POST', `/server-settings/${connection}/test`, ConnectionTest);
  for (const step of tested.steps) expect(step.took).toBeGreaterThanOrEqual(0);
  return tested.steps.map(({ step, isOk, detail }) => `${isOk ? '✓' : '✗'} ${step}: ${detail}`);
}
const last = async (connection?: string) => (await run(connection)).at(-1);

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('without settings there is nothing to test', async () => {
  const answer = await session.admin.send('POST', '/server-settings/default/test');
  expect([answer.status, await errorCodeIn(answer)]).toEqual([409, 'settings-incomplete']);
});

test('the sign-in service: what is in the way is named', async () => {
  await session.save({ extraCa: null });
  expect(await run()).toEqual([
    expect.stringMatching(/^✗ sign-in-service: localhost:\d+ .*a CA this server does not trust; paste/),
  ]);
  await session.save({ authority: `https://localhost:${await closedPort()}` });
  expect(await run()).toEqual([expect.stringContaining('nobody answers at this address and port')]);
  await session.save({ tenantId: '00000000-0000-0000-0000-000000000000' });
  expect(await run()).toEqual([expect.stringContaining('AADSTS90002')]);
  await session.save();
  session.tenant.tenant.faults.add({ kind: 'captive-portal' });
  expect(await run()).toEqual([expect.stringContaining('a proxy or a log-in portal')]);
});

test('the access token: none yet, lacking rights, refused', async () => {
  expect(await last()).toMatch(/^✗ access-token: .*press Get Access Token/);
  const { consent } = (await session.tenant.control('GET', '/state')).json;
  await session.tenant.control('PUT', '/consent', { ...consent, delegated: ['Calendars.ReadWrite.Shared'] });
  await session.arrive(await session.signIn());
  expect(await last()).toMatch(/^✗ access-token: .*(65001|lacks Place.Read.All)/);
  await session.tenant.control('PUT', '/consent', consent);
  await session.admin.ask('POST', '/server-settings/default/token/refresh', TokenStatus);
});

test('from the first step to the last', async () => {
  expect(await last()).toMatch(/^✗ read-a-room: No room is imported yet/);
  await session.save({ clientSecret: null });
  const steps = await run();
  expect(steps.slice(0, 4)).toEqual([
    expect.stringContaining('✓ sign-in-service'),
    expect.stringContaining(`✓ access-token: A token for ${session.tenant.tenant.username}`),
    expect.stringContaining('✓ graph'),
    expect.stringMatching(/✓ room-list: The directory lists (more than )?\d+ rooms/),
  ]);
  expect(steps.slice(4)).toEqual([
    expect.stringMatching(/✓ read-a-room: The calendar of .* can be read/),
    expect.stringMatching(/✓ write-a-room: .* can be booked; nothing was written/),
  ]);
});

test('a room in trouble is the room\u2019s step, and a pause the provider wants is shown', async () => {
  const { faults } = session.tenant.tenant;
  const [room] = await session.admin
    .send('GET', '/rooms')
    .then(answer => answer.json() as Promise<{ address: string }[]>)
    .then(rooms => rooms.toSorted((a, b) => a.address.localeCompare(b.address)));
  faults.add({ kind: 'throttle', status: 429, retryAfter: '30', mailbox: room?.address ?? '' });
  const before = Date.now();
  expect(await last()).toMatch(/✗ read-a-room: .*429/);
  const { health } = await session.read();
  expect((health.throttledUntil ?? 0) - before).toBeGreaterThan(20_000);
  expect(health.errorsLastHour).toBeGreaterThan(0);
  expect(health.callsLastHour).toBeGreaterThan(health.errorsLastHour);
  expect(before - (health.lastGoodCall ?? 0)).toBeLessThan(60_000);
});

test('the health line counts each connection for itself, and shows what ends next', async () => {
  const id = await session.add({ name: 'Other', signIn: 'app-secret', clientSecretExpires: '2000-01-01' });
  const { health } = await session.read(id);
  expect(health).toMatchObject({ lastGoodCall: null, callsLastHour: 0, errorsLastHour: 0, throttledUntil: null });
  expect(health.panels).toEqual({ reading: 0, failing: 0, throttled: 0, away: 0 });
  expect(health.expiries).toEqual([{ what: 'client-secret', at: Date.UTC(2000, 0, 2), urgency: 'expired' }]);
  const delegated = (await session.read()).health.expiries;
  expect(delegated).toMatchObject([{ what: 'refresh-token', urgency: 'calm' }]);
});
