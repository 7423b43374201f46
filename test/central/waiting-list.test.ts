/** The list of panels without a room stays bounded, whoever fills it, and quick. */
import * as v from 'valibot';
import { beforeEach, expect, test } from 'vitest';
import { enrol } from '../../src/central/fleet/enrol.ts';
import { forgetOldPanels, listWaiting } from '../../src/central/fleet/waiting.ts';
import type { NewPanelRow } from '../../src/central/store/tables.ts';
import { PanelId } from '../../src/contract/values/ids.ts';
import { hours, plus } from '../../src/contract/values/time.ts';
import { EnrolRequest, WIRE_VERSION } from '../../src/contract/wire/panel.ts';
import { describeEngines } from './support/engines.ts';
import { pairedPanel } from './support/paired-panel.ts';
import { seedRooms } from './support/running-central.ts';

const FULL = 2000;
const idOf = (n: number) => v.parse(PanelId, String(n).padStart(43, 'p'));
const NEWCOMER = v.parse(PanelId, 'n'.repeat(43));
const hello = (starts = 1) =>
  v.parse(EnrolRequest, {
    wireVersion: WIRE_VERSION,
    agentVersion: '0.1.0',
    mac: null,
    machineId: null,
    hostname: 'newcomer',
    keyStore: 'sealed-file',
    boot: String(starts).padStart(32, '0'),
    starts,
    wantsNewCode: false,
  });

describeEngines(engine => {
  const db = () => engine().store.db;
  const call = (panel = NEWCOMER, starts = 1) => enrol(engine().context, panel, '192.0.2.1', hello(starts));
  const stages = async () => {
    const rows = await db().selectFrom('panels').select(['id', 'stage']).orderBy('id').execute();
    return new Map(rows.map(row => [row.id, row.stage]));
  };

  async function fill(stage: NewPanelRow['stage'], count: number, more: Partial<NewPanelRow> = {}, from = 0) {
    const now = engine().clock.now();
    const rows = Array.from({ length: count }, (_, n) => ({
      ...pairedPanel(idOf(from + n), ''),
      first_seen: now,
      last_seen: plus(now, hours(n / 1000)),
      ...more,
      stage,
      room_id: null,
    }));
    for (let n = 0; n < rows.length; n += 500) {
      await db()
        .insertInto('panels')
        .values(rows.slice(n, n + 500))
        .execute();
    }
  }

  beforeEach(async () => {
    for (const table of ['panels', 'rooms', 'settings'] as const) await db().deleteFrom(table).execute();
    await seedRooms('A')(db());
  });

  test.each(['waiting', 'conflict'] as const)('%s panels without a room fill the list', async stage => {
    await fill(stage, FULL - 1);
    expect(await call()).toMatchObject({ kind: 'enrolled' });
    expect(await call(idOf(9999))).toEqual({ kind: 'list-full' });
    // Whoever is on it gets through.
    expect(await call(NEWCOMER, 2)).toMatchObject({ kind: 'enrolled' });
  });

  test('a full list makes room by those turned away longest ago who are not there', async () => {
    await fill('waiting', FULL - 3);
    await fill('revoked', 1, { last_seen: 3 }, 5000);
    await fill('rejected', 2, { last_seen: 1 }, 5001);
    const stop = engine().context.hub.listen(idOf(5001), {
      boot: 'x',
      room: null,
      changed: () => {},
      close: () => {},
      command: () => {},
      hint: () => {},
    });
    expect(await call()).toMatchObject({ kind: 'enrolled' });
    expect((await stages()).has(idOf(5002))).toBe(false);
    expect(await call(idOf(9998))).toMatchObject({ kind: 'enrolled' });
    expect((await stages()).has(idOf(5000))).toBe(false);
    // The one that is left listens.
    expect(await call(idOf(9999))).toEqual({ kind: 'list-full' });
    stop();
    expect(await call(idOf(9999))).toMatchObject({ kind: 'enrolled' });
    expect((await stages()).size).toBe(FULL);
  });

  test('after a week of silence conflicts without a room go, too; one with a room stays', async () => {
    for (const [n, stage] of (['waiting', 'rejected', 'revoked', 'conflict'] as const).entries()) {
      await fill(stage, 1, {}, n);
    }
    await db()
      .insertInto('panels')
      .values({ ...pairedPanel(NEWCOMER, 'a'), stage: 'conflict', last_seen: 0 })
      .execute();
    await forgetOldPanels(engine().context);
    expect((await stages()).size).toBe(5);
    await engine().clock.advance(hours(24 * 8));
    await forgetOldPanels(engine().context);
    expect(await stages()).toEqual(new Map([[NEWCOMER, 'conflict']]));
  });

  test('thousands with one MAC are listed at once, each with twenty twins', async () => {
    await fill('conflict', 8000, { mac: '02:00:00:00:00:01', machine_id: null });
    const before = performance.now();
    const rows = await listWaiting(engine().context);
    const took = performance.now() - before;
    console.log(`8,000 panels of one MAC listed in ${Math.round(took)} ms`);
    expect(took).toBeLessThan(1000);
    expect(rows).toHaveLength(8000);
    for (const row of rows)
      if (row.twins.length !== 20 || row.twins.some(({ panel }) => panel === row.panel)) throw row;
  });
});
