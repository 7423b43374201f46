import { stat } from 'node:fs/promises';
import * as v from 'valibot';
import { beforeAll, expect, test } from 'vitest';
import type { Context } from '../../src/central/context.ts';
import { setAdmin } from '../../src/central/fleet/admins.ts';
import { targetConfig } from '../../src/central/fleet/config.ts';
import { enrol } from '../../src/central/fleet/enrol.ts';
import { hear } from '../../src/central/fleet/hear.ts';
import { listLicenceKeys, makeLicenceKeys, revokeLicenceKey } from '../../src/central/fleet/licences.ts';
import { approve, unpair } from '../../src/central/fleet/pairing.ts';
import { listRooms } from '../../src/central/fleet/rooms.ts';
import { storeRooms } from '../../src/central/fleet/store-rooms.ts';
import { overview } from '../../src/central/fleet/waiting.ts';
import { Sessions } from '../../src/central/http/sessions.ts';
import type { ListedRoom, RoomLists } from '../../src/central/rooms/directory.ts';
import { openStore, type Store, type StoreWhere } from '../../src/central/store/store.ts';
import { PanelId, RoomAddress, RoomId } from '../../src/contract/values/ids.ts';
import { DEFAULT_POLICY } from '../../src/contract/values/policy.ts';
import { hours } from '../../src/contract/values/time.ts';
import { DEFAULT_CONNECTION } from '../../src/contract/wire/console.ts';
import { EnrolRequest, WIRE_VERSION } from '../../src/contract/wire/panel.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import { describeEngines } from './support/engines.ts';
import { seedRooms } from './support/running-central.ts';

const room = (name: string) => v.parse(RoomId, name);
const approvalOf = (room: RoomId, licenceKeyId: string | null = null) => ({ room, licenceKeyId, code: null });
const panelId = (n: number) => v.parse(PanelId, String(n).padStart(43, 'p'));
const boot = (n: number) => n.toString(16).padStart(32, '0');
const request = (n: number, more = {}) =>
  v.parse(EnrolRequest, {
    wireVersion: WIRE_VERSION,
    agentVersion: '0.1.0',
    mac: null,
    machineId: null,
    hostname: `panel-${n}`,
    keyStore: 'sealed-file',
    boot: boot(n),
    starts: 1,
    wantsNewCode: false,
    ...more,
  });

describeEngines(engine => {
  let where: StoreWhere;
  let store: Store;
  let context: Context;
  let clock: VirtualClock;

  beforeAll(async () => {
    ({ where, store, context, clock } = engine());
    await seedRooms('Oslo', 'Bergen', 'Hamar')(store.db);
  });

  async function makeKeys(count: number) {
    const made = await makeLicenceKeys(context, count, 'note', 'admin');
    if (made.kind === 'refused') throw new Error(made.code);
    return made.keys;
  }

  test('opens again as it was', async () => {
    const again = await openStore(where, context.log);
    expect(await again.db.selectFrom('rooms').selectAll().execute()).toHaveLength(3);
    await again.stop();
    if (where.kind === 'sqlite') expect((await stat(where.file)).mode & 0o777).toBe(0o600);
  });

  test('pairs, reads back as numbers and words, revokes and unpairs', async () => {
    await enrol(context, panelId(1), '192.0.2.1', request(1));
    const keys = await makeKeys(2);
    const approval = approvalOf(room('oslo'), keys[0]?.id);
    expect(await approve(context, panelId(1), approval, 'admin')).toMatchObject({ kind: 'paired', configVersion: 2 });
    expect(await targetConfig(context, panelId(1))).toMatchObject({ version: 2, policy: DEFAULT_POLICY });
    const rooms = await listRooms(context);
    expect(rooms.find(row => row.id === 'oslo')?.panel).toMatchObject({ id: panelId(1), targetVersion: 2 });
    expect(await overview(context)).toEqual({ rooms: 3, licenceKeysFree: 1, waitingPanels: 0, conflicts: 0 });
    await unpair(context, panelId(1), 'admin');
    expect(await overview(context)).toMatchObject({ licenceKeysFree: 2, waitingPanels: 1 });
    for (const key of keys) await revokeLicenceKey(context, key.id, 'admin');
    expect((await listLicenceKeys(store.db)).map(key => key.state)).toEqual(['revoked', 'revoked']);
  });

  test('of many approvals of one room at once one wins, and one key is spent', async () => {
    await makeKeys(6);
    for (let n = 10; n < 16; n++) await enrol(context, panelId(n), '192.0.2.1', request(n));
    const outcomes = await Promise.all(
      [10, 11, 12, 13, 14, 15].map(n => approve(context, panelId(n), approvalOf(room('bergen')), 'admin')),
    );
    expect(outcomes.filter(outcome => outcome.kind === 'paired')).toHaveLength(1);
    const lost = outcomes.filter(outcome => outcome.kind === 'refused');
    expect(new Set(lost.map(outcome => outcome.code))).toEqual(new Set(['room-taken']));
    expect((await listLicenceKeys(store.db)).filter(key => key.state === 'used')).toHaveLength(1);
  });

  test('of many panels with one key at once one gets it', async () => {
    const keys = await makeKeys(1);
    for (const n of [20, 21]) await enrol(context, panelId(n), '192.0.2.1', request(n));
    const outcomes = await Promise.all(
      [
        [20, 'oslo'],
        [21, 'hamar'],
      ].map(([n, name]) =>
        approve(context, panelId(Number(n)), approvalOf(room(String(name)), keys[0]?.id ?? ''), 'admin'),
      ),
    );
    expect(outcomes.map(outcome => outcome.kind).sort()).toEqual(['paired', 'refused']);
  });

  test('two starts of one key at once end as a conflict or in order, never both believed', async () => {
    await enrol(context, panelId(30), '192.0.2.1', request(30));
    await Promise.all(
      Array.from({ length: 6 }, (_, n) => {
        const start = request(30, { boot: boot(n % 2 === 0 ? 301 : 302), starts: 2 });
        return enrol(context, panelId(30), '192.0.2.1', start);
      }),
    );
    for (const n of [301, 302, 301]) await hear(context, panelId(30), boot(n));
    expect((await hear(context, panelId(30), boot(301)))?.stage).toBe('conflict');
  });

  test('nothing of a transaction that failed stays', async () => {
    const work = store.transact(async tx => {
      await tx.updateTable('rooms').set({ name: 'Elsewhere' }).execute();
      throw new Error('on second thoughts');
    });
    await expect(work).rejects.toThrow('on second thoughts');
    expect((await listRooms(context)).map(row => row.name)).not.toContain('Elsewhere');
  });

  test('a room that a panel has cannot vanish, nor a panel without its admin sessions', async () => {
    const gone = store.db.deleteFrom('rooms').where('id', '=', 'bergen').execute();
    await expect(gone).rejects.toThrow(/foreign key|FOREIGN KEY/);
  });

  test('sessions are found, swept and ended with a new password', async () => {
    await setAdmin(store, context.clock, 'Anna', 'hash', true);
    const admin = await store.db.selectFrom('admins').selectAll().executeTakeFirstOrThrow();
    expect(admin.username).toBe('anna');
    const sessions = new Sessions(store, context.clock);
    const secret = await sessions.begin(admin.id);
    expect(await sessions.use(secret)).toMatchObject({ admin: 'anna' });
    await setAdmin(store, context.clock, 'anna', 'another', true);
    expect(await sessions.use(secret)).toBeNull();
    const idle = await sessions.begin(admin.id);
    await clock.advance(hours(1));
    await sessions.sweep();
    expect(await sessions.use(idle)).toBeNull();
    expect(await store.db.selectFrom('sessions').selectAll().execute()).toEqual([]);
  });

  test('an import adds, changes, flags what vanished, and takes the flag off again', async () => {
    const listed = (name: string, more = {}): ListedRoom => ({
      address: v.parse(RoomAddress, `${name}@example.com`),
      name,
      capacity: 4,
      building: null,
      floor: null,
      equipment: [],
      ...more,
    });
    const connection = { id: DEFAULT_CONNECTION, zone: 'Europe/Oslo' };
    const lists: RoomLists = { byRoom: new Map(), unread: new Set(), problem: null };
    const importing = (...rooms: ListedRoom[]) => store.transact(tx => storeRooms(tx, connection, { rooms, lists }));
    expect(await importing(listed('bergen'), listed('lillehammer'))).toMatchObject({
      added: 1,
      updated: 1,
      missing: 2,
    });
    expect((await listRooms(context)).filter(row => row.isMissing).map(row => row.id)).toEqual(['hamar', 'oslo']);
    const back = await importing(listed('bergen'), listed('lillehammer'), listed('hamar', { capacity: 9 }));
    expect(back).toMatchObject({ added: 0, updated: 1, missing: 1, changed: ['hamar'] });
    expect((await listRooms(context)).find(row => row.id === 'hamar')).toMatchObject({ isMissing: false, capacity: 9 });
  });

  test('what was done is in the history', async () => {
    const actions = await store.db.selectFrom('audit').select('action').distinct().execute();
    expect(actions.map(row => row.action)).toEqual(
      expect.arrayContaining(['panel-enrolled', 'panel-paired', 'panel-unpaired', 'licence-key-revoked']),
    );
  });
});
