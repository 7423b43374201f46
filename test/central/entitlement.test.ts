/** What the licence file does to keys, pairings and tokens; the keys' own page. On both engines. */
import { generateKeyPairSync } from 'node:crypto';
import { Hono } from 'hono';
import * as v from 'valibot';
import { beforeEach, expect, test } from 'vitest';
import { signLicence } from '../../src/central/domain/licence-file.ts';
import { enrol } from '../../src/central/fleet/enrol.ts';
import { deleteLicence, licenceStatus, putLicence } from '../../src/central/fleet/entitlement.ts';
import { licenceAlerts } from '../../src/central/fleet/licence-alerts.ts';
import { listLicenceKeys, makeLicenceKeys, revokeLicenceKey } from '../../src/central/fleet/licences.ts';
import { approve } from '../../src/central/fleet/pairing.ts';
import { redeemLicenceKey } from '../../src/central/fleet/redeem.ts';
import { replace } from '../../src/central/fleet/replace.ts';
import { accessTokenFor } from '../../src/central/fleet/token.ts';
import type { ConsoleEnv } from '../../src/central/http/env.ts';
import { licencesApi } from '../../src/central/http/licences-api.ts';
import { findPanel } from '../../src/central/store/panels.ts';
import { RoomId } from '../../src/contract/values/ids.ts';
import { LicenceKey } from '../../src/contract/values/licence-key.ts';
import { hours, plus } from '../../src/contract/values/time.ts';
import type { Entitlement } from '../../src/contract/wire/console.ts';
import { describeEngines } from './support/engines.ts';
import { enrolment, panelNamed } from './support/enrolment.ts';
import { seedRooms } from './support/running-central.ts';

const vendor = generateKeyPairSync('ed25519');
const DAY = hours(24);
const room = (name: string) => v.parse(RoomId, name);
const [a, b, c] = [panelNamed('a'), panelNamed('b'), panelNamed('c')];

describeEngines(engine => {
  const licensed = (more: Partial<Entitlement>) => {
    const { context, clock } = engine();
    const entitlement: Entitlement = {
      licenceId: 'L-1',
      customer: 'Fjord AS',
      seats: 2,
      features: [],
      notBefore: clock.now(),
      expires: plus(clock.now(), hours(24 * 90)),
      graceDays: 14,
      ...more,
    };
    return putLicence(context, [vendor.publicKey], signLicence(entitlement, vendor.privateKey), 'admin');
  };
  const keys = async (count: number) => {
    const made = await makeLicenceKeys(engine().context, count, 'test', 'admin');
    if (made.kind === 'refused') throw new Error(made.code);
    return made.keys;
  };
  const say = (panel: typeof a, name: string, licenceKeyId: string | null = null) =>
    approve(engine().context, panel, { room: room(name), licenceKeyId, code: null }, 'admin');

  beforeEach(async () => {
    const { store, context } = engine();
    for (const table of ['registrations', 'licence_keys', 'panels', 'rooms', 'settings'] as const) {
      await store.db.deleteFrom(table).execute();
    }
    await deleteLicence(context, 'admin');
    await seedRooms('Oslo', 'Bergen', 'Hamar')(store.db);
    for (const panel of [a, b, c]) await enrol(context, panel, '192.0.2.1', enrolment(panel));
  });

  test('without a file nothing is limited; a file is refused unless it is the vendor’s', async () => {
    const { context, log } = engine();
    expect(await licenceStatus(context)).toMatchObject({ state: 'none', entitlement: null, seatsUsed: 0, keys: 0 });
    expect(await licenceAlerts(context)).toEqual([]);
    const refused = await putLicence(context, [vendor.publicKey], 'lintel-licence-v1.x.y', 'admin');
    expect(refused).toMatchObject({ kind: 'refused', code: 'licence-invalid' });
    expect(log.some(line => line.includes('licence-file-refused'))).toBe(true);
    expect(await licenceStatus(context)).toMatchObject({ state: 'none' });
  });

  test('there are as many keys as seats, and as many panels', async () => {
    const { context } = engine();
    const [first] = await keys(1);
    expect(await licensed({})).toMatchObject({ status: { state: 'valid', keys: 1, seatsUsed: 0 } });
    expect(await makeLicenceKeys(context, 2, '', 'admin')).toMatchObject({ kind: 'refused', code: 'no-seats' });
    const [second] = await keys(1);
    await revokeLicenceKey(context, second?.id ?? '', 'admin');
    // A revoked key takes no seat.
    const [third] = await keys(1);
    expect((await say(a, 'oslo', first?.id)).kind).toBe('paired');
    await licensed({ seats: 1 });
    expect(await say(b, 'bergen')).toMatchObject({ kind: 'refused', code: 'no-seats' });
    const typed = { key: v.parse(LicenceKey, third?.key), room: room('bergen') };
    expect(await redeemLicenceKey(context, b, typed)).toEqual({ kind: 'refused', why: 'no-seats' });
    expect(await redeemLicenceKey(context, b, { ...typed, room: null })).toEqual({ kind: 'refused', why: 'no-seats' });
    // Another panel on the same seat is no further one.
    expect(await replace(context, a, { by: b, code: null }, 'admin')).toEqual({ kind: 'done' });
    expect(await licenceStatus(context)).toMatchObject({ seatsUsed: 1, keys: 2 });
  });

  test('fewer seats than panels: those there go on, the console says by how many', async () => {
    const { context } = engine();
    await keys(2);
    for (const [panel, name] of [
      [a, 'oslo'],
      [b, 'bergen'],
    ] as const)
      await say(panel, name);
    await licensed({ seats: 1 });
    expect(await licenceAlerts(context)).toMatchObject([{ kind: 'seats-exceeded', count: 1 }]);
    expect((await findPanel(context.store.db, a))?.stage).toBe('paired');
  });

  test('in grace everything goes on; lapsed, no panel is paired and none gets a token', async () => {
    const { context, clock } = engine();
    await keys(2);
    await say(a, 'oslo');
    await licensed({ expires: plus(clock.now(), hours(24 * 40)) });
    const token = async () => {
      const row = await findPanel(context.store.db, a);
      if (row === undefined) throw new Error('no panel');
      const expires = clock.now();
      const tokens = {
        accessToken: async (connection: string) => ({ kind: 'token' as const, accessToken: connection, expires }),
      };
      return accessTokenFor(context, tokens, row, { isRefused: false });
    };
    expect(await licenceAlerts(context)).toEqual([]);
    await clock.advance(hours(24 * 10));
    expect(await licenceAlerts(context)).toMatchObject([{ kind: 'expires-soon', subject: 'licence' }]);
    await clock.advance(hours(24 * 30));
    expect(await licenceStatus(context)).toMatchObject({
      state: 'grace',
      graceUntil: plus(clock.now(), hours(24 * 14)),
    });
    expect(await licenceAlerts(context)).toMatchObject([
      { kind: 'licence-in-grace', at: plus(clock.now(), hours(24 * 14)) },
    ]);
    expect(await token()).toMatchObject({ kind: 'token', accessToken: 'default' });
    await enrol(context, b, '192.0.2.1', enrolment(b, { wantsNewCode: true }));
    expect((await say(b, 'bergen')).kind).toBe('paired');
    await clock.advance(hours(24 * 14));
    expect(await licenceAlerts(context)).toMatchObject([{ kind: 'licence-lapsed' }]);
    expect(await token()).toMatchObject({ kind: 'none', why: 'not-licensed' });
    await enrol(context, c, '192.0.2.1', enrolment(c, { wantsNewCode: true }));
    expect(await say(c, 'hamar')).toMatchObject({ kind: 'refused', code: 'no-seats' });
    // Nothing of a replacement that is refused stays.
    expect(await replace(context, a, { by: c, code: null }, 'admin')).toMatchObject({ code: 'no-seats' });
    expect((await findPanel(context.store.db, a))?.room_id).toBe('oslo');
    // A new file mends it at once.
    await licensed({});
    expect(await token()).toMatchObject({ kind: 'token' });
    await licensed({ notBefore: plus(clock.now(), DAY) });
    expect(await say(c, 'hamar')).toMatchObject({ kind: 'refused', code: 'no-seats' });
    expect(await deleteLicence(context, 'admin')).toMatchObject({ state: 'none' });
    const audit = await context.store.db.selectFrom('audit').select('action').distinct().execute();
    expect(audit.map(row => row.action)).toEqual(expect.arrayContaining(['licence-imported', 'licence-deleted']));
  });

  test('the list of keys tells which panel and room has each, or is to get it', async () => {
    const { context } = engine();
    const [first, second] = await keys(2);
    await say(a, 'oslo', first?.id);
    const kept = {
      mac: '02:00:00:00:00:99',
      room_id: 'bergen',
      licence_key_id: second?.id ?? '',
      created: 0,
      actor: 'admin',
    };
    await context.store.db.insertInto('registrations').values(kept).execute();
    const rows = await listLicenceKeys(context.store.db);
    expect(rows.find(row => row.id === first?.id)).toMatchObject({
      state: 'used',
      room: 'Oslo',
      panel: { id: a, hostname: 'panel-a' },
    });
    expect(rows.find(row => row.id === second?.id)).toMatchObject({ state: 'free', room: 'Bergen', panel: null });
    // Nobody else gets a key that is kept, and one that is revoked is kept no longer.
    expect(await say(b, 'hamar')).toMatchObject({ code: 'no-free-licence-key' });
    expect(await say(b, 'hamar', second?.id)).toMatchObject({ code: 'key-registered' });
    await revokeLicenceKey(context, second?.id ?? '', 'admin');
    const [left] = await context.store.db.selectFrom('registrations').selectAll().execute();
    expect(left).toMatchObject({ mac: kept.mac, licence_key_id: null });
  });

  test('the page’s requests: import, refuse, look, delete', async () => {
    const { context, clock } = engine();
    const licencePublicKeys = [vendor.publicKey.export({ type: 'spki', format: 'pem' }).toString()];
    const app = new Hono<ConsoleEnv>();
    app.use((c, next) => {
      c.set('session', { hash: '', admin: 'anna' });
      return next();
    });
    app.route('/', licencesApi({ context, licencePublicKeys }));
    const ask = async (method: string, path: string, body?: unknown) => {
      const json = { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      const answer = await app.request(path, { method, ...(body === undefined ? {} : json) });
      return [answer.status, await answer.json()];
    };
    const entitlement = {
      licenceId: 'L-2',
      customer: 'Fjord AS',
      seats: 1,
      features: ['relay'],
      notBefore: clock.now(),
      expires: null,
      graceDays: 0,
    };
    const file = signLicence(entitlement, vendor.privateKey);
    expect(await ask('PUT', '/licence', { file: file.replace('lintel', 'Lintel') })).toMatchObject([
      400,
      { error: { code: 'licence-invalid', message: expect.stringContaining('no licence file') } },
    ]);
    expect(await ask('PUT', '/licence', { file })).toMatchObject([200, { state: 'valid', entitlement }]);
    expect(await ask('POST', '/licence-keys', { count: 2, note: '' })).toMatchObject([
      409,
      { error: { code: 'no-seats' } },
    ]);
    expect(await ask('POST', '/licence-keys', { count: 1, note: '' })).toMatchObject([200, { keys: [{}] }]);
    expect(await ask('GET', '/licence')).toMatchObject([200, { state: 'valid', keys: 1, seatsUsed: 0 }]);
    expect(await ask('DELETE', '/licence')).toMatchObject([200, { state: 'none', entitlement: null }]);
    expect(() => licencesApi({ context, licencePublicKeys: ['nonsense'] })).toThrow();
  });
});
