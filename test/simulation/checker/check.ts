/** The independent checker: a history in, everything that must not have happened out, in words. */
import type { History } from '../history.ts';
import { checkBookings } from './check-bookings.ts';
import { checkGlass } from './check-glass.ts';
import { checkReleases } from './check-releases.ts';
import { checkRest } from './check-rest.ts';
import { checkStrikes } from './check-strikes.ts';

export const check = (history: History): string[] => [
  ...checkGlass(history),
  ...checkBookings(history),
  ...checkReleases(history),
  ...checkStrikes(history),
  ...checkRest(history),
];
