/**
 * Two events landed on one slot: does `mine` stay? Every panel computes the same from what the provider stored.
 *
 * A provider's servers each stamp what they store, and their clocks disagree a little. A person's meeting yields to
 * nobody's walk-up unless it came later by more than that. Between two panels the earlier one stays, the smaller key where
 * both were stored in the same instant: the order may be wrong, but everybody gets the same, since whoever was written up
 * to SETTLING later is still seen at the second look.
 */
import type { Meeting } from '../contract/values/meeting.ts';
import { milliseconds } from '../contract/values/time.ts';

/** From the write to the second look; more than the provider's clocks may differ. */
export const SETTLING = milliseconds(500);

/** When both were stored; a provider tells it in a question of its own, which may fail. */
export const isOrderKnown = (mine: Meeting, other: Meeting): boolean =>
  mine.createdAt !== null && other.createdAt !== null;

/** Between two panels only where `isOrderKnown`. */
export function isFirst(mine: Meeting, other: Meeting): boolean {
  if (other.bookingKey === null) {
    return mine.createdAt !== null && other.createdAt !== null && other.createdAt - mine.createdAt > SETTLING;
  }
  const lead = (other.createdAt ?? Number.NaN) - (mine.createdAt ?? Number.NaN);
  if (lead !== 0 && !Number.isNaN(lead)) return lead > 0;
  return (mine.bookingKey ?? '') < other.bookingKey;
}
