import * as v from 'valibot';
import { beforeEach, expect, test } from 'vitest';
import { bumpConfigs, nextVersion, targetConfig } from '../../src/central/fleet/config.ts';
import { readPolicies, rollBack, savePolicy } from '../../src/central/fleet/policies.ts';
import { forgetOldRevisions, listRevisions, newestRevision } from '../../src/central/fleet/policies-history.ts';
import { PanelId, RoomId } from '../../src/contract/values/ids.ts';
import { DEFAULT_POLICY, type PolicyValues } from '../../src/contract/values/policy.ts';
import type { PolicyScope } from '../../src/contract/values/policy-cascade.ts';
import { minutes, seconds } from '../../src/contract/values/time.ts';
import { PolicyInput, type Revision } from '../../src/contract/wire/console.ts';
import { isPin } from '../../src/platform/pin.ts';
import { describeEngines } from './support/engines.ts';
import { pairedPanel } from './support/paired-panel.ts';
import { seedRooms } from './support/running-central.ts';

const GENERAL: PolicyScope = { kind: 'general' };
const MAIN: PolicyScope = { kind: 'building', building: 'Main' };
const FIRST: PolicyScope = { kind: 'floor', building: 'Main', floor: '1' };
const room = (id: string): PolicyScope => ({ kind: 'room', room: v.parse(RoomId, id) });
const LOGO = `data:image/png;base64,${'A'.repeat(400)}`;
/** Its panel; rooms are called by one letter. */
const panelOf = (id: string) => v.parse(PanelId, id.repeat(43));

describeEngines(engine => {
  const db = () => engine().store.db;
  const current = async () => (await readPolicies(engine().context)).version;
  const tryToSave = (scope: PolicyScope, values: object, basedOn: number) =>
    savePolicy(engine().context, v.parse(PolicyInput, { scope, values, basedOn }), 'anna');

  async function save(scope: PolicyScope, values: PolicyValues | object): Promise<number> {
    const saved = await tryToSave(scope, values, await current());
    if (saved.kind === 'refused') throw new Error(saved.code);
    return saved.version;
  }
  const rollBackTo = async (version: number) => {
    const outcome = await rollBack(engine().context, version, 'berit');
    if (outcome.kind === 'refused') throw new Error(outcome.code);
    return outcome.version;
  };
  const target = async (id: string) => (await targetConfig(engine().context, panelOf(id))) ?? expect.fail('no config');
  async function targets() {
    const rows = await db().selectFrom('panels').select(['room_id', 'config_version']).orderBy('room_id').execute();
    return Object.fromEntries(rows.map(row => [row.room_id, row.config_version]));
  }
  const newest = async (): Promise<Revision> => (await listRevisions(db()))[0] ?? expect.fail('no history');

  /** Rooms A, B and C on the first floor of Main, D elsewhere, each with a panel of version 2. */
  beforeEach(async () => {
    for (const table of ['panels', 'rooms', 'settings', 'policies', 'revisions', 'audit'] as const) {
      await db().deleteFrom(table).execute();
    }
    await seedRooms('A', 'B', 'C', 'D')(db());
    await db().updateTable('rooms').set({ building: null, floor: '9' }).where('id', '=', 'd').execute();
    for (const id of ['a', 'b', 'c', 'd']) {
      await db()
        .insertInto('panels')
        .values(pairedPanel(panelOf(id), id))
        .execute();
    }
  });

  test('as installed: version 0, no layers, the defaults, and nothing in history', async () => {
    expect(await readPolicies(engine().context)).toEqual({ version: 0, layers: [] });
    expect(await listRevisions(db())).toEqual([]);
    expect(await target('a')).toMatchObject({ version: 2, policy: DEFAULT_POLICY, room: { id: 'a' }, panelName: null });
  });

  test('layers cascade, and only panels for which something else applies get the new version', async () => {
    expect(await save(GENERAL, { startingSoon: minutes(7), theme: 'dark' })).toBe(3);
    expect(await targets()).toEqual({ a: 3, b: 3, c: 3, d: 3 });
    expect(await save(MAIN, { startingSoon: minutes(8) })).toBe(4);
    expect(await targets()).toEqual({ a: 4, b: 4, c: 4, d: 3 });
    expect(await save(room('a'), { theme: 'light' })).toBe(5);
    expect(await targets()).toEqual({ a: 5, b: 4, c: 4, d: 3 });
    // Says what applies already: a layer more, and nobody has to follow.
    expect(await save(FIRST, { startingSoon: minutes(8) })).toBe(6);
    expect(await targets()).toEqual({ a: 5, b: 4, c: 4, d: 3 });
    expect((await target('a')).policy).toMatchObject({ startingSoon: minutes(8), theme: 'light' });
    expect((await target('d')).policy).toMatchObject({ startingSoon: minutes(7), theme: 'dark' });

    const scopes = (await readPolicies(engine().context)).layers.map(layer => layer.scope.kind);
    expect(scopes.sort()).toEqual(['building', 'floor', 'general', 'room']);
    // A scope is replaced whole: what is absent is inherited again.
    await save(room('a'), { language: 'nb' });
    expect((await target('a')).policy).toMatchObject({ theme: 'dark', language: 'nb' });
    await save(room('a'), {});
    await save(GENERAL, {});
    expect((await readPolicies(engine().context)).layers).toHaveLength(2);
    expect((await target('d')).policy).toEqual(DEFAULT_POLICY);
  });

  test('what changes nothing makes no version', async () => {
    const version = await save(GENERAL, { theme: 'dark' });
    expect(await save(GENERAL, { theme: 'dark' })).toBe(version);
    expect(await rollBackTo(version)).toBe(version);
    expect(await listRevisions(db())).toHaveLength(2);
  });

  test('a save that was not based on the newest settings is refused, whatever else happened is not in its way', async () => {
    const seen = await save(GENERAL, { theme: 'dark' });
    expect(await tryToSave(GENERAL, { theme: 'light' }, 0)).toMatchObject({ code: 'changed-meanwhile' });
    expect(await tryToSave(GENERAL, { theme: 'light' }, seen + 1)).toMatchObject({ code: 'changed-meanwhile' });
    const cause = { what: 'rooms', actor: 'anna', changes: [] } as const;
    const { store, context } = engine();
    await store.transact(tx => bumpConfigs(context, tx, 'all', cause));
    expect(await current()).toBe(seen + 1);
    expect(await tryToSave(GENERAL, { theme: 'light' }, seen)).toMatchObject({ kind: 'saved', version: seen + 2 });
  });

  test('scopes that no room is in are refused; what is left of one can be taken away', async () => {
    expect(await tryToSave(room('x'), { theme: 'dark' }, 0)).toMatchObject({ code: 'room-unknown' });
    expect(await tryToSave({ ...MAIN, building: 'Annex' }, { theme: 'dark' }, 0)).toMatchObject({
      code: 'place-unknown',
    });
    expect(await tryToSave({ ...FIRST, floor: '9' }, { theme: 'dark' }, 0)).toMatchObject({ code: 'place-unknown' });
    expect(await tryToSave({ ...MAIN, building: 'Annex' }, {}, 0)).toMatchObject({ code: 'place-unknown' });
    await save({ kind: 'floor', building: null, floor: '9' }, { theme: 'dark' });
    expect((await target('d')).policy.theme).toBe('dark');
    await save(MAIN, { theme: 'dark' });
    await db().updateTable('rooms').set({ building: 'Annex' }).execute();
    expect(await tryToSave(MAIN, { theme: 'light' }, await current())).toMatchObject({ code: 'place-unknown' });
    expect(await tryToSave(MAIN, {}, await current())).toMatchObject({ kind: 'saved' });
  });

  test('a PIN is kept as a hash; neither it nor a logo stands in history', async () => {
    await save(GENERAL, { pin: { digits: '2468' }, logo: LOGO });
    const { pin } = (await target('a')).policy;
    if (pin === null) throw new Error('no PIN');
    expect(await isPin(pin, '2468')).toBe(true);
    expect((await newest()).changes).toEqual([
      { scope: GENERAL, field: 'logo', before: null, after: 'set' },
      { scope: GENERAL, field: 'pin', before: null, after: 'set' },
    ]);
    // What the console read it may send back.
    await save(GENERAL, { pin, logo: LOGO, helpContact: 'Reception, 4711' });
    expect((await newest()).changes).toEqual([
      { scope: GENERAL, field: 'helpContact', before: null, after: '"Reception, 4711"' },
    ]);
    await save(GENERAL, { pin: { digits: '13579' }, logo: null });
    expect((await newest()).changes).toEqual([
      { scope: GENERAL, field: 'logo', before: 'set', after: 'null' },
      { scope: GENERAL, field: 'helpContact', before: '"Reception, 4711"', after: null },
      { scope: GENERAL, field: 'pin', before: 'set', after: 'changed' },
    ]);
    const told = JSON.stringify([await listRevisions(db()), await db().selectFrom('audit').selectAll().execute()]);
    for (const secret of [pin.hash, pin.salt, '2468', '13579', 'AAAA']) expect(told).not.toContain(secret);
  });

  test('a roll-back is a new version with the old layers, for those who must follow', async () => {
    const first = await save(GENERAL, { theme: 'dark' });
    await save(room('a'), { pollEvery: seconds(60) });
    const third = await save(MAIN, { theme: 'light' });
    expect(await targets()).toEqual({ a: third, b: third, c: third, d: first });

    const back = await rollBackTo(first);
    expect(back).toBe(third + 1);
    expect((await readPolicies(engine().context)).layers).toEqual([{ scope: GENERAL, values: { theme: 'dark' } }]);
    expect(await targets()).toEqual({ a: back, b: back, c: back, d: first });
    expect(await newest()).toMatchObject({
      version: back,
      by: 'berit',
      what: 'roll-back',
      backTo: first,
      changes: [
        { scope: MAIN, field: 'theme', before: '"light"', after: null },
        { scope: room('a'), field: 'pollEvery', before: '60000', after: null },
      ],
      panels: { target: 3, running: 0, refused: 0 },
    });
    // And back again, and to what was there before anybody saved.
    expect(await rollBackTo(third)).toBe(back + 1);
    expect((await readPolicies(engine().context)).layers).toHaveLength(3);
    await rollBackTo(0);
    expect((await target('a')).policy).toEqual(DEFAULT_POLICY);
    expect(await rollBack(engine().context, 999, 'berit')).toMatchObject({ code: 'version-unknown' });
  });

  test('a roll-back brings no settings back for a room that is gone', async () => {
    const version = await save(room('d'), { theme: 'dark' });
    await save(room('d'), {});
    await db().deleteFrom('panels').where('room_id', '=', 'd').execute();
    await db().deleteFrom('rooms').where('id', '=', 'd').execute();
    await rollBackTo(version);
    expect((await readPolicies(engine().context)).layers).toEqual([]);
  });

  test('an old installation keeps what it has, and can go back to it', async () => {
    const body = JSON.stringify({ theme: 'dark', startingSoon: minutes(3) });
    await db().insertInto('policies').values({ id: 'general', scope: '{"kind":"general"}', body }).execute();
    expect((await target('a')).policy).toMatchObject({ theme: 'dark', startingSoon: minutes(3) });
    await save(GENERAL, { theme: 'light' });
    expect((await listRevisions(db())).map(row => [row.version, row.by])).toEqual([
      [3, 'anna'],
      [0, 'central'],
    ]);
    await rollBackTo(0);
    expect((await target('a')).policy).toMatchObject({ theme: 'dark', startingSoon: minutes(3) });
  });

  test('stored settings that mean nothing any more are left out, and said once', async () => {
    const insert = (id: string, scope: string, body: string) =>
      db().insertInto('policies').values({ id, scope, body }).execute();
    await insert('general', '{"kind":"general"}', '{"theme":"dark","walkUps":[],"hologram":true}');
    await insert('["building","Main"]', '{"kind":"building","building":"Main"}', 'no JSON');
    await insert('planet', '{"kind":"planet"}', '{"theme":"light"}');
    const { log } = engine();
    log.length = 0;
    expect((await target('a')).policy).toEqual({ ...DEFAULT_POLICY, theme: 'dark' });
    await target('b');
    const lines = log.filter(line => line.includes('settings-unusable'));
    expect(lines).toHaveLength(3);
    expect(lines.join()).toContain('walkUps');
    expect((await readPolicies(engine().context)).layers).toEqual([{ scope: GENERAL, values: { theme: 'dark' } }]);
    await save(GENERAL, { theme: 'light' });
    expect((await target('a')).policy).toEqual(DEFAULT_POLICY);
  });

  test('a bump is a revision of exactly that version; where nobody follows there is none', async () => {
    const { store, context, clock } = engine();
    const changes = [{ scope: null, field: 'name', before: '"A"', after: '"Aula"' }];
    const bump = (ids: string[]) =>
      store.transact(tx =>
        bumpConfigs(
          context,
          tx,
          ids.map(id => v.parse(RoomId, id)),
          { what: 'rooms', actor: 'anna', changes },
        ),
      );
    expect(await bump(['a', 'b'])).toHaveLength(2);
    expect(await targets()).toEqual({ a: 3, b: 3, c: 2, d: 2 });
    expect(await newest()).toMatchObject({ version: 3, what: 'rooms', changes, at: clock.now() });
    await db().updateTable('panels').set({ stage: 'conflict' }).where('room_id', '=', 'c').execute();
    expect(await bump(['c', 'nowhere'])).toEqual([]);
    expect(await bump([])).toEqual([]);
    expect((await newest()).version).toBe(3);
    // A panel may be ahead of history: pairing gives versions, too.
    await db().updateTable('panels').set({ config_version: 40 }).where('room_id', '=', 'a').execute();
    await bump(['b']);
    expect(await targets()).toMatchObject({ a: 40, b: 41 });
    expect(await store.transact(tx => nextVersion(tx))).toBe(42);
  });

  test('history counts who runs what they should, and who refused it', async () => {
    const version = await save(GENERAL, { theme: 'dark' });
    const report = (id: string, columns: object) =>
      db().updateTable('panels').set(columns).where('room_id', '=', id).execute();
    await report('a', { running_version: version });
    await report('b', { config_refused: 'no', config_refused_version: version });
    await report('c', { config_refused: 'no', config_refused_version: version - 1 });
    expect((await newest()).panels).toEqual({ target: 4, running: 1, refused: 1 });
    await save(room('a'), { theme: 'light' });
    expect((await listRevisions(db())).map(row => row.panels)).toEqual([
      { target: 1, running: 0, refused: 0 },
      { target: 3, running: 0, refused: 1 },
      { target: 0, running: 0, refused: 0 },
    ]);
  });

  test('twenty saves at once: all of one basis but one are refused, and none is lost when each tries again', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) => tryToSave(GENERAL, { startingSoon: minutes(n + 1) }, 0)),
    );
    expect(outcomes.filter(outcome => outcome.kind === 'saved')).toHaveLength(1);
    const codes = outcomes.flatMap(outcome => (outcome.kind === 'refused' ? [outcome.code] : []));
    expect(new Set(codes)).toEqual(new Set(['changed-meanwhile']));

    // Each sets a field of its own beside what it finds, as people do who look again.
    const fields: PolicyValues[] = [
      { theme: 'dark' },
      { language: 'nb' },
      { hourCycle: '12h' },
      { helpContact: 'Desk' },
      { endEarly: 'off' },
      { isTentativeBusy: false },
      { pollEvery: seconds(20) },
      { longestBooking: minutes(60) },
      { bookingMode: 'off' },
      { logo: LOGO },
    ];
    const versions: number[] = [];
    const addAgainAndAgain = async (values: PolicyValues) => {
      for (;;) {
        const { version, layers } = await readPolicies(engine().context);
        const saved = await tryToSave(GENERAL, { ...layers[0]?.values, ...values }, version);
        if (saved.kind === 'saved') return versions.push(saved.version);
      }
    };
    await Promise.all(fields.map(addAgainAndAgain));
    const together = Object.assign({}, ...fields);
    expect((await readPolicies(engine().context)).layers[0]?.values).toMatchObject(together);
    expect(new Set(versions).size).toBe(fields.length);
  });

  test('saves, roll-backs and bumps at once: every version stands for one thing, and no target goes down', async () => {
    const { store, context } = engine();
    const start = await save(GENERAL, { theme: 'dark' });
    const rooms = ['a', 'b', 'c', 'd'];
    const seen: Record<string, number>[] = [];
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        if (n % 4 === 0) await rollBackTo(start);
        else if (n % 7 === 1) {
          const cause = { what: 'panel', actor: 'anna', changes: [] } as const;
          await store.transact(tx => bumpConfigs(context, tx, [v.parse(RoomId, rooms[n % 3] ?? 'a')], cause));
        } else {
          for (;;) {
            const outcome = await tryToSave(room(rooms[n % 4] ?? 'a'), { startingSoon: minutes(n) }, await current());
            if (outcome.kind === 'saved') break;
          }
        }
        seen.push(await targets());
      }),
    );
    const revisions = await listRevisions(db());
    const versions = revisions.map(row => row.version);
    expect(versions).toEqual(versions.toSorted((a, b) => b - a));
    expect(new Set(versions).size).toBe(versions.length);
    expect(versions[0]).toBe(await newestRevision(db()));
    // Every target is a revision, and what it stands for is what its snapshot says.
    for (const id of rooms) {
      const { version, policy } = await target(id);
      expect(versions).toContain(version);
      expect(policy.theme).toBe('dark');
      expect(version).toBeGreaterThanOrEqual(Math.max(...seen.map(at => at[id] ?? 0)));
    }
  });

  test('history is kept to the newest 500 of settings and of the rest, and neither drowns the other', async () => {
    const { context } = engine();
    const first = await save(GENERAL, { theme: 'dark' });
    const row = { at: 0, actor: 'central', what: 'rooms', back_to: null, changes: '[]', snapshot: '[]' } as const;
    const rows = Array.from({ length: 600 }, (_, n) => ({ ...row, version: first + 1 + n }));
    await db().insertInto('revisions').values(rows).execute();
    await forgetOldRevisions(context);
    const kept = await db().selectFrom('revisions').select('version').orderBy('version').execute();
    expect(kept.map(({ version }) => version)).toEqual([
      0,
      first,
      ...Array.from({ length: 500 }, (_, n) => first + 101 + n),
    ]);
    const listed = (await listRevisions(db())).map(({ version }) => version);
    expect(listed).toEqual([...Array.from({ length: 200 }, (_, n) => first + 600 - n), first, 0]);
    expect(await tryToSave(GENERAL, {}, first - 1)).toMatchObject({ code: 'changed-meanwhile' });
    expect(await save(GENERAL, {})).toBe(first + 601);
    await rollBackTo(first);

    const newest = await newestRevision(db());
    const saves = Array.from({ length: 600 }, (_, n) => ({
      ...row,
      what: 'settings' as const,
      version: newest + 1 + n,
    }));
    await db().insertInto('revisions').values(saves).execute();
    await forgetOldRevisions(context);
    const left = await db().selectFrom('revisions').select('what').execute();
    expect(Object.groupBy(left, ({ what }) => what)).toMatchObject({
      rooms: { length: 500 },
      settings: { length: 500 },
    });
    expect(left).toHaveLength(1000);
  });
});
