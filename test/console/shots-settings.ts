/** Screens of Server Settings, the set-up and what frames them, for screenshots.ts. */
import type { Page } from 'playwright-core';
import { press, type Shot } from './shot.ts';

const settings = '#/server-settings';
const other = '#/server-settings?connection=k7w2pd';
const summary = (text: string) => (page: Page) => page.locator('summary', { hasText: text }).first().click();

export const SETTINGS_SHOTS: Shot[] = [
  { name: 'settings', hash: settings },
  { name: 'settings-broken', office: 'broken', hash: settings },
  { name: 'settings-first', office: 'empty', hash: settings },
  { name: 'settings-hostile', office: 'hostile', hash: settings },
  { name: 'settings-other', hash: other },
  { name: 'settings-other-hostile', office: 'hostile', hash: other },
  { name: 'settings-new', hash: '#/server-settings/new' },
  {
    name: 'settings-not-installed',
    hash: '#/server-settings/new',
    act: page => page.getByLabel('Server type').selectOption('exchange-se'),
  },
  {
    name: 'settings-advanced',
    hash: settings,
    act: async page => {
      await page.getByText('Advanced').click();
      await page.getByLabel('Cloud').selectOption('typed-in');
      await page.getByLabel('Default time zone').fill('york');
    },
  },
  {
    name: 'settings-errors',
    hash: settings,
    office: 'empty',
    act: async page => {
      await page.getByLabel('Tenant ID').fill(' ');
      await press('Save Settings')(page);
    },
  },
  { name: 'settings-saved', hash: settings, act: press('Save Settings') },
  { name: 'settings-delete-token', hash: settings, act: press('Delete Access Token') },
  {
    name: 'settings-leave',
    hash: settings,
    act: async page => {
      await page.getByLabel('Tenant ID').fill('other');
      await page.getByRole('link', { name: /Rooms/ }).first().click();
    },
  },
  {
    name: 'settings-tested',
    hash: settings,
    act: async page => {
      await press('Test connection')(page);
      await page.getByText('Everything works').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'settings-test-failed',
    office: 'broken',
    hash: settings,
    act: async page => {
      await press('Test connection')(page);
      await page.getByText('No access token can be had').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'settings-consent-on',
    hash: other,
    act: async page => {
      await page.getByRole('switch').click();
      await page.getByLabel('Link for the administrator').waitFor();
      await summary('It says')(page);
    },
  },
  { name: 'settings-consent-off', hash: settings, act: page => page.getByRole('switch').click() },
  { name: 'settings-codes', hash: settings, act: press('Error codes') },
  {
    name: 'settings-permissions',
    hash: settings,
    act: async page => {
      await summary('Permissions')(page);
      await page.getByText('nothing beyond this list').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'settings-room-health',
    hash: settings,
    act: async page => {
      await press('Check now')(page);
      await summary('Cedar')(page);
      await summary('Birch')(page);
      await page.getByText('Double bookings').first().scrollIntoViewIfNeeded();
    },
  },
  { name: 'settings-test-other', hash: settings, act: press('Test Contoso Japan') },
  { name: 'settings-delete-other', hash: settings, act: press('Delete Contoso Japan') },
  { name: 'set-up', office: 'empty', hash: '#/set-up' },
  {
    name: 'set-up-password',
    office: 'empty',
    hash: '#/set-up',
    act: async page => {
      await page.getByLabel('New password').fill('short');
      await press('Change password')(page);
    },
  },
  { name: 'set-up-on-the-way', office: 'broken', hash: '#/set-up' },
  { name: 'set-up-done', hash: '#/set-up' },
  {
    name: 'set-up-aside',
    office: 'empty',
    hash: '#/set-up',
    act: async page => {
      await press('Do this later')(page);
      await page.goto(`${page.url().split('#')[0]}#/set-up`);
    },
  },
  { name: 'attention', office: 'broken', hash: '#/demo' },
  { name: 'attention-open', office: 'broken', hash: '#/demo', act: summary('more') },
  { name: 'account', hash: '#/demo', act: press(/your account/) },
  {
    name: 'account-password',
    hash: '#/demo',
    act: async page => {
      await press(/your account/)(page);
      await press('Change password')(page);
    },
  },
];
