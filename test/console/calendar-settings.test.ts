/** Server Settings: how panels reach their calendars, change notifications, public holidays. */
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { now, useDesk } from './desk.ts';
import { emptyOffice, livelyOffice } from './fixtures.ts';

const SETTINGS = '/server-settings/default';
const JAPAN = '#/server-settings?connection=k7w2pd';

describe.skipIf(!hasChromium)('calendars of a connection (skipped without Chromium)', () => {
  const desk = useDesk();
  const field = (label: string | RegExp) => desk.page.getByLabel(label, { exact: true });

  it('moves a connection to the relay and asks for notifications with one save', async () => {
    await desk.openIn(livelyOffice(now()), '#/server-settings');
    await desk.page.getByRole('radio', { name: /^Through central/ }).check();
    await desk.page.getByRole('checkbox', { name: /^Change notifications/ }).check();
    await desk.press('Save Settings');
    await desk.sees(/Saved\./);
    expect(desk.bodiesTo(SETTINGS)).toMatchObject([{ access: 'relay', changeNotifications: true }]);
    expect(await desk.page.getByRole('radio', { name: /^Through central/ }).isChecked()).toBe(true);
  });

  it('lists calendars to pick the public holidays from, of the service account or of a mailbox', async () => {
    await desk.openIn(livelyOffice(now()), '#/server-settings');
    await desk.press('List calendars');
    await field('Public holidays').selectOption({ label: 'Public holidays' });
    await desk.press('Save Settings');
    await desk.sees(/Saved\./);
    await field(/^In the mailbox/).fill('holidays@contoso.example');
    await desk.press('List calendars');
    await field('Public holidays').selectOption('None');
    await desk.press('Save Settings');
    await desk.soon(() => Promise.resolve(desk.bodiesTo(SETTINGS).length)).toBe(2);
    expect(desk.bodiesTo(SETTINGS)).toMatchObject([
      { holidayCalendar: { mailbox: null, id: 'AAMkHolidays', name: 'Public holidays' } },
      { holidayCalendar: null },
    ]);
  });

  it('says why a mailbox has no calendars to list', async () => {
    await desk.openIn(livelyOffice(now()), '#/server-settings');
    await field(/^In the mailbox/).fill('nobody@contoso.example');
    await desk.press('List calendars');
    await desk.sees('The provider does not know this mailbox.');
  });

  it('shows what became of notifications and holidays', async () => {
    await desk.openIn(livelyOffice(now()), JAPAN);
    await desk.sees('Failing: 3 of 4 rooms');
    await desk.sees(/3 holidays known, the next on 23 Nov 2026/);
    await desk.sees(/no answer within 10 s/);
    await desk.page.getByRole('checkbox', { name: /^Change notifications/ }).uncheck();
    await desk.soon(() => desk.page.getByText('Failing: 3 of 4 rooms').count()).toBe(0);
  });

  it('lists nothing before there is a token', async () => {
    await desk.openIn(emptyOffice(), '#/server-settings');
    await desk.sees(/Calendars can be listed once there is an access token/);
    expect(await desk.page.getByRole('button', { name: 'List calendars' }).isDisabled()).toBe(true);
  });
});
