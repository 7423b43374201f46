import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RoomId } from '../../src/contract/values/ids.ts';
import { DEFAULT_POLICY } from '../../src/contract/values/policy.ts';
import { policyFor } from '../../src/contract/values/policy-cascade.ts';
import { hours, minutes } from '../../src/contract/values/time.ts';
import { NewVersion, Policies, Revision, RoomRow } from '../../src/contract/wire/console.ts';
import { ConsoleClient } from './support/console-client.ts';
import { errorCodeIn } from './support/panel-client.ts';
import { type RunningCentral, runCentral, seedRooms } from './support/running-central.ts';

let running: RunningCentral;
let admin: ConsoleClient;
const GENERAL = { kind: 'general' };

beforeAll(async () => {
  running = await runCentral({ seed: seedRooms('Alta', 'Bodo') });
  admin = new ConsoleClient(running.fetch, running.url);
  expect((await admin.login()).status).toBe(204);
});
afterAll(() => running.stop());

const read = () => admin.ask('GET', '/policies', Policies);
const put = async (scope: object, values: object, basedOn?: number) =>
  admin.send('PUT', '/policies', { scope, values, basedOn: basedOn ?? (await read()).version });
const history = () => admin.ask('GET', '/policies/history', v.array(Revision));

test('settings are read, saved by scope, listed as history, and rolled back', async () => {
  expect(await read()).toEqual({ version: 0, layers: [] });
  const saved = await put(GENERAL, { theme: 'dark', walkUps: [minutes(20)] }, 0);
  expect(saved.status).toBe(200);
  const { version } = v.parse(NewVersion, await saved.json());
  const floor = { kind: 'floor', building: 'Main', floor: '1' };
  expect((await put(floor, { theme: 'light' })).status).toBe(200);
  const { layers } = await read();
  const room = { id: v.parse(RoomId, 'alta'), building: 'Main', floor: '1' };
  expect(policyFor(layers, room)).toEqual({ ...DEFAULT_POLICY, theme: 'light', walkUps: [minutes(20)] });

  const [newest] = await history();
  expect(newest).toMatchObject({ by: 'admin', what: 'settings', at: running.clock.now() });
  expect(newest?.changes).toEqual([{ scope: floor, field: 'theme', before: null, after: '"light"' }]);
  const back = await admin.ask('POST', '/policies/roll-back', NewVersion, { version });
  expect(back.version).toBeGreaterThan(version);
  expect((await read()).layers).toEqual([{ scope: GENERAL, values: { theme: 'dark', walkUps: [minutes(20)] } }]);
  expect(await errorCodeIn(await admin.send('POST', '/policies/roll-back', { version: 4711 }))).toBe('version-unknown');
});

test('two admins do not overwrite each other unseen', async () => {
  const { version } = await read();
  expect((await put(GENERAL, { theme: 'light' }, version)).status).toBe(200);
  const late = await put(GENERAL, { language: 'de' }, version);
  expect([late.status, await errorCodeIn(late)]).toEqual([409, 'changed-meanwhile']);
  expect((await read()).layers[0]?.values).toEqual({ theme: 'light' });
});

test('what makes no sense is refused, named by its field, and changes nothing', async () => {
  const before = await read();
  for (const [values, field] of [
    [{ walkUps: [] }, 'walkUps'],
    [{ walkUps: [minutes(1)] }, 'walkUps'],
    [{ workingHours: { days: [1], start: '18:00', end: '09:00' } }, 'workingHours'],
    [{ pollEvery: 1 }, 'pollEvery'],
    [{ pollEvery: hours(1) }, 'pollEvery'],
    [{ logo: 'https://elsewhere.example/logo.png' }, 'logo'],
    [{ logo: `data:image/png;base64,${'A'.repeat(40_000)}` }, 'logo'],
    [{ dimming: { kind: 'outside-working-hours', brightness: 0 } }, 'dimming'],
    [{ language: 'xx' }, 'language'],
  ] as const) {
    const answer = await put(GENERAL, values);
    expect([answer.status, JSON.stringify(values)]).toEqual([400, JSON.stringify(values)]);
    expect(await answer.text()).toContain(field);
  }
  const pin = await put(GENERAL, { pin: { digits: '987' } });
  expect(pin.status).toBe(400);
  expect(await pin.text()).not.toContain('987');
  const room = await put({ kind: 'room', room: 'nowhere' }, { theme: 'dark' });
  expect([room.status, await errorCodeIn(room)]).toEqual([404, 'room-unknown']);
  const place = await put({ kind: 'building', building: 'Annex' }, { theme: 'dark' });
  expect([place.status, await errorCodeIn(place)]).toEqual([404, 'place-unknown']);
  expect(await read()).toEqual(before);
});

test('a PIN is never told, in no answer and no log', async () => {
  expect((await put(GENERAL, { pin: { digits: '97531864' } })).status).toBe(200);
  const told = JSON.stringify([await read(), await history(), running.log]);
  expect(told).not.toContain('97531864');
  expect(JSON.stringify(await history())).not.toContain((await read()).layers[0]?.values.pin?.hash ?? 'no hash');
});

test('a room shows whether it has settings of its own', async () => {
  const own = async () => {
    const rooms = await admin.ask('GET', '/rooms', v.array(RoomRow));
    return rooms.filter(room => room.hasOwnPolicy).map(room => room.id);
  };
  expect(await own()).toEqual([]);
  expect((await put({ kind: 'room', room: 'bodo' }, { theme: 'dark' })).status).toBe(200);
  expect(await own()).toEqual(['bodo']);
  await put({ kind: 'room', room: 'bodo' }, {});
  expect(await own()).toEqual([]);
});

test('other pages hear of a save; the old way to save is gone', async () => {
  await running.clock.advance(minutes(1));
  const abort = new AbortController();
  const stream = await running.fetch(`${running.url}/console/api/v1/stream`, {
    headers: { cookie: admin.cookieHeader() },
    isStream: true,
    signal: abort.signal,
  });
  let heard = '';
  void (async () => {
    for await (const part of stream.body ?? []) heard += new TextDecoder().decode(part);
  })().catch(() => {});
  const unchanged = (await read()).layers[0]?.values ?? {};
  await put(GENERAL, unchanged);
  expect(heard).not.toContain('general-settings');
  await put(GENERAL, { ...unchanged, helpContact: 'Reception' });
  await expect.poll(() => heard).toContain('data: "general-settings"');
  abort.abort();
  expect((await admin.send('PUT', '/policy', DEFAULT_POLICY)).status).toBe(404);
});
