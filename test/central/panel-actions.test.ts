/** What an admin does to panels that are there: over real HTTP, with their streams open. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Db } from '../../src/central/store/store.ts';
import { PanelConfig } from '../../src/contract/values/config.ts';
import { seconds } from '../../src/contract/values/time.ts';
import {
  Diagnostics,
  LicenceKeyRow,
  NewLicenceKeys,
  RegistrationRow,
  RollOutAnswer,
  RoomRow,
} from '../../src/contract/wire/console.ts';
import { PanelCommand } from '../../src/contract/wire/panel.ts';
import { ConsoleClient } from './support/console-client.ts';
import { errorCodeIn, PanelClient } from './support/panel-client.ts';
import { type RunningCentral, runCentral, seedRooms } from './support/running-central.ts';

let running: RunningCentral;
let admin: ConsoleClient;
const NAMES = ['Oslo', 'Bergen', 'Tromso', 'Bodo', 'Hamar', 'Molde', 'Narvik', 'Alta', 'Voss', 'Moss'];

beforeAll(async () => {
  running = await runCentral({ seed: (db: Db) => seedRooms(...NAMES)(db) });
  admin = new ConsoleClient(running.fetch, running.url);
  await admin.login();
  await admin.send('POST', '/licence-keys', { count: 20, note: '' });
});
afterAll(() => running.stop());

let count = 0;
async function waiting() {
  const panel = await PanelClient.make(running.fetch, running.url);
  const mac = `02:00:00:00:02:${(++count).toString(16).padStart(2, '0')}`;
  const state = await panel.enrol({ mac, machineId: mac, hostname: `panel-${count}` });
  if (state.kind !== 'awaiting-approval') throw new Error(state.kind);
  return Object.assign(panel, { mac, code: state.code });
}
async function paired(room: string) {
  const panel = await waiting();
  const approval = { room, licenceKeyId: null, code: panel.code };
  expect((await admin.send('POST', `/free-macs/${panel.id}/approve`, approval)).status).toBe(204);
  return panel;
}
const act = (panel: PanelClient, action: string, body?: unknown) =>
  admin.send('POST', `/panels/${panel.id}/${action}`, body);
const configOf = async (panel: PanelClient) =>
  v.parse(PanelConfig, await (await panel.send('GET', '/panel/v1/config')).json());
const roomsWithPanels = async () =>
  (await admin.ask('GET', '/rooms', v.array(RoomRow))).flatMap(({ id, panel }) => (panel ? [[id, panel.id]] : []));
const keyOf = async (panel: PanelClient) =>
  (await admin.ask('GET', '/licence-keys', v.array(LicenceKeyRow))).find(key => key.panel?.id === panel.id);

test('a revoked panel is told, its stream is cut and its next request refused, all within a second', async () => {
  const panel = await paired('oslo');
  const key = await keyOf(panel);
  const stream = await panel.stream();
  expect(await stream.next()).toMatchObject({ kind: 'paired' });
  const before = performance.now();
  expect((await act(panel, 'revoke')).status).toBe(204);
  expect(await stream.next()).toEqual({ kind: 'revoked', panel: panel.id });
  expect(await stream.next()).toBe('ended');
  for (const [method, path, body] of [
    ['GET', 'state'],
    ['GET', 'stream'],
    ['GET', 'config'],
    ['POST', 'token', { isRefused: false }],
    ['POST', 'licence', { key: '0'.repeat(25), room: null }],
    ['POST', 'report', {}],
    ['POST', 'diagnostics', { command: 'x', text: '{}' }],
  ] as const) {
    const answer = await panel.send(method, `/panel/v1/${path}`, body);
    expect([path, answer.status, await errorCodeIn(answer)]).toEqual([path, 403, 'revoked']);
  }
  const took = performance.now() - before;
  expect(took).toBeLessThan(1000);
  console.log(`revoked, told, cut and refused seven times in ${Math.round(took)} ms`);

  expect(await keyOf(panel)).toBeUndefined();
  const rows = await admin.ask('GET', '/licence-keys', v.array(LicenceKeyRow));
  expect(rows.find(row => row.id === key?.id)).toMatchObject({ state: 'free', panel: null, room: null });
  expect((await admin.waiting()).find(row => row.panel === panel.id)).toMatchObject({
    isRevoked: true,
    isRejected: false,
    code: null,
  });
  // Neither starting again helps it, nor asking for a new code on its glass: an admin lets it in, and then decides again.
  const again = panel.startedAgain();
  expect(await again.enrol({ mac: panel.mac })).toEqual({ kind: 'revoked', panel: panel.id });
  expect(await again.enrol({ mac: panel.mac, wantsNewCode: true })).toEqual({ kind: 'revoked', panel: panel.id });
  const free = await admin.ask('POST', '/licence-keys', NewLicenceKeys, { count: 1, note: '' });
  const redeemed = await again.send('POST', '/panel/v1/licence', { key: free.keys[0]?.key, room: 'oslo' });
  expect([redeemed.status, await errorCodeIn(redeemed)]).toEqual([403, 'revoked']);
  expect((await act(panel, 'unpair')).status).toBe(204);
  expect(await again.state()).toMatchObject({ kind: 'awaiting-approval' });
  expect((await act(panel, 'revoke')).status).toBe(204);
  expect((await act(panel, 'revoke')).status).toBe(204);
});

test('a panel moves to a free room with its key and gets that room’s configuration at once', async () => {
  const [panel, other] = [await paired('bergen'), await paired('tromso')];
  const key = await keyOf(panel);
  const stream = await panel.stream();
  const first = await stream.next();
  expect((await act(panel, 'move', { room: 'bodo' })).status).toBe(204);
  const moved = await stream.next();
  stream.stop();
  if (first === 'ended' || first.kind !== 'paired' || moved === 'ended' || moved.kind !== 'paired') throw new Error();
  expect(moved.configVersion).toBeGreaterThan(first.configVersion);
  expect(await configOf(panel)).toMatchObject({ version: moved.configVersion, room: { id: 'bodo' } });
  expect((await keyOf(panel))?.id).toBe(key?.id);
  expect(await roomsWithPanels()).toEqual(expect.arrayContaining([['bodo', panel.id]]));
  expect(await errorCodeIn(await act(other, 'move', { room: 'bodo' }))).toBe('room-taken');
  expect(await errorCodeIn(await act(other, 'move', { room: 'atlantis' }))).toBe('room-unknown');
  expect((await act(other, 'move', { room: 'tromso' })).status).toBe(204);
  expect(await errorCodeIn(await act(await waiting(), 'move', { room: 'moss' }))).toBe('not-paired');
});

test('a name reaches the panel, and is taken away again', async () => {
  const panel = await paired('hamar');
  const before = await configOf(panel);
  expect((await act(panel, 'rename', { name: '  By the lift ' })).status).toBe(204);
  const named = await configOf(panel);
  expect(named.panelName).toBe('By the lift');
  expect(named.version).toBeGreaterThan(before.version);
  expect((await act(panel, 'rename', { name: '' })).status).toBe(400);
  expect((await act(panel, 'rename', { name: null })).status).toBe(204);
  expect((await configOf(panel)).panelName).toBeNull();
});

test('a replacement takes over room, key and name in one go; the broken one is revoked', async () => {
  const old = await paired('molde');
  await act(old, 'rename', { name: 'Front' });
  const key = await keyOf(old);
  const [next, stranger] = [await waiting(), await waiting()];
  const streams = [await old.stream(), await next.stream()];
  for (const stream of streams) await stream.next();
  const wrong = await act(old, 'replace', { by: next.id, code: stranger.code });
  expect([wrong.status, await errorCodeIn(wrong)]).toEqual([409, 'code-changed']);
  expect((await act(old, 'replace', { by: next.id, code: next.code })).status).toBe(204);
  expect(await streams[0]?.next()).toEqual({ kind: 'revoked', panel: old.id });
  expect(await streams[0]?.next()).toBe('ended');
  expect(await streams[1]?.next()).toMatchObject({ kind: 'paired' });
  streams[1]?.stop();
  expect(await configOf(next)).toMatchObject({ room: { id: 'molde' }, panelName: 'Front' });
  expect((await keyOf(next))?.id).toBe(key?.id);
  expect((await old.send('GET', '/panel/v1/config')).status).toBe(403);
  expect(await errorCodeIn(await act(old, 'replace', { by: stranger.id, code: null }))).toBe('not-paired');
  expect(await errorCodeIn(await act(next, 'replace', { by: old.id, code: null }))).toBe('code-expired');
  expect(await errorCodeIn(await act(next, 'replace', { by: next.id, code: null }))).toBe('already-paired');
});

test('a panel is asked to show itself or to start again; one that is away cannot be', async () => {
  const panel = await paired('narvik');
  for (const action of ['identify', 'restart', 'diagnostics']) {
    const away = await act(panel, action);
    expect([away.status, await errorCodeIn(away)]).toEqual([409, 'panel-offline']);
  }
  const stream = await panel.stream();
  await stream.next();
  for (const action of ['identify', 'restart']) {
    expect((await act(panel, action)).status).toBe(204);
    const told = await stream.nextEvent();
    if (told === 'ended') throw new Error(told);
    expect([told.event, v.parse(PanelCommand, told.data).kind]).toEqual(['command', action]);
  }
  stream.stop();
  const nobody = PanelClient.make(running.fetch, running.url);
  expect((await act(await nobody, 'identify')).status).toBe(404);
});

test('diagnostics arrive once from the panel that was asked, or there is no answer after ten seconds', async () => {
  const [panel, other] = [await paired('alta'), await paired('voss')];
  const stream = await panel.stream();
  await stream.next();
  const asked = act(panel, 'diagnostics');
  const told = await stream.nextEvent();
  if (told === 'ended') throw new Error(told);
  const command = v.parse(PanelCommand, told.data);
  expect(command.kind).toBe('collect-diagnostics');
  const send = (from: PanelClient, text: string) =>
    from.send('POST', '/panel/v1/diagnostics', { command: command.id, text });
  // Larger than any other message may be, and only here.
  const large = JSON.stringify({ log: 'x'.repeat(150_000) });
  expect(await errorCodeIn(await send(other, large))).toBe('not-asked');
  expect((await send(panel, large)).status).toBe(204);
  const answer = v.parse(Diagnostics, await (await asked).json());
  expect(answer).toEqual({ panel: panel.id, at: running.clock.now(), text: large });
  expect(await errorCodeIn(await send(panel, '{}'))).toBe('not-asked');
  // Refused before all of it has arrived, so the panel may find the connection cut instead.
  const tooLarge = await send(panel, 'x'.repeat(300_000)).then(
    late => late.status,
    () => 'cut',
  );
  expect([413, 'cut']).toContain(tooLarge);
  const report = await panel.send('POST', '/panel/v1/report', { problems: ['x'.repeat(20_000)] });
  expect(report.status).toBe(413);

  const armed = running.clock.armed;
  const late = act(panel, 'diagnostics');
  await stream.nextEvent();
  await running.clock.advance(seconds(10));
  const timedOut = await late;
  expect([timedOut.status, await errorCodeIn(timedOut)]).toEqual([504, 'no-answer']);
  expect(running.clock.armed).toBeLessThanOrEqual(armed);
  stream.stop();
});

test('a registered panel is paired by its code; the table goes in and out over HTTP', async () => {
  const panel = await waiting();
  const csv = `MAC address;Room\r\n${panel.mac.replaceAll(':', '-')};moss@example.com\r\n`;
  const dryRun = await admin.ask('POST', '/registrations/import', RollOutAnswer, { csv, isDryRun: true });
  expect(dryRun).toMatchObject({
    isDryRun: true,
    registered: 1,
    rows: [{ line: 2, mac: panel.mac, verdict: 'registers' }],
  });
  expect((await admin.ask('POST', '/registrations/import', RollOutAnswer, { csv, isDryRun: false })).registered).toBe(
    1,
  );
  expect((await admin.ask('GET', '/registrations', v.array(RegistrationRow)))[0]).toMatchObject({ mac: panel.mac });
  const exported = await admin.send('GET', '/registrations/export');
  expect(exported.headers.get('content-type')).toContain('text/csv');
  expect(await exported.text()).toContain(`${panel.mac},moss@example.com,,`);
  expect((await admin.send('DELETE', `/registrations/${encodeURIComponent(panel.mac)}`)).status).toBe(204);
  expect((await admin.send('DELETE', `/registrations/${encodeURIComponent(panel.mac)}`)).status).toBe(404);
  await admin.send('POST', '/registrations/import', { csv, isDryRun: false });
  const typed = await admin.send('POST', '/free-macs/code', { code: panel.code.toLowerCase() });
  expect(await typed.json()).toEqual({ kind: 'paired', panel: panel.id, room: 'Moss' });
  expect((await configOf(panel)).room.id).toBe('moss');
  const bad = await admin.send('POST', '/registrations/import', { csv: 'a,b\n1,2', isDryRun: true });
  expect([bad.status, await errorCodeIn(bad)]).toEqual([400, 'invalid']);
});

test('everything that was done is in the history, with who did it', async () => {
  const file = new Database(join(running.dataDir, 'central.db'), { readonly: true });
  const rows = v.parse(
    v.array(v.object({ actor: v.string(), action: v.string() })),
    file.prepare('select actor, action from audit').all(),
  );
  file.close();
  const byAdmin = new Set(rows.filter(row => row.actor === 'admin').map(row => row.action));
  for (const action of [
    'panel-paired',
    'panel-revoked',
    'panel-moved',
    'panel-renamed',
    'panel-replaced',
    'panel-asked-to-identify',
    'panel-asked-to-restart',
    'panel-asked-to-collect-diagnostics',
    'roll-out-imported',
    'registration-deleted',
  ]) {
    expect(byAdmin).toContain(action);
  }
});
