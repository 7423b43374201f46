import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Context } from '../../src/central/context.ts';
import { setAdmin } from '../../src/central/fleet/admins.ts';
import { bumpConfigs, readPolicy, setPolicy, targetConfig } from '../../src/central/fleet/config.ts';
import { enrol } from '../../src/central/fleet/enrol.ts';
import { hear } from '../../src/central/fleet/hear.ts';
import { storeRooms } from '../../src/central/fleet/import-rooms.ts';
import { listLicenceKeys, makeLicenceKeys, revokeLicenceKey } from '../../src/central/fleet/licences.ts';
import { approve, unpair } from '../../src/central/fleet/pairing.ts';
import { listRooms } from '../../src/central/fleet/rooms.ts';
import { overview } from '../../src/central/fleet/waiting.ts';
import { Sessions } from '../../src/central/http/sessions.ts';
import { Hub } from '../../src/central/hub.ts';
import { makeSealer } from '../../src/central/store/seal.ts';
import { openStore, type Store, type StoreWhere, sqliteIn } from '../../src/central/store/store.ts';
import { DEFAULT_POLICY } from '../../src/contract/values/config.ts';
import { PanelId, RoomAddress, RoomId } from '../../src/contract/values/ids.ts';
import { hours, instant, minutes, ZoneName } from '../../src/contract/values/time.ts';
import { EnrolRequest } from '../../src/contract/wire/panel.ts';
import { makeCa } from '../../src/platform/certificates.ts';
import { makeLog } from '../../src/platform/log.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { findPostgres, type Postgres, startPostgres } from './support/postgres.ts';
import { seedRooms } from './support/running-central.ts';

const postgresBin = await findPostgres();
const log = makeLog({ level: 'silent' });
const room = (name: string) => v.parse(RoomId, name);
const panelId = (n: number) => v.parse(PanelId, String(n).padStart(43, 'p'));
const boot = (n: number) => n.toString(16).padStart(32, '0');
const request = (n: number, more = {}) =>
  v.parse(EnrolRequest, {
    wireVersion: 1,
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

describe.each(['sqlite', 'postgres'] as const)('%s', engine => {
  const isAbsent = engine === 'postgres' && postgresBin === null;
  let postgres: Postgres | null = null;
  let dir: string;
  let where: StoreWhere;
  let store: Store;
  let context: Context;

  beforeAll(async () => {
    if (isAbsent) return;
    dir = await mkdtemp(join(tmpdir(), 'lintel-store-'));
    if (engine === 'postgres' && postgresBin !== null) {
      postgres = await startPostgres(postgresBin);
      where = { kind: 'postgres', url: await postgres.newDatabase() };
    } else {
      where = sqliteIn(dir);
    }
    store = await openStore(where, log);
    const clock = new VirtualClock(instant(1_790_000_000_000));
    const { cert: caPem } = await makeCa('test', clock);
    context = { store, sealer: makeSealer(Buffer.alloc(32, 7)), hub: new Hub(clock), clock, log, caPem };
    await seedRooms('Oslo', 'Bergen', 'Hamar')(store.db);
  });
  afterAll(async () => {
    await store?.stop();
    await postgres?.stop();
    if (dir) await rm(dir, { recursive: true, force: true });
  });

  test.skipIf(isAbsent)('opens again as it was', async () => {
    const again = await openStore(where, log);
    expect(await again.db.selectFrom('rooms').selectAll().execute()).toHaveLength(3);
    await again.stop();
    if (where.kind === 'sqlite') expect((await stat(where.file)).mode & 0o777).toBe(0o600);
  });

  test.skipIf(isAbsent)('pairs, reads back as numbers and words, revokes and unpairs', async () => {
    await enrol(context, panelId(1), '192.0.2.1', request(1));
    const { keys } = await makeLicenceKeys(context, 2, 'note', 'admin');
    const approval = { room: room('oslo'), licenceKeyId: keys[0]?.id ?? '' };
    expect(await approve(context, panelId(1), approval, 'admin')).toEqual({ kind: 'paired', configVersion: 2 });
    expect(await targetConfig(context, panelId(1))).toMatchObject({ version: 2, policy: DEFAULT_POLICY });
    const rooms = await listRooms(context);
    expect(rooms.find(row => row.id === 'oslo')?.panel).toMatchObject({ id: panelId(1), targetVersion: 2 });
    expect(await overview(context)).toEqual({ rooms: 3, licenceKeysFree: 1, waitingPanels: 0, conflicts: 0 });
    await unpair(context, panelId(1), 'admin');
    expect(await overview(context)).toMatchObject({ licenceKeysFree: 2, waitingPanels: 1 });
    for (const key of keys) await revokeLicenceKey(context, key.id, 'admin');
    expect((await listLicenceKeys(store.db)).map(key => key.state)).toEqual(['revoked', 'revoked']);
  });

  test.skipIf(isAbsent)('of many approvals of one room at once one wins, and one key is spent', async () => {
    await makeLicenceKeys(context, 6, 'race', 'admin');
    for (let n = 10; n < 16; n++) await enrol(context, panelId(n), '192.0.2.1', request(n));
    const outcomes = await Promise.all(
      [10, 11, 12, 13, 14, 15].map(n =>
        approve(context, panelId(n), { room: room('bergen'), licenceKeyId: null }, 'admin'),
      ),
    );
    expect(outcomes.filter(outcome => outcome.kind === 'paired')).toHaveLength(1);
    const lost = outcomes.filter(outcome => outcome.kind === 'refused');
    expect(new Set(lost.map(outcome => outcome.code))).toEqual(new Set(['room-taken']));
    expect((await listLicenceKeys(store.db)).filter(key => key.state === 'used')).toHaveLength(1);
  });

  test.skipIf(isAbsent)('of many panels with one key at once one gets it', async () => {
    const { keys } = await makeLicenceKeys(context, 1, 'one', 'admin');
    for (const n of [20, 21]) await enrol(context, panelId(n), '192.0.2.1', request(n));
    const outcomes = await Promise.all(
      [
        [20, 'oslo'],
        [21, 'hamar'],
      ].map(([n, name]) =>
        approve(context, panelId(Number(n)), { room: room(String(name)), licenceKeyId: keys[0]?.id ?? '' }, 'admin'),
      ),
    );
    expect(outcomes.map(outcome => outcome.kind).sort()).toEqual(['paired', 'refused']);
  });

  test.skipIf(isAbsent)('versions only go up, together with what they stand for', async () => {
    const before = await store.db.selectFrom('panels').select('config_version').where('stage', '=', 'paired').execute();
    const policy = { ...DEFAULT_POLICY, startingSoon: minutes(7) };
    await Promise.all([setPolicy(context, policy, 'admin'), setPolicy(context, policy, 'admin')]);
    const after = await store.db.selectFrom('panels').select('config_version').where('stage', '=', 'paired').execute();
    expect(after.map(row => row.config_version).sort()).toEqual(before.map(row => row.config_version + 2).sort());
    expect(await readPolicy(store.db)).toEqual(policy);
    expect(await store.transact(tx => bumpConfigs(tx, []))).toEqual([]);
  });

  test.skipIf(isAbsent)(
    'two starts of one key at once end as a conflict or in order, never both believed',
    async () => {
      await enrol(context, panelId(30), '192.0.2.1', request(30));
      await Promise.all(
        Array.from({ length: 6 }, (_, n) => hear(context, panelId(30), n % 2 === 0 ? boot(301) : boot(302))),
      );
      for (const n of [301, 302, 301]) await hear(context, panelId(30), boot(n));
      expect((await hear(context, panelId(30), boot(301)))?.stage).toBe('conflict');
    },
  );

  test.skipIf(isAbsent)('nothing of a transaction that failed stays', async () => {
    const work = store.transact(async tx => {
      await tx.updateTable('rooms').set({ name: 'Elsewhere' }).execute();
      throw new Error('on second thoughts');
    });
    await expect(work).rejects.toThrow('on second thoughts');
    expect((await listRooms(context)).map(row => row.name)).not.toContain('Elsewhere');
  });

  test.skipIf(isAbsent)('a room that a panel has cannot vanish, nor a panel without its admin sessions', async () => {
    const gone = store.db.deleteFrom('rooms').where('id', '=', 'bergen').execute();
    await expect(gone).rejects.toThrow(/foreign key|FOREIGN KEY/);
  });

  test.skipIf(isAbsent)('sessions are found, swept and ended with a new password', async () => {
    await setAdmin(store, context.clock, 'Anna', 'hash');
    const admin = await store.db.selectFrom('admins').selectAll().executeTakeFirstOrThrow();
    expect(admin.username).toBe('anna');
    const sessions = new Sessions(store, context.clock);
    const secret = await sessions.begin(admin.id);
    expect(await sessions.use(secret)).toMatchObject({ admin: 'anna' });
    await setAdmin(store, context.clock, 'anna', 'another');
    expect(await sessions.use(secret)).toBeNull();
    const idle = await sessions.begin(admin.id);
    if (context.clock instanceof VirtualClock) await context.clock.advance(hours(1));
    await sessions.sweep();
    expect(await sessions.use(idle)).toBeNull();
    expect(await store.db.selectFrom('sessions').selectAll().execute()).toEqual([]);
  });

  test.skipIf(isAbsent)('an import adds, changes, flags what vanished, and takes the flag off again', async () => {
    const listed = (name: string, more = {}) => ({
      address: v.parse(RoomAddress, `${name}@example.com`),
      name,
      capacity: 4,
      building: null,
      floor: null,
      ...more,
    });
    const oslo = v.parse(ZoneName, 'Europe/Oslo');
    const importing = (...rooms: ReturnType<typeof listed>[]) => store.transact(tx => storeRooms(tx, rooms, oslo));
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

  test.skipIf(isAbsent)('what was done is in the history', async () => {
    const actions = await store.db.selectFrom('audit').select('action').distinct().execute();
    expect(actions.map(row => row.action)).toEqual(
      expect.arrayContaining(['panel-enrolled', 'panel-paired', 'panel-unpaired', 'licence-key-revoked', 'policy-set']),
    );
  });
});
