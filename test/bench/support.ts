import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { makeLog } from '../../src/platform/log.ts';
import { CHROMIUM } from '../support/chromium.ts';

export const PAGES = join(import.meta.dirname, '../../dist/renderer/panel');
export const QUIET = makeLog({ level: 'silent' });

export const launch = (): Promise<Browser> => chromium.launch(CHROMIUM);

export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN);
}

export const round = (n: number, digits = 1) => Math.round(n * 10 ** digits) / 10 ** digits;
export const KIB = 1024;
