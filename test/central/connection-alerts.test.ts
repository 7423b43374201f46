/** What an admin is told of the connections: each trouble once. */
import type { Insertable } from 'kysely';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { connectionAlerts, connectionsState } from '../../src/central/consent/alerts.ts';
import { Connections } from '../../src/central/consent/connections.ts';
import { healthOf } from '../../src/central/consent/health.ts';
import { Tokens } from '../../src/central/consent/tokens.ts';
import { Turns } from '../../src/central/consent/turns.ts';
import { findSettings, noteConsent, storeGrant, storeTokenProblem } from '../../src/central/store/settings.ts';
import type { NewPanelRow, SettingsTable } from '../../src/central/store/tables.ts';
import { PanelId } from '../../src/contract/values/ids.ts';
import { hours } from '../../src/contract/values/time.ts';
import type { TokenProblem } from '../../src/contract/wire/console.ts';
import { makeFetch } from '../../src/platform/http.ts';
import { makeAppCertificate } from '../demo/support/app-certificate.ts';
import { describeEngines } from './support/engines.ts';
import { pairedPanel } from './support/paired-panel.ts';

const days = (n: number) => hours(24 * n);

describeEngines(engine => {
  const make = () => {
    const { context } = engine();
    const { store, sealer, hub, clock, log } = context;
    const makeHttpClient = (extraCa: string | null) => makeFetch({ trust: { kind: 'system', extraCa }, clock });
    const connections = new Connections(store, sealer, makeHttpClient, clock);
    const tokens = new Tokens({ store, connections, turns: new Turns(), hub, clock, log });
    const now = () => clock.now();
    const problem = (kind: TokenProblem['kind']): TokenProblem => ({ kind, code: null, detail: 'words', at: now() });
    return {
      ...context,
      connections,
      tokens,
      problem,
      add: (id: string, more: Partial<Insertable<SettingsTable>> = {}) =>
        store.db
          .insertInto('settings')
          .values({
            id,
            name: id,
            server_type: 'office-365-graph',
            authority: 'https://login.example',
            graph_base: 'https://graph.example',
            tenant_id: 'example.com',
            client_id: 'client',
            default_zone: 'Europe/Oslo',
            ...more,
          })
          .execute(),
      grant: (id: string, of: TokenProblem | null = null, ago = hours(1)) =>
        storeGrant(store.db, id, {
          grant_id: id,
          sealed_cache: 'sealed',
          home_account_id: 'home',
          account: 'panels@example.com',
          scopes: '',
          issued: now() - ago,
          expires: now(),
          problem: of && JSON.stringify(of),
        }),
      alerts: async () =>
        (await connectionAlerts(context, tokens)).map(
          ({ kind, subject, connection }) => `${connection} ${kind} ${subject}`,
        ),
      state: () => connectionsState(context, tokens),
    };
  };

  test('from nothing to a working connection', async () => {
    const { add, grant, alerts, state } = make();
    expect([await state(), await alerts()]).toEqual(['not-set', []]);
    await add('default');
    expect([await state(), await alerts()]).toEqual(['sign-in-needed', ['default sign-in-needed default']]);
    await grant('default');
    expect([await state(), await alerts()]).toEqual(['ok', []]);
  });

  test('a provider that is away is nobody\u2019s business; one that refuses is told once', async () => {
    const { grant, problem, alerts, state } = make();
    await grant('default', problem('unreachable'));
    expect([await state(), await alerts()]).toEqual(['ok', []]);
    await grant('default', problem('sign-in-expired'));
    expect([await state(), await alerts()]).toEqual(['sign-in-needed', ['default sign-in-needed default']]);
    // The refresh token lapsed, and that is why: signing in mends both.
    await grant('default', problem('sign-in-expired'), days(91));
    expect(await alerts()).toEqual(['default sign-in-needed default']);
    await grant('default', null, days(85));
    expect([await state(), await alerts()]).toEqual(['ok', ['default expires-soon refresh-token']]);
  });

  test('missing consent is told instead of a missing sign-in', async () => {
    const { store, clock, grant, problem, alerts } = make();
    await grant('default', problem('consent-missing'));
    expect(await alerts()).toEqual(['default consent-missing default']);
    await store.db.deleteFrom('grants').execute();
    await noteConsent(store.db, 'default', { kind: 'missing', problem: problem('consent-missing') });
    expect(await alerts()).toEqual(['default consent-missing default']);
    await noteConsent(store.db, 'default', { kind: 'granted', at: clock.now() });
    await storeTokenProblem(store.db, 'default', problem('refused'));
    expect(await alerts()).toEqual(['default sign-in-needed default']);
  });

  test('what ends is told 30 days ahead, each connection for itself, worst first', async () => {
    const { store, clock, tokens, add, grant, problem, alerts } = make();
    const date = (ahead: number) => new Date(clock.now() + days(ahead)).toISOString().slice(0, 10);
    const { pem } = await makeAppCertificate({ notAfter: new Date(clock.now() + days(3)) });
    await grant('default');
    await store.db
      .updateTable('settings')
      .set({ sealed_client_secret: 'sealed', client_secret_expires: date(40) })
      .execute();
    await add('b', { sign_in: 'app-certificate', certificate: pem, client_secret_expires: date(-9) });
    await grant('b');
    expect(await alerts()).toEqual(['b expires-soon certificate']);
    await store.db
      .updateTable('settings')
      .set({ client_secret_expires: date(20) })
      .where('id', '=', 'default')
      .execute();
    expect(await alerts()).toEqual(['b expires-soon certificate', 'default expires-soon client-secret']);
    // Expired, and therefore refused: one line, which names the cause.
    await store.db
      .updateTable('settings')
      .set({ client_secret_expires: date(-2) })
      .where('id', '=', 'default')
      .execute();
    await grant('default', problem('wrong-secret'));
    expect(await alerts()).toEqual(['default expired client-secret', 'b expires-soon certificate']);
    // Whose it is can be said.
    await store.db.updateTable('settings').set({ name: 'Annexe' }).where('id', '=', 'b').execute();
    expect((await connectionAlerts(engine().context, tokens)).map(({ name }) => name)).toEqual(['default', 'Annexe']);
    await store.db.updateTable('settings').set({ name: 'b' }).where('id', '=', 'b').execute();
  });

  test('panels are counted by what they reported last', async () => {
    const { store, hub, clock, connections, tokens } = make();
    const { context } = engine();
    const reports: Record<string, Partial<NewPanelRow> & { isOnline?: boolean }> = {
      reads: { last_read: clock.now() },
      fails: { last_read: clock.now(), read_problem: 'no-access' },
      waits: { last_read: clock.now(), read_problem: 'throttled' },
      fresh: {},
      gone: { last_read: clock.now(), isOnline: false },
    };
    for (const [id, { isOnline = true, ...report }] of Object.entries(reports)) {
      const room = { id: `room-${id}`, address: `${id}@example.com`, name: id, zone: 'Europe/Oslo', is_missing: 0 };
      await store.db
        .insertInto('rooms')
        .values({ ...room, capacity: null, building: null, floor: null })
        .execute();
      const panel = v.parse(PanelId, id.padEnd(43, '0'));
      await store.db
        .insertInto('panels')
        .values(pairedPanel(panel, room.id, report))
        .execute();
      if (isOnline) hub.listen(panel, { boot: '', room: null, changed() {}, command() {}, hint() {}, close() {} });
    }
    const row = await findSettings(store.db, 'default');
    const health = await healthOf(context, connections, 'default', row, await tokens.status('default'));
    expect(health.panels).toEqual({ reading: 1, failing: 1, throttled: 1, away: 2 });
    expect((await healthOf(context, connections, 'b', row, await tokens.status('b'))).panels.reading).toBe(0);
  });
});
