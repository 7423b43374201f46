/** PostgreSQL refuses transactions that meet; nobody who uses central may notice. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../src/central/store/store.ts';
import { minutes } from '../../src/contract/values/time.ts';
import { makeLog } from '../../src/platform/log.ts';
import { ConsoleClient } from './support/console-client.ts';
import { PanelClient } from './support/panel-client.ts';
import { findPostgres, type Postgres, startPostgres } from './support/postgres.ts';
import { runCentral, seedRooms } from './support/running-central.ts';

const PANELS = 150;
const AT_ONCE = 50;
const APPROVALS = 40;
const bin = await findPostgres();

describe.skipIf(bin === null)('postgres', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres(bin ?? '');
  });
  afterAll(() => postgres.stop());

  test('150 enrolments and 40 approvals at once all succeed', { timeout: 25_000 }, async () => {
    const rooms = Array.from({ length: PANELS }, (_, n) => `Room${n}`);
    const running = await runCentral({ databaseUrl: await postgres.newDatabase(), seed: seedRooms(...rooms) });
    const panels = await Promise.all(rooms.map(() => PanelClient.make(running.fetch, running.url)));
    const statuses: number[] = [];
    for (let first = 0; first < PANELS; first += AT_ONCE) {
      const answers = panels.slice(first, first + AT_ONCE).map((panel, n) => {
        const request = panel.enrolRequest({ mac: null, machineId: `machine ${first + n}` });
        return panel.send('POST', '/panel/v1/enrol', request);
      });
      for (const answer of await Promise.all(answers)) statuses.push(answer.status);
      await running.clock.advance(minutes(1));
    }
    expect(statuses).toEqual(Array.from({ length: PANELS }, () => 200));

    const admin = new ConsoleClient(running.fetch, running.url);
    await admin.login();
    await admin.send('POST', '/licence-keys', { count: APPROVALS, note: '' });
    const waiting = await admin.waiting();
    expect(waiting).toHaveLength(PANELS);
    const approvals = waiting.slice(0, APPROVALS).map(({ panel, code }, n) => {
      const approval = { room: `room${n}`, licenceKeyId: null, code };
      return admin.send('POST', `/free-macs/${panel}/approve`, approval);
    });
    const approved = (await Promise.all(approvals)).map(answer => answer.status);
    expect(approved).toEqual(Array.from({ length: APPROVALS }, () => 204));
    expect(running.log.filter(line => line.includes('broke'))).toEqual([]);
    await running.stop();
  });

  test('three centrals on one database count the same number up, each as fast as it can', async () => {
    const url = await postgres.newDatabase();
    const log = makeLog({ level: 'silent', destination: { write: () => {} } });
    const open = () => openStore({ kind: 'postgres', url }, log);
    const stores = [await open(), await open(), await open()];
    const meta = stores[0]?.db.insertInto('meta').values({ name: 'count', value: '0' });
    await meta?.execute();
    const countUp = (store: (typeof stores)[number]) =>
      store.transact(async tx => {
        const row = await tx.selectFrom('meta').select('value').where('name', '=', 'count').executeTakeFirstOrThrow();
        const value = String(Number(row.value) + 1);
        await tx.updateTable('meta').set({ value }).where('name', '=', 'count').execute();
      });
    await Promise.all(stores.flatMap(store => Array.from({ length: 40 }, () => countUp(store))));
    const row = await stores[0]?.db.selectFrom('meta').select('value').where('name', '=', 'count').executeTakeFirst();
    expect(row?.value).toBe('120');
    for (const store of stores) await store.stop();
  });
});
