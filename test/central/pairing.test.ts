import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PanelConfig } from '../../src/contract/values/config.ts';
import { makeLicenceKey } from '../../src/contract/values/licence-key.ts';
import { minutes } from '../../src/contract/values/time.ts';
import { LicenceKeyRow, NewLicenceKeys, RoomRow } from '../../src/contract/wire/console.ts';
import { LicenceAnswer, WIRE_VERSION } from '../../src/contract/wire/panel.ts';
import { pairingWords } from '../../src/platform/pairing-words.ts';
import { ConsoleClient } from './support/console-client.ts';
import { errorCodeIn, PanelClient } from './support/panel-client.ts';
import { type RunningCentral, runCentral, seedRooms } from './support/running-central.ts';

let running: RunningCentral;
let admin: ConsoleClient;

beforeAll(async () => {
  const names = ['Oslo', 'Bergen', 'Tromso', 'Bodo', 'Hamar', 'Molde', 'Narvik', 'Alta', 'Voss', 'Moss'];
  running = await runCentral({ seed: seedRooms(...names) });
  admin = new ConsoleClient(running.fetch, running.url);
  expect((await admin.login()).status).toBe(204);
});
afterAll(() => running.stop());

const newPanel = () => PanelClient.make(running.fetch, running.url);
const newKeys = (count = 1) => admin.ask('POST', '/licence-keys', NewLicenceKeys, { count, note: 'test' });
const rooms = () => admin.ask('GET', '/rooms', v.array(RoomRow));
const approve = (panel: PanelClient, room: string, licenceKeyId: string | null = null, code: string | null = null) =>
  admin.send('POST', `/free-macs/${panel.id}/approve`, { room, licenceKeyId, code });

async function typeKey(panel: PanelClient, key: string, room: string | null) {
  const answer = await panel.send('POST', '/panel/v1/licence', { key, room });
  expect(answer.status).toBe(200);
  return v.parse(LicenceAnswer, await answer.json());
}

test('hello needs no proof', async () => {
  const answer = await running.fetch(`${running.url}/panel/v1/hello`);
  expect(await answer.json()).toEqual({ product: 'lintel-central', wireVersion: WIRE_VERSION });
});

test('a panel waits with a code, is approved, and hears of it on its stream at once', async () => {
  const panel = await newPanel();
  const state = await panel.enrol();
  if (state.kind !== 'awaiting-approval') throw new Error(state.kind);
  expect(state.code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8,}$/);
  expect(state.expires - running.clock.now()).toBe(minutes(10));

  const stream = await panel.stream();
  expect(await stream.next()).toEqual(state);
  const row = (await admin.waiting()).find(waiting => waiting.panel === panel.id);
  expect(row).toMatchObject({ code: state.code, isOnline: true, isRejected: false, hostname: 'panel-1' });
  expect(row?.words).toEqual(pairingWords(panel.id, running.central.caPem));

  await newKeys();
  const before = performance.now();
  expect((await approve(panel, 'oslo', null, state.code)).status).toBe(204);
  const pushed = await stream.next();
  expect(performance.now() - before).toBeLessThan(300);
  expect(pushed).toEqual({ kind: 'paired', panel: panel.id, configVersion: 2, grant: null });
  stream.stop();

  const config = v.parse(PanelConfig, await (await panel.send('GET', '/panel/v1/config')).json());
  expect(config).toMatchObject({ version: 2, room: { id: 'oslo', name: 'Oslo', zone: 'Europe/Oslo' } });
  expect((await rooms()).find(room => room.id === 'oslo')?.panel?.id).toBe(panel.id);
  expect((await admin.waiting()).some(waiting => waiting.panel === panel.id)).toBe(false);
});

test('a licence key typed on the panel shows the open rooms, pairs it with one, and is safe to repeat', async () => {
  const panel = await newPanel();
  await panel.enrol();
  const [made] = (await newKeys()).keys;
  const key = made?.key ?? '';
  const choice = await typeKey(panel, key.toLowerCase().replaceAll('-', ' '), null);
  if (choice.kind !== 'choose-room') throw new Error(choice.kind);
  expect(choice.rooms.map(room => room.id)).toContain('bergen');
  expect(choice.rooms.map(room => room.id)).not.toContain('oslo');
  expect(choice.rooms[0]?.detail).toBe('Main, 1');

  const paired = await typeKey(panel, key, 'bergen');
  expect(paired.kind).toBe('paired');
  expect(await typeKey(panel, key, 'bergen')).toEqual(paired);

  const other = await newPanel();
  await other.enrol();
  expect(await typeKey(other, key, null)).toEqual({ kind: 'refused', why: 'key-in-use' });
});

test('a room that has a panel is refused, from the console and from a panel', async () => {
  const [made] = (await newKeys()).keys;
  const panel = await newPanel();
  await panel.enrol();
  const refused = await approve(panel, 'oslo');
  expect(refused.status).toBe(409);
  expect(await errorCodeIn(refused)).toBe('room-taken');
  expect(await typeKey(panel, made?.key ?? '', 'oslo')).toEqual({ kind: 'refused', why: 'room-taken' });
});

test('two approvals of one room at once: one wins', async () => {
  await newKeys(2);
  const [a, b] = [await newPanel(), await newPanel()];
  await a.enrol();
  await b.enrol();
  const answers = await Promise.all([approve(a, 'narvik'), approve(b, 'narvik')]);
  expect(answers.map(answer => answer.status).sort()).toEqual([204, 409]);
});

test('without a free licence key an approval says so', async () => {
  const keys = await admin.ask('GET', '/licence-keys', v.array(LicenceKeyRow));
  for (const key of keys.filter(row => row.state === 'free'))
    await admin.send('POST', `/licence-keys/${key.id}/revoke`);
  const panel = await newPanel();
  await panel.enrol();
  const answer = await approve(panel, 'tromso');
  expect(answer.status).toBe(409);
  expect(await errorCodeIn(answer)).toBe('no-free-licence-key');
});

test('a revoked key takes its panel off at once', async () => {
  const panel = await newPanel();
  await panel.enrol();
  const [made] = (await newKeys()).keys;
  expect((await approve(panel, 'tromso', made?.id ?? '')).status).toBe(204);
  const stream = await panel.stream();
  expect(await stream.next()).toMatchObject({ kind: 'paired' });
  await admin.ask('POST', `/licence-keys/${made?.id}/revoke`, LicenceKeyRow);
  expect(await stream.next()).toEqual({ kind: 'revoked', panel: panel.id });
  const config = await panel.send('GET', '/panel/v1/config');
  expect(config.status).toBe(403);
  expect(await errorCodeIn(config)).toBe('revoked');
  expect(await errorCodeIn(await panel.send('POST', '/panel/v1/token', { isRefused: false }))).toBe('revoked');
  expect(await stream.next()).toBe('ended');
  expect(await errorCodeIn(await panel.send('POST', '/panel/v1/licence', { key: made?.key, room: null }))).toBe(
    'revoked',
  );
  // An admin may let it in again, and the key is still worth nothing.
  expect(await panel.enrol({ wantsNewCode: true })).toEqual({ kind: 'revoked', panel: panel.id });
  expect((await admin.send('POST', `/panels/${panel.id}/unpair`)).status).toBe(204);
  expect(await typeKey(panel, made?.key ?? '', null)).toEqual({ kind: 'refused', why: 'key-revoked' });
});

test('unpairing frees room and key, and the panel waits again under a new code', async () => {
  const panel = await newPanel();
  await panel.enrol();
  const [made] = (await newKeys()).keys;
  await approve(panel, 'hamar', made?.id ?? '');
  const before = await panel.state();
  expect((await admin.send('POST', `/panels/${panel.id}/unpair`)).status).toBe(204);
  expect(await panel.state()).toMatchObject({ kind: 'awaiting-approval' });
  const keys = await admin.ask('GET', '/licence-keys', v.array(LicenceKeyRow));
  expect(keys.find(key => key.id === made?.id)).toMatchObject({ state: 'free', room: null });
  // The version never goes back, or the panel would take the next config for an old one.
  await approve(panel, 'hamar');
  const after = await panel.state();
  if (before.kind !== 'paired' || after.kind !== 'paired') throw new Error(after.kind);
  expect(after.configVersion).toBeGreaterThan(before.configVersion);
});

test('a rejected panel is told, cannot be approved, and may ask anew', async () => {
  const panel = await newPanel();
  await panel.enrol();
  expect((await admin.send('POST', `/free-macs/${panel.id}/reject`)).status).toBe(204);
  expect(await panel.state()).toEqual({ kind: 'rejected', panel: panel.id });
  await newKeys();
  expect(await errorCodeIn(await approve(panel, 'molde'))).toBe('code-expired');
  expect(await panel.enrol({ wantsNewCode: true })).toMatchObject({ kind: 'awaiting-approval' });
});

test('a code runs out after ten minutes, is pushed as such, and is worth nothing', async () => {
  const panel = await newPanel();
  await panel.enrol();
  const stream = await panel.stream();
  expect(await stream.next()).toMatchObject({ kind: 'awaiting-approval' });
  await running.clock.advance(minutes(10));
  expect(await stream.next()).toEqual({ kind: 'code-expired', panel: panel.id });
  stream.stop();
  expect((await admin.waiting()).find(row => row.panel === panel.id)).toMatchObject({ code: null, expires: null });
  expect(await errorCodeIn(await approve(panel, 'molde'))).toBe('code-expired');
  // Started anew, it gets a new code by itself.
  expect(await panel.startedAgain().enrol()).toMatchObject({ kind: 'awaiting-approval' });
});

test('five wrong licence keys, then slowly', async () => {
  const panel = await newPanel();
  await panel.enrol();
  const guess = (n: number) => makeLicenceKey(Array.from({ length: 24 }, (_, i) => (i * 7 + n) % 32));
  const mistyped = await panel.send('POST', '/panel/v1/licence', { key: guess(0).slice(0, -1), room: null });
  expect(mistyped.status).toBe(400);
  for (let n = 0; n < 5; n++) expect(await typeKey(panel, guess(n), null)).toMatchObject({ why: 'key-unknown' });
  expect(await typeKey(panel, guess(5), null)).toMatchObject({ why: 'too-many-tries' });
  await running.clock.advance(minutes(2));
  expect(await typeKey(panel, guess(6), null)).toMatchObject({ why: 'key-unknown' });
  expect(await typeKey(panel, guess(7), null)).toMatchObject({ why: 'too-many-tries' });
});

test('a report shows on the Rooms page', async () => {
  const panel = await newPanel();
  await panel.enrol();
  await newKeys();
  await approve(panel, 'moss');
  const report = {
    configVersion: 2,
    configRefused: null,
    lastRead: running.clock.now(),
    readProblem: 'throttled',
    problems: ['clock-wrong'],
  };
  expect((await panel.send('POST', '/panel/v1/report', report)).status).toBe(204);
  expect((await rooms()).find(room => room.id === 'moss')?.panel).toMatchObject({
    configVersion: 2,
    readProblem: 'throttled',
    problems: ['clock-wrong'],
    isOnline: false,
  });
});

test('a panel that never enrolled, and one of another version, are told what is wrong', async () => {
  const panel = await newPanel();
  const config = await panel.send('GET', '/panel/v1/config');
  expect([config.status, await errorCodeIn(config)]).toEqual([403, 'not-enrolled']);
  const old = await panel.send('POST', '/panel/v1/enrol', { wireVersion: 99, future: true });
  expect([old.status, await errorCodeIn(old)]).toEqual([426, 'version-unsupported']);
});

test('panels that share a machine id or MAC are shown as twins', async () => {
  const [a, b] = [await newPanel(), await newPanel()];
  await a.enrol({ machineId: 'cloned', mac: null });
  await b.enrol({ machineId: 'cloned', mac: null });
  const row = (await admin.waiting()).find(waiting => waiting.panel === a.id);
  expect(row?.twins).toEqual([{ panel: b.id, shared: 'machine-id', room: null }]);
});
