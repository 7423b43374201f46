/** What the vendor's licence means, in plain words. */
import type { Duration } from '../../../../src/contract/values/time.ts';
import type { LicenceStatus } from '../../../../src/contract/wire/console.ts';
import type { StateTone } from '../../parts/text.tsx';
import { count } from '../../words.ts';

export const LICENCE_STATES: Record<LicenceStatus['state'], { word: string; tone: StateTone }> = {
  none: { word: 'No licence file', tone: 'off' },
  'not-yet': { word: 'Not valid yet', tone: 'warn' },
  valid: { word: 'Valid', tone: 'good' },
  grace: { word: 'Expired, in the time of grace', tone: 'warn' },
  lapsed: { word: 'Lapsed', tone: 'bad' },
};

export const seatsWords = (n: number) => count(n, { one: '# seat', other: '# seats' });
export const daysWords = (n: number) => count(n, { one: '# day', other: '# days' });

/** Whole days, rounded down: nothing lasts longer than it is said to. */
export const daysIn = (length: Duration) => Math.max(0, Math.floor(length / 86_400_000));

/** True when no further panel may be paired. */
export const isFull = ({ entitlement, seatsUsed }: LicenceStatus) =>
  entitlement !== null && seatsUsed >= entitlement.seats;

/** How many keys may still be made; null: any number. */
export const keysLeft = ({ entitlement, keys }: LicenceStatus) =>
  entitlement === null ? null : Math.max(0, entitlement.seats - keys);
