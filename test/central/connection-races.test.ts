/** Two things at once: saves, deletions and tokens of one connection. */
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { Connections } from '../../src/central/consent/connections.ts';
import { Tokens } from '../../src/central/consent/tokens.ts';
import { Turns } from '../../src/central/consent/turns.ts';
import { addConnection, deleteConnection, saveServerSettings } from '../../src/central/fleet/settings.ts';
import { findGrant, findSettings, openClientSecret, storeGrant } from '../../src/central/store/settings.ts';
import { hours, plus, ZoneName } from '../../src/contract/values/time.ts';
import type { ServerSettingsInput } from '../../src/contract/wire/console.ts';
import { makeFetch } from '../../src/platform/http.ts';
import { describeEngines } from './support/engines.ts';

const INPUT: ServerSettingsInput = {
  name: 'Main',
  serverType: 'office-365-graph',
  signIn: 'app-secret',
  authority: 'https://login.example',
  graphBase: 'https://graph.example',
  tenantId: 'example.com',
  clientId: 'client',
  clientSecret: 'old',
  clientSecretExpires: null,
  certificate: null,
  serviceAccount: null,
  defaultZone: v.parse(ZoneName, 'Europe/Oslo'),
  extraCa: null,
  access: 'direct',
  changeNotifications: false,
  holidayCalendar: null,
};

describeEngines(engine => {
  const make = () => {
    const { context } = engine();
    const { store, sealer, hub, clock, log } = context;
    const makeHttpClient = (extraCa: string | null) => makeFetch({ trust: { kind: 'system', extraCa }, clock });
    const connections = new Connections(store, sealer, makeHttpClient, clock);
    // A queue for each, as on two centrals: what the database holds is all they share.
    const another = () => new Tokens({ store, connections, turns: new Turns(), hub, clock, log });
    const tokens = another();
    const save = (more: Partial<ServerSettingsInput> = {}, id = 'default', by = tokens) =>
      saveServerSettings(context, by, id, { ...INPUT, ...more }, 'admin');
    const grant = {
      grant_id: 'grant',
      sealed_cache: 'sealed',
      home_account_id: null,
      account: 'client',
      scopes: '',
      issued: clock.now(),
      expires: plus(clock.now(), hours(1)),
      problem: null,
    };
    return {
      context,
      db: store.db,
      connections,
      tokens,
      another,
      save,
      secret: async () => {
        const row = await findSettings(store.db, 'default');
        return row && openClientSecret(sealer, row);
      },
      current: async (id: string) => {
        const found = await connections.current(id);
        if (found === null) throw new Error('not open');
        return found;
      },
      added: async () => {
        const added = await addConnection(context, tokens, { ...INPUT, name: 'Second' }, 'admin');
        if (added.kind === 'refused') throw new Error(added.message);
        return added.id;
      },
      remove: (id: string) => deleteConnection(context, connections, tokens, id, 'admin'),
      grant,
      given: { expires: grant.expires, scopes: [], sealedCache: 'sealed', who: null },
      audited: async (action: string, subject: string) =>
        (
          await store.db
            .selectFrom('audit')
            .select('id')
            .where('action', '=', action)
            .where('subject', '=', subject)
            .execute()
        ).length,
    };
  };

  test('a save that types no secret does not bring the one of before back', async () => {
    const { save, secret, another } = make();
    for (let n = 0; n < 8; n++) {
      await save();
      const saves = [save({ clientSecret: 'NEW' }, 'default', another()), save({ clientSecret: null, name: `B${n}` })];
      expect(await Promise.all(n % 2 === 0 ? saves : saves.reverse())).toEqual([{ kind: 'saved' }, { kind: 'saved' }]);
      expect(await secret()).toBe('NEW');
    }
  });

  test('a save that comes after the deletion does not bring the connection back', async () => {
    const { db, save, added, remove } = make();
    const id = await added();
    const [deleted, saved] = await Promise.all([remove(id), save({ name: 'Back' }, id)]);
    expect([deleted, saved]).toMatchObject([{ kind: 'deleted' }, { kind: 'refused', code: 'connection-unknown' }]);
    expect(await findSettings(db, id)).toBeUndefined();
  });

  test('a token that arrives after the deletion is dropped', async () => {
    const { db, tokens, added, remove, current, given, audited } = make();
    const id = await added();
    const asked = await current(id);
    await remove(id);
    expect(await tokens.storeNew(id, 'admin', asked, given)).toBe(false);
    expect(await findGrant(db, id)).toBeUndefined();
    expect(await audited('token-issued', id)).toBe(0);
  });

  test.each([
    { tenantId: 'other.example' },
    { clientId: 'another' },
    { authority: 'https://login.other.example' },
    { graphBase: 'https://graph.other.example' },
    { signIn: 'delegated' as const },
  ])('a token that arrives after a save of %o is dropped, and one that was there is gone', async more => {
    const { db, tokens, save, current, given, grant } = make();
    await save();
    const asked = await current('default');
    expect(await tokens.storeNew('default', 'admin', asked, given)).toBe(true);
    await storeGrant(db, 'default', grant);
    await save({ clientSecret: 'typed again', ...more });
    expect(await findGrant(db, 'default')).toBeUndefined();
    expect(await tokens.storeNew('default', 'admin', asked, given)).toBe(false);
    expect(await findGrant(db, 'default')).toBeUndefined();
    // What touches none of these leaves it be.
    await save(more);
    const again = await current('default');
    await save({ ...more, clientSecret: 'newer', name: 'Renamed' });
    expect(await tokens.storeNew('default', 'admin', again, given)).toBe(true);
  });

  test('deletion and a save wait for what is under way with the provider', async () => {
    const { tokens, added, remove, save } = make();
    const id = await added();
    const order: string[] = [];
    let letGo = () => {};
    const gate = new Promise<void>(resolve => {
      letGo = resolve;
    });
    const asking = tokens.inTurn(id, () => gate.then(() => order.push('token')));
    const saving = save({ name: 'Other name' }, id).then(() => order.push('saved'));
    const deleting = remove(id).then(() => order.push('deleted'));
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(order).toEqual([]);
    letGo();
    await Promise.all([asking, saving, deleting]);
    expect(order).toEqual(['token', 'saved', 'deleted']);
  });

  test('a grant that nothing belongs to is nobody\u2019s: it is not refreshed and leaves no history', async () => {
    const { db, tokens, grant, audited } = make();
    await storeGrant(db, 'orphan', grant);
    expect((await tokens.connected()).map(({ connection }) => connection)).not.toContain('orphan');
    expect(await tokens.refresh('orphan', 'central')).toEqual({ kind: 'none', problem: null });
    expect(await audited('token-refreshed', 'orphan')).toBe(0);
  });
});
