/** The DEMO page of a central that runs alone: everything behind it started by one press, and gone after another. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AdminClient } from '../../src/cli/admin-client.ts';
import { minutes } from '../../src/contract/values/time.ts';
import { ConnectionRow, DemoStatus, LicenceKeyRow, NewConnection, RoomRow } from '../../src/contract/wire/console.ts';
import { makeFetch } from '../../src/platform/http.ts';
import { descendants, isAlive, lintel } from './lintel.ts';

const CONTOSO = {
  serverType: 'office-365-graph',
  signIn: 'app-secret',
  authority: 'https://login.microsoftonline.com',
  graphBase: 'https://graph.microsoft.com',
  tenantId: 'contoso.example',
  clientId: 'a-client',
  clientSecret: 'not a real one',
  clientSecretExpires: null,
  certificate: null,
  serviceAccount: null,
  defaultZone: 'Europe/Oslo',
  extraCa: null,
};
const ADMIN = { username: 'admin', password: 'correct horse battery' };
type On = Extract<DemoStatus, { kind: 'on' }>;

let dir: string;
let central: ReturnType<typeof lintel>;
let url: string;
let ca: string;
let admin: AdminClient;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lintel-demo-page-'));
  await start();
}, 30_000);

async function start() {
  central = lintel(['central', '--json', '--port', '0', '--host', '127.0.0.1', '--data-dir', dir], {
    LINTEL_ADMIN_PASSWORD: ADMIN.password,
  });
  const ready = await central.ready;
  url = String(ready.url);
  ca = await readFile(join(dir, 'ca.pem'), 'utf8');
  admin = await AdminClient.logIn(url, ca, ADMIN);
}
async function restart() {
  await admin.close();
  central.child.kill('SIGKILL');
  await central.ended;
  await start();
}
afterAll(async () => {
  await admin.close();
  central.child.kill('SIGTERM');
  await central.ended;
  await rm(dir, { recursive: true, force: true });
});

async function statusOn(): Promise<On> {
  const status = await admin.api('GET', '/demo', DemoStatus);
  if (status.kind !== 'on') throw new Error(`the demo is ${JSON.stringify(status)}`);
  return status;
}
const act = (action: object) => admin.api('POST', '/demo/act', v.unknown(), action);
const roomOf = async (address: string) =>
  (await admin.api('GET', '/rooms', v.array(RoomRow))).find(room => room.address === address);

it('builds a demo beside what there is, plays it, and takes it away without a trace', { timeout: 90_000 }, async () => {
  expect(await admin.api('GET', '/demo', DemoStatus)).toEqual({ kind: 'off', problem: null });
  await admin.api('PUT', '/demo', DemoStatus, { isOn: true });
  const before = await statusOn();
  expect(before.rooms.length).toBeGreaterThanOrEqual(12);
  const { room, path } = before.panel;
  const pids = descendants(central.child.pid ?? 0);
  expect(pids.length).toBe(2);
  expect((await roomOf(room))?.panel).toMatchObject({ isOnline: true, isConflict: false });
  const connections = await admin.api('GET', '/server-settings', v.array(ConnectionRow));
  expect(connections.map(row => [row.isDefault, row.state])).toEqual([
    [true, 'not-set'],
    [false, 'ok'],
  ]);

  // The panel's page comes through central, for who is logged in alone, and may be framed by the console.
  const http = makeFetch({ trust: { kind: 'only', ca } });
  const login = await http.fetch(`${url}/console/api/v1/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'lintel-console': '1' },
    body: JSON.stringify(ADMIN),
  });
  const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  expect((await http.fetch(`${url}/console/${path}`)).status).toBe(401);
  const page = await http.fetch(`${url}/console/${path}`, { headers: { cookie } });
  expect(await page.text()).toContain('<div id="panel">');
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
  await http.close();

  // A colleague books a room that is free, and cancels.
  const free = before.rooms.find(one => one.meetings.every(meeting => meeting.start > before.now + minutes(40)));
  if (free === undefined) throw new Error('no room is free for 40 minutes');
  await act({ kind: 'book', room: free.address, in: 0, length: minutes(15), isPrivate: false });
  const meetingsOf = async () => (await statusOn()).rooms.find(one => one.address === free.address)?.meetings ?? [];
  const booked = (await meetingsOf()).find(meeting => !free.meetings.some(old => old.id === meeting.id));
  expect(booked).toMatchObject({ subject: 'Booked by a visitor' });
  await act({ kind: 'cancel', room: free.address, event: booked?.id });
  expect((await meetingsOf()).some(meeting => meeting.id === booked?.id)).toBe(false);
  await expect(act({ kind: 'cancel', room: free.address, event: 'nothing' })).rejects.toThrow(/no such meeting/);

  // Faults and the clock show in the status, and end.
  await act({ kind: 'fault', fault: 'throttle' });
  expect((await statusOn()).fault).toBe('throttle');
  await act({ kind: 'fault', fault: 'none' });
  await act({ kind: 'jump-clock', by: minutes(60) });
  const jumped = await statusOn();
  expect(jumped).toMatchObject({ fault: 'none' });
  expect(jumped.now - before.now).toBeGreaterThan(minutes(59));
  await act({ kind: 'jump-clock', by: null });
  expect((await statusOn()).now - before.now).toBeLessThan(minutes(5));

  // Without central the panel is offline here, and comes back.
  await act({ kind: 'unplug-central', isUnplugged: true });
  await expect.poll(async () => (await roomOf(room))?.panel?.isOnline, { timeout: 5000 }).toBe(false);
  await new Promise(resolve => setTimeout(resolve, 3000));
  expect((await roomOf(room))?.panel?.isOnline).toBe(false);
  await act({ kind: 'unplug-central', isUnplugged: false });
  await expect.poll(async () => (await roomOf(room))?.panel?.isOnline, { timeout: 40_000 }).toBe(true);

  // A central that is restarted meanwhile still knows what it made, and takes away that alone.
  const own = { ...CONTOSO, name: 'Demo tenant' };
  const { id } = await admin.api('POST', '/server-settings', NewConnection, own);
  await restart();
  expect(await admin.api('GET', '/demo', DemoStatus)).toMatchObject({
    kind: 'off',
    problem: expect.stringContaining('restarted while'),
  });

  await admin.api('PUT', '/demo', DemoStatus, { isOn: false });
  expect(await admin.api('GET', '/demo', DemoStatus)).toEqual({ kind: 'off', problem: null });
  expect(pids.filter(isAlive)).toEqual([]);
  expect(await admin.api('GET', '/rooms', v.array(RoomRow))).toEqual([]);
  expect((await admin.api('GET', '/licence-keys', v.array(LicenceKeyRow))).map(key => key.state)).toEqual(['revoked']);
  const left = await admin.api('GET', '/server-settings', v.array(ConnectionRow));
  expect(left.map(row => row.id)).toEqual(['default', id]);
});
