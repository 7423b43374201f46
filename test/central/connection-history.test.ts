/** What history tells of changes of server settings: every one of them, before and after, and no secret. */
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Revision } from '../../src/contract/wire/console.ts';
import { startTenantSession, type TenantSession } from './support/tenant-session.ts';

let session: TenantSession;
beforeAll(async () => {
  session = await startTenantSession();
});
afterAll(() => session.stop());

const history = () => session.admin.ask('GET', '/policies/history', v.array(Revision));
/** What the newest revision says, by the field's name. */
async function newest() {
  const [revision] = await history();
  return (
    revision && { ...revision, changes: revision.changes.map(({ field, before, after }) => [field, before, after]) }
  );
}

test('a first save is no change; later ones are told setting by setting, whether panels follow them or not', async () => {
  await session.save();
  expect(await history()).toEqual([]);
  const holidays = { mailbox: 'holidays@contoso.example', id: 'AAMkHolidays', name: 'Public holidays' };
  const more = { access: 'relay', changeNotifications: true, holidayCalendar: holidays };
  await session.save({ ...more, clientSecret: null });
  const told = await newest();
  expect(told).toMatchObject({ what: 'connection', by: 'admin', backTo: null });
  expect(told?.changes).toEqual([
    ['Test tenant: access', '"direct"', '"relay"'],
    ['Test tenant: changeNotifications', 'false', 'true'],
    ['Test tenant: holidayCalendar', null, '"Public holidays (holidays@contoso.example)"'],
  ]);
  const before = (await history()).length;
  await session.save({ ...more, clientSecret: null });
  expect((await history()).length, 'what changes nothing makes no line').toBe(before);
});

test('of secrets and certificates only that there is another or none', async () => {
  await session.save({
    name: 'Renamed',
    clientSecret: 'a-new-secret',
    clientSecretExpires: '2027-05-31',
    extraCa: null,
  });
  expect((await newest())?.changes).toEqual([
    ['Renamed: name', '"Test tenant"', '"Renamed"'],
    ['Renamed: clientSecretExpires', null, '"2027-05-31"'],
    ['Renamed: access', '"relay"', '"direct"'],
    ['Renamed: changeNotifications', 'true', 'false'],
    ['Renamed: holidayCalendar', '"Public holidays (holidays@contoso.example)"', null],
    ['Renamed: clientSecret', 'set', 'changed'],
    ['Renamed: extraCa', 'set', null],
  ]);
  const text = JSON.stringify(await history());
  for (const secret of ['a-new-secret', session.tenant.tenant.clientSecret, 'BEGIN CERTIFICATE']) {
    expect(text).not.toContain(secret);
  }
});
