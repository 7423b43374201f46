/** The screens of rooms, licence keys and free MACs. */
import type { Page } from 'playwright-core';
import { hours, plus } from '../../src/contract/values/time.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { livelyLicence } from './fixtures/panels.ts';
import { press, type Shot } from './shot.ts';

const act =
  (...steps: ((page: Page) => Promise<unknown>)[]) =>
  async (page: Page) => {
    for (const step of steps) await step(page);
  };
const inDialog = (name: string) => (page: Page) => page.getByRole('dialog').getByRole('button', { name }).click();
const toView = (name: string) => (page: Page) => page.getByText(name).first().click();
const now = makeSystemClock().now();
const { entitlement } = livelyLicence(now);
/** The page as it is with another licence. */
const withLicence = (more: object) => async (page: Page) => {
  await page.route('**/api/v1/licence', route => route.fulfill({ json: livelyLicence(now, more) }));
  await page.reload();
  await page.getByText('Contoso AS').first().waitFor();
};
const CSV = `mac,room,licence key,code
00:1b:21:3c:9d:77,Aurora,,
00:1b:21:3c:9d:78,Birch,,BCDFGHJK
00-1b-21,Cedar,,
00:1b:21:3c:9d:79,Nowhere,,`;

export const FLEET_SHOTS: Shot[] = [
  { name: 'rooms', hash: '#/rooms' },
  { name: 'rooms-broken', office: 'broken', hash: '#/rooms' },
  { name: 'rooms-empty', office: 'empty', hash: '#/rooms' },
  { name: 'rooms-hostile', office: 'hostile', hash: '#/rooms' },
  {
    name: 'rooms-filtered',
    hash: '#/rooms',
    act: async page => {
      await page.getByLabel('Building').selectOption('Oslo');
      await page.getByLabel('Seats at least').fill('8');
    },
  },
  { name: 'rooms-add', hash: '#/rooms', act: press('Add a room') },
  { name: 'rooms-add-errors', hash: '#/rooms', act: act(press('Add a room'), inDialog('Add')) },
  { name: 'room', hash: '#/rooms?room=room-0' },
  { name: 'room-refused', hash: '#/rooms?room=room-9' },
  { name: 'room-conflict', hash: '#/rooms?room=room-5' },
  { name: 'room-offline', hash: '#/rooms?room=room-6' },
  { name: 'room-missing', hash: '#/rooms?room=room-10' },
  { name: 'room-by-hand', hash: '#/rooms?room=room-11' },
  { name: 'room-findings', hash: '#/rooms?room=room-2' },
  { name: 'room-hostile', office: 'hostile', hash: '#/rooms?room=room-2' },
  { name: 'room-diagnostics', hash: '#/rooms?room=room-0', act: act(press('Collect diagnostics'), press('Identify')) },
  ...['Rename', 'Move', 'Restart', 'Replace', 'Unpair', 'Revoke'].map(deed => ({
    name: `room-${deed.toLowerCase()}`,
    hash: '#/rooms?room=room-0',
    act: press(new RegExp(`^${deed}$`)),
  })),
  {
    name: 'room-replace-chosen',
    hash: '#/rooms?room=room-0',
    act: async page => {
      await press(/^Replace$/)(page);
      await page.getByRole('option').first().click();
    },
  },
  { name: 'room-zone', hash: '#/rooms?room=room-7', act: press(/^Change the time zone/) },
  { name: 'room-edit', hash: '#/rooms?room=room-11', act: press(/^Edit$/) },
  { name: 'room-delete', hash: '#/rooms?room=room-11', act: press(/^Delete$/) },

  { name: 'keys', hash: '#/licence-keys' },
  { name: 'keys-empty', office: 'empty', hash: '#/licence-keys' },
  { name: 'keys-hostile', office: 'hostile', hash: '#/licence-keys' },
  { name: 'keys-form', hash: '#/licence-keys', act: press('Create keys') },
  {
    name: 'keys-form-seats',
    hash: '#/licence-keys',
    act: async page => {
      await press('Create keys')(page);
      await page.getByLabel('How many').fill('30');
      await page.getByRole('button', { name: 'Create', exact: true }).click();
    },
  },
  {
    name: 'keys-created',
    hash: '#/licence-keys',
    act: async page => {
      await press('Create keys')(page);
      await page.getByLabel('How many').fill('9');
      await page.getByRole('button', { name: 'Create', exact: true }).click();
    },
  },
  { name: 'keys-revoke', hash: '#/licence-keys', act: press(/^Revoke/) },
  { name: 'keys-import', hash: '#/licence-keys', act: press('Import another file') },
  {
    name: 'keys-import-refused',
    hash: '#/licence-keys',
    act: async page => {
      await press('Import another file')(page);
      await page.getByLabel('Licence file').last().fill('not a licence');
      await inDialog('Import')(page);
    },
  },
  { name: 'keys-remove', hash: '#/licence-keys', act: press('Remove the licence file') },

  {
    name: 'keys-grace',
    hash: '#/licence-keys',
    act: withLicence({
      state: 'grace',
      entitlement: { ...entitlement, expires: plus(now, hours(-240)) },
      graceUntil: plus(now, hours(24 * 20 + 1)),
    }),
  },
  {
    name: 'keys-lapsed',
    hash: '#/licence-keys',
    act: withLicence({ state: 'lapsed', entitlement: { ...entitlement, expires: plus(now, hours(-24 * 40)) } }),
  },
  { name: 'keys-full', hash: '#/licence-keys', act: withLicence({ seatsUsed: 20, keys: 20 }) },
  {
    name: 'keys-not-yet',
    hash: '#/licence-keys',
    act: withLicence({ state: 'not-yet', entitlement: { ...entitlement, notBefore: plus(now, hours(50)) } }),
  },
  {
    name: 'keys-print',
    hash: '#/licence-keys',
    act: async page => {
      await press('Create keys')(page);
      await page.getByLabel('How many').fill('9');
      await page.getByLabel(/Note/).fill('Tower A, 2nd floor');
      await page.getByRole('button', { name: 'Create', exact: true }).click();
      await page.evaluate(() => {
        window.print = () => {};
      });
      await press('Print with QR codes')(page);
      await page.emulateMedia({ media: 'print' });
    },
  },

  { name: 'macs', hash: '#/free-macs' },
  { name: 'macs-code', hash: '#/free-macs?code=LMNP-QRST' },
  { name: 'macs-empty', office: 'empty', hash: '#/free-macs' },
  { name: 'macs-hostile', office: 'hostile', hash: '#/free-macs' },
  {
    name: 'macs-code-wrong',
    hash: '#/free-macs',
    act: async page => {
      await page.getByLabel('Enter a code').last().fill('ZZZZ-ZZZZ');
      await page.keyboard.press('Enter');
    },
  },
  { name: 'macs-approve', hash: '#/free-macs', act: press(/^Approve/) },
  {
    name: 'macs-approve-chosen',
    hash: '#/free-macs',
    act: async page => {
      await press(/^Approve/)(page);
      await page.getByRole('combobox', { name: 'Room' }).fill('floor 1');
      await page.keyboard.press('Enter');
    },
  },
  { name: 'macs-confirm', hash: '#/free-macs', act: press(/^Confirm/) },
  {
    name: 'macs-confirm-many',
    hash: '#/free-macs',
    act: async page => {
      await press('Compare and confirm')(page);
      await page.getByLabel(/^Select all/).check();
    },
  },
  { name: 'macs-reject', hash: '#/free-macs', act: press(/^Reject/) },
  { name: 'macs-end-conflict', hash: '#/free-macs', act: press(/^End conflict of/) },
  { name: 'macs-turned-away', hash: '#/free-macs', act: toView('Rejected or revoked') },
  { name: 'macs-roll-out', hash: '#/free-macs', act: toView('Roll-out by file') },
  {
    name: 'macs-roll-out-checked',
    hash: '#/free-macs',
    act: async page => {
      await toView('Roll-out by file')(page);
      await page.getByLabel('CSV text').fill(CSV);
      await press('Check')(page);
      await page.getByText('Only problems').waitFor();
      await page.getByText('Only problems').scrollIntoViewIfNeeded();
    },
  },
];
