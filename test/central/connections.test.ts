/** Several connections side by side: what one may do, and that none touches another's. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MacAddress } from '../../src/contract/values/ids.ts';
import { ConnectionRow, NewLicenceKeys, RoomRow, TokenStatus } from '../../src/contract/wire/console.ts';
import { TokenAnswer, WireError } from '../../src/contract/wire/panel.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { type MadeCertificate, makeAppCertificate } from '../demo/support/app-certificate.ts';
import { startTestTenant, type TestTenant } from '../demo/support/tenant.ts';
import { errorCodeIn, PanelClient } from './support/panel-client.ts';
import { startTenantSession, type TenantSession } from './support/tenant-session.ts';

let session: TenantSession;
/** Another organisation, which the second connection is to. */
let other: TestTenant;
let second: string;
let certificate: MadeCertificate;
let panels: { first: PanelClient; second: PanelClient };

beforeAll(async () => {
  [session, other, certificate] = await Promise.all([startTenantSession(), startTestTenant(), makeAppCertificate()]);
  // Its slowness takes real time.
  await other.restart(makeSystemClock());
});
afterAll(async () => {
  await session.stop();
  await other.stop();
});

const list = () => session.admin.ask('GET', '/server-settings', v.array(ConnectionRow));
const rooms = () => session.admin.ask('GET', '/rooms', v.array(RoomRow));
const otherTenant = (more: Record<string, unknown> = {}) => ({
  name: 'Annexe',
  signIn: 'app-secret',
  authority: other.tenant.authority,
  graphBase: other.tenant.graph,
  tenantId: other.tenant.tenantId,
  clientId: other.tenant.clientId,
  clientSecret: other.tenant.clientSecret,
  serviceAccount: null,
  extraCa: other.ca.cert,
  ...more,
});
const database = () => new Database(join(session.running.dataDir, 'central.db'), { timeout: 5000 });
async function errorIn(answer: Response) {
  const { error } = v.parse(WireError, await answer.json());
  return { status: answer.status, ...error };
}

test('the default one exists before anything is saved in it; others do not', async () => {
  expect(await session.read()).toMatchObject({
    id: 'default',
    isDefault: true,
    settings: null,
    token: { kind: 'none', problem: null },
    consent: { kind: 'unknown' },
    redirectUri: `${session.running.url}/console/oauth/callback`,
  });
  expect(await list()).toEqual([
    expect.objectContaining({ id: 'default', name: 'Default', state: 'not-set', rooms: 0 }),
  ]);
  for (const [method, path] of [
    ['GET', '/server-settings/nobody'],
    ['PUT', '/server-settings/nobody'],
    ['DELETE', '/server-settings/nobody'],
    ['POST', '/server-settings/nobody/test'],
    ['POST', '/server-settings/nobody/token'],
    ['POST', '/server-settings/nobody/token/refresh'],
    ['DELETE', '/server-settings/nobody/token'],
    ['POST', '/server-settings/nobody/consent'],
    ['GET', '/server-settings/nobody/room-checks'],
    ['POST', '/server-settings/nobody/room-checks'],
  ] as const) {
    const answer = await session.admin.send(method, path, method === 'PUT' ? session.settings() : undefined);
    expect([path, answer.status, await errorCodeIn(answer)]).toEqual([path, 404, 'connection-unknown']);
  }
  const db = database();
  expect(db.prepare('select count(*) as n from audit where subject = ?').get('nobody')).toEqual({ n: 0 });
  db.close();
});

test.each(['exchange-2016', 'exchange-se', 'google-workspace'])(
  'the provider for %s is missed before anything else in the form is looked at',
  async serverType => {
    const broken = { serverType, authority: 'nonsense' };
    for (const [method, path] of [
      ['POST', '/server-settings'],
      ['PUT', '/server-settings/default'],
    ] as const) {
      const refused = await errorIn(await session.admin.send(method, path, broken));
      expect(refused).toMatchObject({ status: 409, code: 'provider-not-installed' });
      expect(refused.message).toContain('not installed');
    }
    expect((await session.admin.send('POST', '/server-settings', { ...broken, serverType: 'nonsense' })).status).toBe(
      400,
    );
  },
);

test('a second tenant beside the first: its own token, its own rooms', async () => {
  await session.save();
  await session.arrive(await session.signIn());
  expect((await session.save({ clientSecret: null })).imported.kind).toBe('imported');
  const before = await rooms();
  second = await session.add(otherTenant());
  expect(await list()).toMatchObject([
    { id: 'default', isDefault: true, state: 'ok', rooms: before.length, account: session.tenant.tenant.username },
    { id: second, isDefault: false, name: 'Annexe', state: 'sign-in-needed', rooms: 0 },
  ]);
  // Both tenants are the same sample office: their rooms have the same addresses, so the second gets rooms by hand.
  const answer = await session.admin.send('POST', '/rooms', {
    connection: second,
    address: 'attic@annexe.example',
    name: 'Attic',
    zone: 'Europe/Oslo',
    capacity: 4,
    building: null,
    floor: null,
    equipment: [],
  });
  expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)]);
  expect((await rooms()).find(room => room.name === 'Attic')).toMatchObject({ connection: { id: second } });
});

test('a panel gets tokens of its own room\u2019s connection and of no other', async () => {
  const pair = async (room: RoomRow | undefined, text: string) => {
    const panel = await PanelClient.make(session.running.fetch, session.running.url);
    const mac = v.parse(MacAddress, text);
    await panel.enrol({ mac, machineId: mac });
    const { keys } = await session.admin.ask('POST', '/licence-keys', NewLicenceKeys, { count: 1, note: '' });
    const approval = { room: room?.id, licenceKeyId: keys[0]?.id };
    const answer = await session.admin.send('POST', `/free-macs/${panel.id}/approve`, approval);
    if (answer.status !== 204) throw new Error(await answer.text());
    return panel;
  };
  const all = await rooms();
  panels = {
    first: await pair(
      all.find(room => room.connection.id === 'default'),
      '02:00:00:00:00:01',
    ),
    second: await pair(
      all.find(room => room.connection.id === second),
      '02:00:00:00:00:02',
    ),
  };
  const tokenOf = async (panel: PanelClient) =>
    v.parse(TokenAnswer, await (await panel.send('POST', '/panel/v1/token', { isRefused: false })).json());
  expect(await tokenOf(panels.second)).toMatchObject({ kind: 'none', why: 'not-connected' });
  await session.admin.send('POST', `/server-settings/${second}/token`);
  const [mine, theirs] = [await tokenOf(panels.first), await tokenOf(panels.second)];
  if (mine.kind !== 'token' || theirs.kind !== 'token') throw new Error('no token');
  const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(claims(mine.accessToken)).toMatchObject({ tid: session.tenant.tenant.tenantId, idtyp: 'user' });
  expect(claims(theirs.accessToken)).toMatchObject({ tid: other.tenant.tenantId, idtyp: 'app' });

  // Deleting one leaves the other alone.
  const stateOf = async (panel: PanelClient) => {
    const state = await panel.state();
    return state.kind === 'paired' ? state : null;
  };
  const before = await stateOf(panels.first);
  await session.admin.ask('DELETE', `/server-settings/${second}/token`, TokenStatus);
  expect(await tokenOf(panels.second)).toMatchObject({ kind: 'none', why: 'not-connected' });
  expect((await stateOf(panels.second))?.grant).toBeNull();
  expect(await tokenOf(panels.first)).toEqual(mine);
  expect(await stateOf(panels.first)).toEqual(before);
});

test('a save reaches the panels of this connection only', async () => {
  const versions = async () =>
    Promise.all(
      [panels.first, panels.second].map(async panel => {
        const state = await panel.state();
        return state.kind === 'paired' ? state.configVersion : -1;
      }),
    );
  const [first = 0, theirs = 0] = await versions();
  await session.save(otherTenant({ clientSecret: null, extraCa: other.ca.cert + session.tenant.ca.cert }), second);
  expect(await versions()).toEqual([first, theirs + 1]);
  // What panels do not see makes no new version.
  await session.save({ clientSecret: null, name: 'Main house' });
  expect(await versions()).toEqual([first, theirs + 1]);
  expect((await list()).map(row => row.name)).toEqual(['Main house', 'Annexe']);
});

test('a token that is being fetched goes with its connection', async () => {
  const id = await session.add(otherTenant({ name: 'Short-lived' }));
  other.tenant.faults.add({ kind: 'slow', ms: 600 });
  const fetching = session.admin.send('POST', `/server-settings/${id}/token`);
  await new Promise(resolve => setTimeout(resolve, 250));
  other.tenant.faults.clear();
  expect((await session.admin.send('DELETE', `/server-settings/${id}`)).status).toBe(204);
  const fetched = await fetching;
  expect([fetched.status, await errorCodeIn(fetched)]).toEqual([404, 'connection-unknown']);
  const db = database();
  expect(db.prepare('select id from grants where id = ?').all(id)).toEqual([]);
  db.close();
});

test('a sign-in that was under way when the connection was led to another tenant comes to nothing', async () => {
  const id = await session.add({ name: 'Moving' });
  const back = await session.signIn(id);
  const [saved, arrived] = await Promise.all([
    session.save(otherTenant({ name: 'Moving', signIn: 'delegated' }), id),
    session.arrive(back),
  ]);
  expect([saved.settings.token, arrived.status]).toEqual([{ kind: 'none', problem: null }, 302]);
  expect(await session.token(id)).toEqual({ kind: 'none', problem: null });
  const db = database();
  expect(db.prepare('select state_hash from sign_ins where connection_id = ?').all(id)).toEqual([]);
  db.close();
  expect((await session.admin.send('DELETE', `/server-settings/${id}`)).status).toBe(204);
});

test('neither the default one nor one whose rooms have panels can be deleted; another goes with all that is its own', async () => {
  const kept = await errorIn(await session.admin.send('DELETE', '/server-settings/default'));
  expect(kept).toMatchObject({ status: 409, code: 'is-default' });
  const busy = await errorIn(await session.admin.send('DELETE', `/server-settings/${second}`));
  expect(busy).toMatchObject({ status: 409, code: 'has-panels' });
  expect(busy.message).toMatch(/Attic.*Move them.*or unpair them/);

  expect((await session.admin.send('POST', `/panels/${panels.second.id}/unpair`)).status).toBe(204);
  await session.admin.send('POST', `/server-settings/${second}/token`);
  expect((await session.admin.send('DELETE', `/server-settings/${second}`)).status).toBe(204);
  expect((await list()).map(row => row.id)).toEqual(['default']);
  expect((await rooms()).some(room => room.connection.id === second)).toBe(false);
  const db = database();
  for (const [table, column] of [
    ['settings', 'id'],
    ['grants', 'id'],
    ['rooms', 'connection_id'],
    ['sign_ins', 'connection_id'],
  ]) {
    expect(db.prepare(`select count(*) as n from ${table} where ${column} = ?`).get(second), table).toEqual({ n: 0 });
  }
  db.close();
  expect((await session.token()).kind).toBe('issued');
});

test('a secret or token copied from one connection\u2019s row to another\u2019s is refused to open', async () => {
  const { pem, privateKey } = certificate;
  const thief = await session.add({ name: 'Thief', signIn: 'app-secret', clientSecret: 'its own', certificate: null });
  const holder = await session.add({ name: 'Holder', signIn: 'app-certificate', certificate: pem + privateKey });
  const db = database();
  const copy = (table: string, columns: string, from: string, to: string) =>
    db
      .prepare(`update ${table} set (${columns}) = (select ${columns} from ${table} where id = ?) where id = ?`)
      .run(from, to);
  const get = (id: string) => session.admin.send('POST', `/server-settings/${id}/token`);
  const refused = { kind: 'none', problem: { kind: 'wrong-secret', code: 'sealed' } };

  copy('settings', 'sealed_client_secret', 'default', thief);
  expect((await get(thief)).status).toBe(200);
  expect(await session.token(thief)).toMatchObject(refused);

  copy('settings', 'sealed_certificate, certificate, sign_in', holder, thief);
  expect((await get(thief)).status).toBe(200);
  expect(await session.token(thief)).toMatchObject(refused);

  // The sign-in itself: the account's refresh token must not serve another connection.
  await session.save({ name: 'Thief', clientSecret: session.tenant.tenant.clientSecret }, thief);
  expect((await session.token(thief)).kind).toBe('none');
  db.prepare('delete from grants where id = ?').run(thief);
  db.prepare(
    'insert into grants (id, grant_id, sealed_cache, home_account_id, account, scopes, issued, expires) select ?, grant_id, sealed_cache, home_account_id, account, scopes, issued, expires from grants where id = ?',
  ).run(thief, 'default');
  db.close();
  const moved = await session.admin.ask('POST', `/server-settings/${thief}/token/refresh`, TokenStatus);
  expect(moved).toMatchObject({ kind: 'issued', problem: { kind: 'sign-in-expired', code: 'sealed' } });
  expect(moved.problem?.detail).toContain('get a new one');
  expect(await session.token()).toMatchObject({ kind: 'issued', problem: null });
  expect(session.running.log.join('')).not.toContain('request-broke');
});

test('what is stored is never sent to another authority: it must be typed again, and what is not in use is dropped', async () => {
  const { pem, privateKey } = certificate;
  const id = await session.add({ name: 'Mover', signIn: 'app-certificate', certificate: pem + privateKey });
  const moved = { name: 'Mover', signIn: 'app-certificate', authority: 'https://evil.example', clientSecret: null };
  const put = (more: Record<string, unknown>) =>
    session.admin.send('PUT', `/server-settings/${id}`, session.settings({ ...moved, ...more }));
  const again = await errorIn(await put({}));
  expect(again).toMatchObject({ status: 400, code: 'secret-needed' });
  expect(again.message).toContain('certificate');
  // The secret is typed, but the certificate of before must not wait there for the next change of mind.
  expect((await put({ signIn: 'app-secret', clientSecret: 'typed again' })).status).toBe(200);
  expect((await session.read(id)).settings).toMatchObject({ certificate: null, hasClientSecret: true });
});
