/** Rooms in the database, on both engines: what an import lays over what is there, and how the console reads it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '../../src/central/context.ts';
import { roomAlerts } from '../../src/central/fleet/room-alerts.ts';
import { readRoomChecks, storeRoomCheck } from '../../src/central/fleet/room-check-store.ts';
import { addRoom, changeRoom, removeRoom } from '../../src/central/fleet/room-edits.ts';
import { listRooms, openRooms } from '../../src/central/fleet/rooms.ts';
import { storeRooms } from '../../src/central/fleet/store-rooms.ts';
import { Hub } from '../../src/central/hub.ts';
import type { ListedRoom, RoomLists } from '../../src/central/rooms/directory.ts';
import { makeSealer } from '../../src/central/store/seal.ts';
import { openStore, type Store, type StoreWhere, sqliteIn } from '../../src/central/store/store.ts';
import { RoomAddress, RoomId } from '../../src/contract/values/ids.ts';
import { instant, ZoneName } from '../../src/contract/values/time.ts';
import { type Finding, NewRoom, RoomRow } from '../../src/contract/wire/console.ts';
import { makeLog } from '../../src/platform/log.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { findPostgres, type Postgres, startPostgres } from './support/postgres.ts';

const postgresBin = await findPostgres();
const log = makeLog({ level: 'silent' });
const address = (name: string) => v.parse(RoomAddress, `${name.toLowerCase().replaceAll(' ', '')}@example.com`);
const OSLO = 'Europe/Oslo';
const HERE = { id: 'default', zone: OSLO };
const NO_LISTS: RoomLists = { byRoom: new Map(), unread: new Set(), problem: null };
const listed = (name: string, more: Partial<ListedRoom> = {}): ListedRoom => ({
  address: address(name),
  name,
  capacity: 4,
  building: 'Main',
  floor: '1',
  equipment: [],
  ...more,
});

describe.each(['sqlite', 'postgres'] as const)('%s', engine => {
  const isAbsent = engine === 'postgres' && postgresBin === null;
  let postgres: Postgres | null = null;
  let dir: string;
  let store: Store;
  let context: Context;

  beforeAll(async () => {
    if (isAbsent) return;
    dir = await mkdtemp(join(tmpdir(), 'lintel-rooms-'));
    if (engine === 'postgres' && postgresBin !== null) postgres = await startPostgres(postgresBin);
    const where: StoreWhere =
      postgres === null ? sqliteIn(dir) : { kind: 'postgres', url: await postgres.newDatabase() };
    store = await openStore(where, log);
    const clock = new VirtualClock(instant(Date.parse('2026-11-20T10:00:00Z')));
    const sealer = makeSealer(Buffer.alloc(32, 7));
    context = { store, sealer, hub: new Hub(clock), clock, log, caPem: '' };
    for (const [id, name] of [
      ['default', 'Head office'],
      ['other', 'Branch'],
    ] as const) {
      const settings = {
        server_type: 'office-365-graph',
        authority: 'https://login.example',
        graph_base: 'https://graph.example',
        tenant_id: 'example.com',
        client_id: 'client',
        default_zone: OSLO,
      };
      await store.db
        .insertInto('settings')
        .values({ id, name, ...settings })
        .execute();
    }
  });
  afterAll(async () => {
    if (isAbsent) return;
    context.hub.stop();
    await store.stop();
    await postgres?.stop();
    await rm(dir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    if (isAbsent) return;
    await store.db.deleteFrom('panels').execute();
    await store.db.deleteFrom('rooms').execute();
    await store.db.deleteFrom('policies').execute();
  });

  const check = test.skipIf(isAbsent);
  const importing = (rooms: ListedRoom[], lists = NO_LISTS, connection = HERE) =>
    store.transact(tx => storeRooms(tx, connection, { rooms, lists }));
  const row = async (name: string) => {
    const found = (await listRooms(context)).find(room => room.address === address(name));
    if (found === undefined) throw new Error(`no room ${name}`);
    return v.parse(RoomRow, found);
  };
  const byHand = (name: string, more: object = {}) =>
    addRoom(
      context,
      v.parse(NewRoom, {
        connection: 'default',
        address: address(name),
        name,
        zone: 'Asia/Tokyo',
        capacity: 2,
        building: null,
        floor: null,
        equipment: ['Plant'],
        ...more,
      }),
      'admin',
    );
  const panel = (room: string, index = 0) =>
    ({
      id: String(index).padStart(43, 'p'),
      name: 'Door',
      stage: 'paired',
      room_id: room,
      config_version: 3,
      superseded_boots: '[]',
      starts: 1,
      hostname: 'panel-1',
      address: '10.0.0.9',
      agent_version: '0.1.0',
      key_store: 'keychain',
      first_seen: 1,
      last_seen: 2,
      config_refused: 'no such zone',
      config_refused_version: 2,
      config_since: 5,
      problems: '[]',
    }) as const;
  const paired = (...rooms: string[]) => store.db.insertInto('panels').values(rooms.map(panel)).execute();

  check('an import adds, updates, flags and forgives', async () => {
    expect(await importing([listed('Oslo'), listed('Hamar'), listed('Bergen')])).toMatchObject({
      added: 3,
      changed: [],
    });
    const hamar = (await row('Hamar')).id;
    const second = await importing([listed('Oslo'), listed('Hamar', { capacity: 9, equipment: ['Screen'] })]);
    expect(second).toMatchObject({ added: 0, updated: 1, missing: 1, changed: [hamar] });
    expect(second.changes).toEqual([{ scope: null, field: 'Hamar: capacity', before: '4', after: '9' }]);
    expect(await row('Bergen')).toMatchObject({ isMissing: true, source: 'directory' });
    expect((await openRooms(store.db)).map(room => room.name)).toEqual(['Hamar', 'Oslo']);
    expect(
      await importing([listed('Oslo'), listed('Hamar', { capacity: 9, equipment: ['Screen'] }), listed('Bergen')]),
    ).toMatchObject({ updated: 1, missing: 0, changed: [] });
    expect(await row('Bergen')).toMatchObject({ isMissing: false });
  });

  check('what panels do not run is no reason to push', async () => {
    await importing([listed('Oslo')]);
    const lists: RoomLists = { ...NO_LISTS, byRoom: new Map([[address('Oslo'), ['Main, 1st floor']]]) };
    const again = await importing([listed('Oslo', { equipment: ['Screen'] })], lists);
    expect(again).toMatchObject({ updated: 1, changed: [], changes: [] });
    expect(await row('Oslo')).toMatchObject({ equipment: ['Screen'], roomLists: ['Main, 1st floor'] });
  });

  check('lists that could not be read keep what was known', async () => {
    const at = (...names: string[]) => ({ ...NO_LISTS, byRoom: new Map([[address('Oslo'), names]]) });
    await importing([listed('Oslo')], at('A', 'B'));
    await importing([listed('Oslo')], { ...NO_LISTS, unread: 'all', problem: 'away' });
    expect((await row('Oslo')).roomLists).toEqual(['A', 'B']);
    await importing([listed('Oslo')], { ...at('C'), unread: new Set(['B']), problem: 'denied' });
    expect((await row('Oslo')).roomLists).toEqual(['B', 'C']);
    await importing([listed('Oslo')]);
    expect((await row('Oslo')).roomLists).toEqual([]);
  });

  check('a room of its own zone keeps it', async () => {
    await importing([listed('Oslo'), listed('Hamar')]);
    const { id } = await row('Oslo');
    await changeRoom(context, id, { source: 'directory', zone: v.parse(ZoneName, 'Asia/Tokyo') }, 'admin');
    const moved = { id: 'default', zone: 'America/New_York' };
    expect(await importing([listed('Oslo'), listed('Hamar')], NO_LISTS, moved)).toMatchObject({ updated: 1 });
    expect(await row('Oslo')).toMatchObject({ zone: 'Asia/Tokyo', isZoneOwn: true });
    expect(await row('Hamar')).toMatchObject({ zone: 'America/New_York', isZoneOwn: false });
    await changeRoom(context, id, { source: 'directory', zone: null }, 'admin');
    expect(await row('Oslo')).toMatchObject({ zone: OSLO, isZoneOwn: false });
  });

  check('a panel follows what changes of its room, and history tells what it was', async () => {
    await importing([listed('Oslo'), listed('Hamar')]);
    const { id } = await row('Oslo');
    await paired(id);
    const { changes, changed } = await importing([listed('Oslo', { name: 'Osló' }), listed('Hamar', { floor: '2' })]);
    expect(changed).toHaveLength(2);
    expect(changes.map(change => change.field).sort()).toEqual(['Hamar: floor', 'Osló: name']);
    const tokyo = v.parse(ZoneName, 'Asia/Tokyo');
    await changeRoom(context, id, { source: 'directory', zone: tokyo }, 'ada');
    const { targetVersion } = (await row('Oslo')).panel ?? { targetVersion: 0 };
    expect(targetVersion).toBeGreaterThan(3);
    const revisions = await store.db.selectFrom('revisions').selectAll().where('what', '=', 'rooms').execute();
    expect(revisions.filter(revision => revision.version === targetVersion)).toMatchObject([
      {
        actor: 'ada',
        changes: JSON.stringify([{ scope: null, field: 'Osló: zone', before: '"Europe/Oslo"', after: '"Asia/Tokyo"' }]),
      },
    ]);
    await changeRoom(context, id, { source: 'directory', zone: tokyo }, 'ada');
    expect((await row('Oslo')).panel?.targetVersion, 'nothing new is no new version').toBe(targetVersion);
  });

  check('rooms by hand are left alone until the directory lists them; then they keep id, panel and zone', async () => {
    const added = await byHand('Attic');
    if (added.kind === 'refused') throw new Error(added.message);
    await paired(added.id);
    expect(await importing([listed('Oslo')])).toMatchObject({ added: 1, missing: 0 });
    expect(await row('Attic')).toMatchObject({ source: 'hand', isMissing: false, equipment: ['Plant'] });
    expect(await importing([listed('Oslo'), listed('Attic')])).toMatchObject({ added: 0, updated: 1 });
    expect(await row('Attic')).toMatchObject({
      id: added.id,
      source: 'directory',
      zone: 'Asia/Tokyo',
      equipment: [],
      panel: { name: 'Door', targetVersion: 3, targetSince: 5, configRefused: { version: 2, why: 'no such zone' } },
    });
  });

  check('a room of another connection stays there', async () => {
    await importing([listed('Oslo')]);
    const there = await importing([listed('Oslo', { name: 'Stolen' }), listed('Hamar')], NO_LISTS, {
      id: 'other',
      zone: OSLO,
    });
    expect(there).toMatchObject({ added: 1, updated: 0, missing: 0, elsewhere: ['oslo@example.com'] });
    expect(await row('Oslo')).toMatchObject({ name: 'Oslo', connection: { id: 'default', name: 'Head office' } });
    expect(await importing([]), 'nor is it flagged from there').toMatchObject({ missing: 1 });
    expect(await row('Hamar')).toMatchObject({ isMissing: false, connection: { name: 'Branch' } });
    expect(await byHand('Hamar')).toMatchObject({
      kind: 'refused',
      code: 'address-taken',
      message: expect.stringContaining('Branch'),
    });
  });

  check('only what nobody needs is removed, with all that hangs on it', async () => {
    await importing([listed('Oslo')]);
    const { id } = await row('Oslo');
    expect(await removeRoom(context, id, 'admin')).toMatchObject({ code: 'room-in-directory' });
    await importing([]);
    await paired(id);
    expect(await removeRoom(context, id, 'admin')).toMatchObject({
      code: 'room-has-panel',
      message: expect.stringContaining('Door'),
    });
    await store.db.deleteFrom('panels').execute();
    const scope = JSON.stringify(['room', id]);
    await store.db.insertInto('policies').values({ id: scope, scope: '{}', body: '{}' }).execute();
    expect((await row('Oslo')).hasOwnPolicy).toBe(true);
    expect(await removeRoom(context, id, 'admin')).toEqual({ kind: 'done', id });
    expect(await store.db.selectFrom('policies').selectAll().execute()).toEqual([]);
    expect(await removeRoom(context, id, 'admin')).toMatchObject({ code: 'room-unknown' });
  });

  check('findings are counted without hints, and rooms that cannot be read raise an alert', async () => {
    await importing([listed('Oslo'), listed('Hamar'), listed('Bergen')]);
    await importing([listed('Attic')], NO_LISTS, { id: 'other', zone: OSLO });
    const finding = (kind: Finding['kind'], severity: Finding['severity']): Finding => ({
      kind,
      severity,
      evidence: 'seen',
      command: null,
    });
    const note = async (name: string, ...findings: Finding[]) => {
      const { id, address } = await row(name);
      const common = { checked: instant(1), canRead: true, canWrite: null, problem: null };
      await storeRoomCheck(store, { room: id, name: 'as it was', address, ...common, findings });
    };
    await note(
      'Oslo',
      finding('no-write', 'bad'),
      finding('conflicts-allowed', 'warn'),
      finding('declined-kept', 'hint'),
    );
    await note('Hamar', finding('no-read', 'bad'));
    await note('Hamar', finding('private-flag-lost', 'hint'));
    await note('Attic', finding('no-read', 'bad'));
    expect((await listRooms(context)).map(room => room.findings)).toEqual([1, 0, 0, 2]);
    expect((await readRoomChecks(store.db, 'default')).map(({ name }) => name)).toEqual(['Hamar', 'Oslo']);
    const alert = { kind: 'rooms-unreadable', count: 1, at: null };
    expect(await roomAlerts(context)).toEqual([
      { ...alert, connection: 'default', subject: 'Head office', name: 'Head office' },
      { ...alert, connection: 'other', subject: 'Branch', name: 'Branch' },
    ]);
    await importing([], NO_LISTS, { id: 'other', zone: OSLO });
    expect(await roomAlerts(context), 'a vanished room is another matter').toHaveLength(1);
    const gone = { room: v.parse(RoomId, 'gone'), name: 'x', address: address('x'), checked: instant(1) };
    await storeRoomCheck(store, { ...gone, canRead: true, canWrite: null, problem: null, findings: [] });
  });

  check('two thousand rooms are one look', async () => {
    const rooms = Array.from({ length: 2000 }, (_, index) =>
      listed(`Room ${index}`, { equipment: ['Screen', 'Camera'], building: `B${index % 7}` }),
    );
    await importing(rooms);
    const ids = (await listRooms(context)).map(room => room.id);
    const findings = [{ kind: 'no-write' as const, severity: 'bad' as const, evidence: 'seen', command: 'x' }];
    const checks = ids.map((id, index) => ({
      room_id: id,
      checked: 1,
      body: JSON.stringify({
        room: id,
        name: 'x',
        address: 'x@example.com',
        checked: 1,
        canRead: true,
        canWrite: false,
        problem: null,
        findings: index % 3 ? findings : [],
      }),
    }));
    for (let at = 0; at < checks.length; at += 500) {
      await store.db
        .insertInto('room_checks')
        .values(checks.slice(at, at + 500))
        .execute();
      await store.db
        .insertInto('panels')
        .values(ids.slice(at, at + 500).map((id, index) => panel(id, at + index)))
        .execute();
    }
    const took: number[] = [];
    for (let round = 0; round < 5; round++) {
      const before = performance.now();
      const all = await listRooms(context);
      took.push(performance.now() - before);
      expect(all.map(room => room.name).slice(0, 3)).toEqual(['Room 0', 'Room 1', 'Room 2']);
    }
    expect(Math.min(...took)).toBeLessThan(150);
  });
});
