/** The console's switch between direct and relay, with panels that run, and what else panels are told of their access. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Panel } from '../../src/agent/start-panel.ts';
import { PanelConfig } from '../../src/contract/values/config.ts';
import { MacAddress } from '../../src/contract/values/ids.ts';
import { minutes, plus, toIso } from '../../src/contract/values/time.ts';
import { Revision } from '../../src/contract/wire/console.ts';
import { TokenAnswer } from '../../src/contract/wire/panel.ts';
import { makeLog } from '../../src/platform/log.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { openPanel } from '../../src/shell/open-panel.ts';
import { START } from '../demo/support/tenant.ts';
import { errorCodeIn } from './support/panel-client.ts';
import { type Door, makeSlots, newKey, type RelayOffice, startRelayOffice } from './support/relay-office.ts';

let office: RelayOffice;
let aurora: Door;
const slot = makeSlots();
const clock = makeSystemClock();

beforeAll(async () => {
  office = await startRelayOffice({ access: 'direct' });
  aurora = await office.pair('aurora');
});
afterAll(() => office?.stop());

const configOf = async ({ panel }: Door) =>
  v.parse(PanelConfig, await (await panel.send('GET', '/panel/v1/config')).json());
const tokenOf = async ({ panel }: Door) =>
  v.parse(TokenAnswer, await (await panel.send('POST', '/panel/v1/token', { isRefused: false })).json());
/** With the database of a central that runs. */
function change(sql: string, ...values: unknown[]) {
  const db = new Database(join(office.session.running.dataDir, 'central.db'));
  db.prepare(sql).run(...values);
  db.close();
}

test('a switch is pushed: the config with its access, and a state without a grant', async () => {
  const { session } = office;
  const service = session.tenant.tenant.username;
  expect((await session.read()).settings).toMatchObject({ access: 'direct', changeNotifications: false });
  expect((await configOf(aurora)).access).toMatchObject({
    kind: 'direct-graph',
    inviter: { isSignedIn: true, address: service },
  });
  expect(await tokenOf(aurora)).toMatchObject({ kind: 'token' });
  const direct = await office.ask(aurora.panel, '/list', { room: aurora.room, window: slot(), isShareable: true });
  expect([direct.status, await errorCodeIn(direct)]).toEqual([409, 'not-relayed']);

  const stream = await aurora.panel.stream();
  expect(await stream.next()).toMatchObject({ kind: 'paired', grant: expect.any(String) });
  await session.save({ access: 'relay' });
  expect(await stream.nextEvent()).toMatchObject({
    event: 'config',
    data: { access: { kind: 'relay', canInvite: true } },
  });
  expect(await stream.nextEvent()).toMatchObject({ event: 'state', data: { grant: null } });
  expect(await tokenOf(aurora)).toEqual({ kind: 'none', why: 'relayed', detail: expect.any(String) });
  expect(await aurora.calendar.list(slot())).toMatchObject({ kind: 'listed' });
  expect((await session.read()).settings).toMatchObject({ access: 'relay' });

  await session.save({ access: 'direct' });
  expect(await stream.nextEvent()).toMatchObject({ event: 'config', data: { access: { kind: 'direct-graph' } } });
  expect(await stream.nextEvent()).toMatchObject({ event: 'state', data: { grant: expect.any(String) } });
  expect(await tokenOf(aurora)).toMatchObject({ kind: 'token' });
  // Saved once more as it is, nothing is pushed.
  await session.save({ access: 'direct', changeNotifications: false });
  await session.admin.send('POST', `/panels/${aurora.panel.id}/identify`);
  expect(await stream.nextEvent()).toMatchObject({ event: 'command' });
  stream.stop();
});

test('who invites follows the sign-in and the service account', async () => {
  const { session } = office;
  const signedIn = session.tenant.tenant.username;
  const inviter = async () => (await configOf(aurora)).access;
  // Who signed in is asked, whatever was typed.
  await session.save({ access: 'direct', serviceAccount: 'somebody@lintel.example' });
  expect(await inviter()).toMatchObject({ inviter: { isSignedIn: true, address: signedIn } });
  // Panels are told by another version each time.
  const version = async () => (await configOf(aurora)).version;
  const before = await version();
  const told = async () => (await session.admin.ask('GET', '/policies/history', v.array(Revision)))[0]?.changes;
  const account = { scope: null, field: 'Test tenant: account' };
  await session.admin.send('DELETE', '/server-settings/default/token');
  expect(await told()).toEqual([{ ...account, before: JSON.stringify(signedIn), after: null }]);
  expect(await inviter()).toMatchObject({ inviter: { isSignedIn: true, address: 'somebody@lintel.example' } });
  const without = await version();
  expect(without).toBeGreaterThan(before);
  await session.arrive(await session.signIn());
  expect(await inviter()).toMatchObject({ inviter: { isSignedIn: true, address: signedIn } });
  expect(await version()).toBeGreaterThan(without);
  expect(await told()).toEqual([{ ...account, before: null, after: JSON.stringify(signedIn) }]);
  // An application has no calendar of its own: the service account's, or nobody's.
  await session.save({ signIn: 'app-secret', serviceAccount: 'rooms@lintel.example' });
  expect(await inviter()).toMatchObject({ inviter: { isSignedIn: false, address: 'rooms@lintel.example' } });
  await session.save({ signIn: 'app-secret', serviceAccount: '' });
  expect(await inviter()).toMatchObject({ inviter: null });
  await session.save({ signIn: 'app-secret', serviceAccount: 'not an address', access: 'relay' });
  expect(await inviter()).toEqual({ kind: 'relay', canInvite: false });
  await session.save({ access: 'relay' });
  await session.arrive(await session.signIn());
});

test('without a sign-in, or once the licence has lapsed, nothing is read and the panel is told why', async () => {
  const { session } = office;
  const window = slot();
  const list = () => aurora.calendar.list(window, undefined, 'shareable');
  expect(await list()).toMatchObject({ kind: 'listed' });
  await session.admin.send('DELETE', '/server-settings/default/token');
  // Not even what was read a moment ago.
  expect(await list()).toMatchObject({ kind: 'failed', problem: 'no-token', isOutcomeUnknown: false });
  const booking = { key: newKey(), span: window, title: 'Booked at the door' };
  expect(await aurora.calendar.book(booking)).toMatchObject({ kind: 'failed', problem: 'no-token' });
  await session.arrive(await session.signIn());
  expect(await list()).toMatchObject({ kind: 'listed' });
  const lapsed = { licenceId: 'L', customer: 'C', seats: 5, features: [], notBefore: 1, expires: 2, graceDays: 0 };
  change('insert into meta (name, value) values (?, ?)', 'licence', JSON.stringify({ entitlement: lapsed, file: '' }));
  expect(await list()).toMatchObject({ kind: 'failed', problem: 'no-token', detail: 'the licence has lapsed' });
  change('delete from meta where name = ?', 'licence');
  expect(await list()).toMatchObject({ kind: 'listed' });
});

test('public holidays are in the config, from yesterday on and in order', async () => {
  const { session } = office;
  const calendar = { mailbox: null, id: 'AAMk', name: 'Holidays' };
  await session.save({ access: 'relay', holidayCalendar: calendar, changeNotifications: true });
  expect((await session.read()).settings).toMatchObject({ holidayCalendar: calendar, changeNotifications: true });
  const dates = ['2099-12-25', '2001-01-01', '2099-01-01'];
  const stored = { read: clock.now(), dates, problem: null, of: JSON.stringify([null, 'AAMkRead']) };
  // As a read of another calendar would leave it, both at once.
  change(
    'update settings set holiday_calendar = ?, holidays = ? where id = ?',
    JSON.stringify({ ...calendar, id: 'AAMkRead' }),
    JSON.stringify(stored),
    'default',
  );
  expect((await configOf(aurora)).holidays).toEqual(['2099-01-01', '2099-12-25']);
  expect((await session.read()).holidays).toMatchObject({ dates });
  // Another calendar's holidays are not these.
  await session.save({ access: 'relay', holidayCalendar: { ...calendar, id: 'other' } });
  expect((await configOf(aurora)).holidays).toEqual([]);
});

test('a panel that runs goes from direct to relay and back, and its glass never stands still', {
  timeout: 25_000,
}, async () => {
  const { session } = office;
  await session.save({ access: 'direct' });
  // The panel's clock follows whoever answers it: both must tell the same.
  await session.tenant.control('PUT', '/clock', { by: clock.now() - START });
  const dir = await mkdtemp(join(tmpdir(), 'lintel-panel-'));
  const lines: string[] = [];
  const mac = '02:00:00:00:0a:01';
  const panel: Panel = await openPanel({
    dataDir: dir,
    programDir: dir,
    agentVersion: '9.9.9',
    env: { LINTEL_CENTRAL_URL: session.running.url },
    clock,
    log: makeLog({ level: 'debug', destination: { write: line => lines.push(line) } }),
    keychain: 'off',
    mac: v.parse(MacAddress, mac),
    machineId: 'a'.repeat(64),
  });
  const within = { timeout: 8000 };
  try {
    await expect.poll(() => panel.agent.view().screen, within).toMatchObject({ code: expect.any(String) });
    const { screen } = panel.agent.view();
    const waiting = (await session.admin.waiting()).find(row => row.mac === mac);
    const code = screen.kind === 'pairing' ? screen.code : null;
    const approval = { room: office.idOf('dovre'), licenceKeyId: null, code };
    expect((await session.admin.send('POST', `/free-macs/${waiting?.panel}/approve`, approval)).status).toBe(204);
    const glass = () => JSON.stringify(panel.agent.view().screen);
    const reads = () => office.asked(/GET .*dovre.*calendarView/i);
    // At the tenant both ways look alike; central counts what it asks itself.
    const relayed = async () => (await session.read()).health.callsLastHour;

    await expect.poll(glass, within).toMatch(/"kind":"fresh"/);
    const directly = await reads();
    expect(directly).toBeGreaterThan(0);

    await session.save({ access: 'relay' });
    const before = await relayed();
    await expect.poll(reads, within).toBeGreaterThan(directly);
    await expect.poll(relayed, within).toBeGreaterThan(before);
    expect(glass()).toMatch(/"kind":"fresh"/);

    const soon = plus(clock.now(), minutes(1));
    const subject = `Moved to the relay ${soon}`;
    await office.book('dovre', { start: toIso(soon), end: toIso(plus(soon, minutes(20))), subject, isForced: true });
    const relayedReads = await reads();
    await session.save({ access: 'direct' });
    await expect.poll(reads, within).toBeGreaterThan(relayedReads);
    await expect.poll(glass, within).toContain(subject);
    expect(glass()).toMatch(/"kind":"fresh"/);
    // What the panel wrote about it holds no token of either way.
    expect(lines.join('')).not.toMatch(/eyJ[\w-]+\.eyJ/);
  } finally {
    await panel.stop();
    await rm(dir, { recursive: true, force: true });
  }
});
