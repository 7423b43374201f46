/** What central finds out about the rooms of a real (demo) tenant, and that nothing of any meeting stays. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sleep } from '../../src/contract/values/clock.ts';
import { seconds } from '../../src/contract/values/time.ts';
import { Overview, RoomCheck, RoomRow, SaveAnswer } from '../../src/contract/wire/console.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { errorCodeIn } from './support/panel-client.ts';
import { startTenantSession, type TenantSession } from './support/tenant-session.ts';

let session: TenantSession;
beforeAll(async () => {
  session = await startTenantSession();
  await session.save();
  await plant('nordlys', 'Zebra one', 60);
  await plant('nordlys', 'Zebra two', 90);
  for (const hour of [2, 4, 6]) await plant('dovre', 'Zebra', hour * 60);
});
afterAll(() => session.stop());

/** A meeting of an hour, from some minutes after the day that central has: the tenant's own clock stands still. */
async function plant(room: string, subject: string, inMinutes: number, more: object = {}) {
  const at = (minute: number) => new Date(Math.ceil(Date.now() / 60_000) * 60_000 + minute * 60_000).toISOString();
  const body = {
    subject,
    start: at(inMinutes + 1440),
    end: at(inMinutes + 1500),
    organizer: 'ase.brathen@lintel.example',
  };
  const url = `/rooms/${room}@lintel.example/meetings`;
  expect((await session.tenant.control('POST', url, { ...body, ...more })).status).toBe(201);
}

const Checks = v.array(RoomCheck);
const path = (connection = 'default') => `/server-settings/${connection}/room-checks`;
const look = (connection?: string) => session.admin.ask('POST', path(connection), Checks);
const stored = (connection?: string) => session.admin.ask('GET', path(connection), Checks);
const of = (checks: RoomCheck[], name: string) => {
  const check = checks.find(one => one.name === name);
  if (check === undefined) throw new Error(`${name} was not looked at`);
  return check;
};
const kinds = (check: RoomCheck) => check.findings.map(finding => finding.kind);
const addByHand = (name: string, connection = 'default') =>
  session.admin.ask('POST', '/rooms', RoomRow, {
    connection,
    address: `${name}@lintel.example`,
    name,
    zone: 'Europe/Oslo',
    capacity: null,
    building: null,
    floor: null,
    equipment: [],
  });

test('without a token there is nothing to look with', async () => {
  const answer = await session.admin.send('POST', path());
  expect([answer.status, await errorCodeIn(answer)]).toEqual([409, 'no-token']);
});

test('an import is followed by a look of its own', async () => {
  await session.arrive(await session.signIn());
  expect((await session.save({ clientSecret: null })).imported.kind).toBe('imported');
  await expect.poll(async () => (await stored()).length, { timeout: 15_000, interval: 100 }).toBe(14);
  const checks = await stored();
  expect(checks.map(check => check.name)).toEqual(checks.map(check => check.name).toSorted());
  expect(of(checks, 'Elder')).toMatchObject({ canRead: true, canWrite: true, problem: null, findings: [] });
});

test('each room is judged by what was read of it, with the command that mends it', async () => {
  await addByHand('board-room');
  await addByHand('cellar');
  const checks = await look();
  expect(checks).toHaveLength(16);
  expect(of(checks, 'board-room')).toMatchObject({
    canRead: false,
    canWrite: null,
    problem: 'no-access',
    findings: [
      {
        kind: 'no-read',
        severity: 'bad',
        command: `Add-MailboxFolderPermission -Identity "board-room@lintel.example:\\Calendar" -User "${session.tenant.tenant.username}" -AccessRights Editor`,
      },
    ],
  });
  expect(of(checks, 'cellar')).toMatchObject({ canRead: false, problem: 'room-not-found' });
  expect(of(checks, 'Mistral')).toMatchObject({ canRead: true, canWrite: false });
  expect(kinds(of(checks, 'Mistral'))).toContain('no-write');
  expect(kinds(of(checks, 'Nordlys'))).toEqual(expect.arrayContaining(['conflicts-allowed', 'not-in-a-room-list']));
  expect(of(checks, 'Nordlys').findings.find(finding => finding.kind === 'not-in-a-room-list')?.command).toBe(
    'Add-DistributionGroupMember -Identity "Fjord House, 2nd floor" -Member "nordlys@lintel.example"',
  );
  expect(kinds(of(checks, 'Dovre'))).toContain('organizer-as-subject');
  expect(kinds(of(checks, 'Birch'))).not.toContain('organizer-as-subject');
});

test('rooms and overview count what was found', async () => {
  const rooms = await session.admin.ask('GET', '/rooms', v.array(RoomRow));
  const findings = (name: string) => rooms.find(room => room.name === name)?.findings;
  expect([findings('Elder'), findings('Mistral'), findings('board-room')]).toEqual([0, 1, 1]);
  expect((await session.admin.ask('GET', '/overview', Overview)).alerts).toContainEqual({
    kind: 'rooms-unreadable',
    subject: 'Test tenant',
    connection: 'default',
    name: 'Test tenant',
    count: 3,
    at: null,
  });
});

test('told to wait, it waits; a passing trouble leaves what was known', async () => {
  const { faults } = session.tenant.tenant;
  faults.add({ kind: 'throttle', retryAfter: '0.3', mailbox: 'elder@lintel.example', times: 1 });
  faults.add({ kind: 'error', status: 500, mailbox: 'mistral@lintel.example' });
  const checks = await look();
  faults.clear();
  expect(of(checks, 'Elder')).toMatchObject({ canRead: true, canWrite: true, problem: null });
  expect(of(checks, 'Mistral')).toMatchObject({ canRead: true, canWrite: false, problem: 'provider-error' });
  expect(kinds(of(checks, 'Mistral'))).toContain('no-write');
});

test('no look is made twice at a time, and of a tenant that is away the answer says so', async () => {
  const before = (await session.tenant.control('GET', '/counters')).json.graph;
  await Promise.all([look(), look(), look()]);
  const asked = (await session.tenant.control('GET', '/counters')).json.graph - before;
  // Twice sixteen rooms, two questions each: the one under way, and one more for all who came late.
  expect(asked).toBeLessThanOrEqual(64);
  for (const [fault, problem] of [
    [{ kind: 'unauthorized' }, 'sign-in-needed'],
    [{ kind: 'drop' }, 'unreachable'],
    [{ kind: 'throttle', retryAfter: '900' }, 'throttled'],
  ] as const) {
    session.tenant.tenant.faults.add(fault);
    const answer = await session.admin.send('POST', path());
    session.tenant.tenant.faults.clear();
    expect([answer.status, await errorCodeIn(answer)]).toEqual([502, problem]);
    expect(of(await stored(), 'Mistral'), 'what was known stays').toMatchObject({ canRead: true, canWrite: false });
  }
});

test('an application is told how Exchange lets it in', async () => {
  const application = { signIn: 'app-secret', name: 'App', serviceAccount: null };
  const id = await session.add(application);
  const saved = await session.admin.ask('POST', `/server-settings/${id}/token`, SaveAnswer);
  expect(saved.imported, 'every room belongs to the first').toEqual({
    kind: 'imported',
    added: 0,
    updated: 0,
    missing: 0,
  });
  await session.admin.send('DELETE', `/rooms/${of(await stored(), 'board-room').room}`);
  await addByHand('board-room', id);
  const [check] = await look(id);
  expect(check).toMatchObject({ canRead: false, problem: 'no-access' });
  expect(check?.findings[0]?.command).toContain(
    `New-ManagementRoleAssignment -App "${session.tenant.tenant.clientId}" -Role "Application Calendars.ReadWrite"`,
  );
});

test('no subject and nobody’s name is in any answer, on disk or in the log', async () => {
  const answer = await (await session.admin.send('GET', path())).text();
  expect(answer).not.toMatch(/Zebra|Bråthen/);
  const { dataDir, log } = session.running;
  for (const file of ['central.db', 'central.db-wal'])
    expect((await readFile(join(dataDir, file))).toString('latin1')).not.toMatch(/Zebra|Br\S{1,2}then/);
  expect(log.join('\n')).not.toMatch(/Zebra|Bråthen/);
});

test('a stop in the middle of a look ends it', async () => {
  session.tenant.tenant.faults.add({ kind: 'slow', ms: 20_000 });
  const answer = session.admin.send('POST', path()).catch(() => null);
  await expect
    .poll(async () => (await session.tenant.control('GET', '/state')).json.counters.graph, { timeout: 2000 })
    .toBeGreaterThan(0);
  const before = Date.now();
  await session.running.stop();
  await answer;
  expect(Date.now() - before).toBeLessThan(5000);
  await sleep(makeSystemClock(), seconds(1));
  expect(session.running.log.filter(line => /room-checks-broke/.test(line))).toEqual([]);
});
