/** Server settings of the fake central. */
import * as v from 'valibot';
import { hours, minutes, plus } from '../../../src/contract/values/time.ts';
import { ConnectionRow, ServerSettings, ServerSettingsInput } from '../../../src/contract/wire/console.ts';
import { defaultRow, emptySettings, testAt } from '../fixtures/settings.ts';
import type { Part } from './part.ts';

export const SIGN_IN_URL = 'https://login.example.com/contoso/oauth2/v2.0/authorize?client_id=x';
export const CONSENT_URL = 'https://login.example.com/contoso/v2.0/adminconsent?client_id=x&state=y';

export function mountSettings({ api, office, tell, clock, no }: Part): void {
  const of = (id: string) => (id === 'default' ? office().settings : office().furtherSettings[id]);
  const put = (next: ServerSettings) => {
    if (next.isDefault) office().settings = next;
    else office().furtherSettings = { ...office().furtherSettings, [next.id]: next };
    return next;
  };
  const unknown = no('connection-unknown', 'There is no such connection.');
  const saved = ({ clientSecret, certificate, ...rest }: ServerSettingsInput, before: ServerSettings) =>
    v.parse(ServerSettings, {
      ...before,
      settings: {
        ...rest,
        hasClientSecret: clientSecret !== null || (before.settings?.hasClientSecret ?? false),
        certificate: certificate
          ? { subject: 'CN=uploaded', thumbprint: 'AB12', expires: plus(clock.now(), hours(2400)) }
          : (before.settings?.certificate ?? null),
      },
    });
  const issued = (settings: ServerSettings) =>
    v.parse(ServerSettings, {
      ...settings,
      token: {
        kind: 'issued',
        account: settings.settings?.clientId,
        scopes: ['.default'],
        issued: clock.now(),
        expires: plus(clock.now(), hours(1)),
        refreshLapses: null,
        problem: null,
      },
    });
  const imported = (settings: ServerSettings) =>
    settings.token.kind === 'none'
      ? { kind: 'no-token' }
      : settings.importProblem
        ? { kind: 'failed' }
        : { kind: 'imported', added: office().rooms.length, updated: 0, missing: 1 };

  api.get('/server-settings', c => c.json([defaultRow(office(), office().rooms.length), ...office().connections]));
  api.post('/server-settings', async c => {
    const input = v.parse(ServerSettingsInput, await c.req.json());
    const id = `added-${office().connections.length}`;
    put(saved(input, { ...emptySettings(), id, isDefault: false }));
    const row = { id, isDefault: false, state: 'sign-in-needed', rooms: 0, nextExpiry: null };
    const { name, serverType, tenantId, serviceAccount: account } = input;
    office().connections.push(v.parse(ConnectionRow, { ...row, name, serverType, tenantId, account }));
    tell('server-settings');
    return c.json({ id });
  });
  api.get('/server-settings/:id', c => {
    const settings = of(c.req.param('id'));
    return settings ? c.json(settings) : c.json(unknown, 404);
  });
  api.put('/server-settings/:id', async c => {
    const before = of(c.req.param('id'));
    if (!before) return c.json(unknown, 404);
    const parsed = v.safeParse(ServerSettingsInput, await c.req.json());
    if (!parsed.success) return c.json(no('invalid', 'Invalid settings.'), 400);
    const settings = put(saved(parsed.output, before));
    tell('server-settings', 'rooms');
    return c.json({ settings, imported: imported(settings) });
  });
  api.delete('/server-settings/:id', c => {
    const id = c.req.param('id');
    const row = office().connections.find(candidate => candidate.id === id);
    if (!row) return c.json(unknown, 404);
    if (row.rooms > 4) return c.json(no('panels-in-rooms', 'Panels show rooms of this connection.'), 409);
    office().connections = office().connections.filter(candidate => candidate !== row);
    delete office().furtherSettings[id];
    tell('server-settings');
    return c.body(null, 204);
  });
  api.post('/server-settings/:id/test', c => c.json(office().test ?? testAt(clock.now(), null)));
  api.post('/server-settings/:id/token', c => {
    const settings = of(c.req.param('id'));
    if (!settings?.settings) return c.json(unknown, 404);
    if (settings.settings.signIn === 'delegated') return c.json({ url: SIGN_IN_URL });
    if (settings.consent.kind === 'missing') {
      return c.json({ settings, imported: { kind: 'no-token' } });
    }
    const next = put(issued(settings));
    return c.json({ settings: next, imported: imported(next) });
  });
  api.post('/server-settings/:id/token/refresh', c => {
    const settings = of(c.req.param('id'));
    if (!settings) return c.json(unknown, 404);
    const now = clock.now();
    const token = { ...settings.token, problem: null, issued: now, expires: plus(now, hours(1)) };
    return c.json(put(v.parse(ServerSettings, { ...settings, token })).token);
  });
  api.delete('/server-settings/:id/token', c => {
    const settings = of(c.req.param('id'));
    if (!settings) return c.json(unknown, 404);
    put({ ...settings, token: { kind: 'none', problem: null } });
    tell('server-settings');
    return c.json({ kind: 'none', problem: null });
  });
  api.post('/server-settings/:id/consent', c =>
    c.json({ url: CONSENT_URL, expires: plus(clock.now(), minutes(7 * 24 * 60)) }),
  );
  api.get('/server-settings/:id/calendars', c => {
    const mailbox = c.req.query('mailbox');
    if (mailbox === 'nobody@contoso.example') {
      return c.json(no('mailbox-unknown', 'The provider does not know this mailbox.'), 502);
    }
    const calendars = [
      { id: 'AAMkCalendar', name: 'Calendar' },
      { id: 'AAMkHolidays', name: mailbox ? `Holidays of ${mailbox}` : 'Public holidays' },
    ];
    return c.json({ calendars });
  });
  api.get('/server-settings/:id/room-checks', c => c.json(c.req.param('id') === 'default' ? office().roomChecks : []));
  api.post('/server-settings/:id/room-checks', c => {
    office().roomChecks = office().roomChecks.map(check => ({ ...check, checked: clock.now() }));
    return c.json(office().roomChecks);
  });
}
