/** A step that breaks half-way leaves nothing behind, so that the next start can try again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, sqliteIn } from '../../src/central/store/store.ts';
import { makeLog } from '../../src/platform/log.ts';

const log = makeLog({ level: 'silent', destination: { write: () => {} } });
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lintel-migrations-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function onDisk<T>(work: (database: Database.Database) => T): T {
  const database = new Database(join(dir, 'central.db'));
  try {
    return work(database);
  } finally {
    database.close();
  }
}
const Names = v.array(v.object({ name: v.string() }));
const tables = () =>
  onDisk(database => {
    const rows = v.parse(Names, database.prepare(`select name from sqlite_master where type = 'table'`).all());
    return rows.map(({ name }) => name).filter(name => !name.startsWith('kysely_'));
  });

test('on SQLite', async () => {
  // In the way of the second step, towards its end.
  onDisk(database => database.exec('create table registrations (mine text)'));
  await expect(openStore(sqliteIn(dir), log)).rejects.toThrow('registrations');
  expect(tables()).toEqual(['registrations']);
  onDisk(database => database.exec('drop table registrations'));
  const store = await openStore(sqliteIn(dir), log);
  expect(await store.db.selectFrom('registrations').selectAll().execute()).toEqual([]);
  await store.stop();
  expect(tables()).toContain('panels');
});
