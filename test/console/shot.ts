/** One screen to be photographed, and how it is come by. */
import type { Page } from 'playwright-core';

export type Shot = {
  name: string;
  office?: 'empty' | 'hostile' | 'broken';
  hash: string;
  act?: (page: Page) => Promise<unknown>;
};

export const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();
