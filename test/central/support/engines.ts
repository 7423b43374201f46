/** The same tests on SQLite and, where it is installed, on PostgreSQL. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import type { Context } from '../../../src/central/context.ts';
import { Hub } from '../../../src/central/hub.ts';
import { makeSealer } from '../../../src/central/store/seal.ts';
import { openStore, type Store, type StoreWhere, sqliteIn } from '../../../src/central/store/store.ts';
import { instant } from '../../../src/contract/values/time.ts';
import { makeCa } from '../../../src/platform/certificates.ts';
import { makeLog } from '../../../src/platform/log.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { findPostgres, type Postgres, startPostgres } from './postgres.ts';

export type Engine = {
  where: StoreWhere;
  store: Store;
  context: Context;
  clock: VirtualClock;
  /** Everything that was logged, as JSON. */
  log: string[];
};

const postgresBin = await findPostgres();

/** `tests` gets a function that answers with the engine, once tests run. */
export function describeEngines(tests: (engine: () => Engine) => void): void {
  describe.each(['sqlite', 'postgres'] as const)('%s', name => {
    const isAbsent = name === 'postgres' && postgresBin === null;
    describe.skipIf(isAbsent)('store', () => {
      let engine: Engine;
      let postgres: Postgres | null = null;
      let dir: string;

      beforeAll(async () => {
        dir = await mkdtemp(join(tmpdir(), 'lintel-store-'));
        if (name === 'postgres' && postgresBin !== null) postgres = await startPostgres(postgresBin);
        const where: StoreWhere = postgres ? { kind: 'postgres', url: await postgres.newDatabase() } : sqliteIn(dir);
        const lines: string[] = [];
        const log = makeLog({ level: 'info', destination: { write: line => lines.push(line) } });
        const store = await openStore(where, log);
        const clock = new VirtualClock(instant(1_790_000_000_000));
        const { cert: caPem } = await makeCa('test', clock);
        const context = { store, sealer: makeSealer(Buffer.alloc(32, 7)), hub: new Hub(clock), clock, log, caPem };
        engine = { where, store, context, clock, log: lines };
      });
      afterAll(async () => {
        await engine?.store.stop();
        await postgres?.stop();
        if (dir) await rm(dir, { recursive: true, force: true });
      });
      tests(() => engine);
    });
  });
}
