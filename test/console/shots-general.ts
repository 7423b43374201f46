/** Screens of General Settings and Demo, for screenshots.ts. */
import type { Shot } from './shot.ts';

export const GENERAL_SHOTS: Shot[] = [
  { name: 'general', hash: '#/general-settings' },
  {
    name: 'general-changed',
    hash: '#/general-settings',
    act: async page => {
      await page.getByLabel('Theme').selectOption('dark');
      await page.getByLabel('Longest booking').fill('5');
      await page.getByRole('button', { name: 'Save' }).click();
    },
  },
  { name: 'general-floor', hash: `#/general-settings?scope=${encodeURIComponent('["floor","Oslo","2"]')}` },
  { name: 'general-history', hash: '#/general-settings/history' },
  {
    name: 'general-roll-back',
    hash: '#/general-settings/history',
    act: page => page.getByRole('button', { name: 'Roll back to version 6' }).last().click(),
  },
  { name: 'general-empty', office: 'empty', hash: '#/general-settings' },
  { name: 'general-history-empty', office: 'empty', hash: '#/general-settings/history' },
  { name: 'general-history-hostile', office: 'hostile', hash: '#/general-settings/history' },
  { name: 'demo', hash: '#/demo' },
  { name: 'demo-off', office: 'empty', hash: '#/demo' },
  { name: 'demo-leave', hash: '#/demo', act: page => page.getByRole('button', { name: 'Turn the demo off' }).click() },
];
