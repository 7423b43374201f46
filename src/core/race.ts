import type { Meeting } from '../contract/values/meeting.ts';

/**
 * Two events landed on one slot: does `mine` stay? Every panel computes the same from what the provider stored, so
 * exactly one stays. A person's meeting yields to nobody's walk-up unless it demonstrably came later; between two panels
 * the earlier creation wins, and the smaller key where the provider saw them in the same instant.
 */
export function isFirst(mine: Meeting, other: Meeting): boolean {
  if (other.bookingKey === null)
    return mine.createdAt !== null && other.createdAt !== null && mine.createdAt < other.createdAt;
  const a = mine.createdAt ?? Number.MAX_SAFE_INTEGER;
  const b = other.createdAt ?? Number.MAX_SAFE_INTEGER;
  if (a !== b) return a < b;
  return (mine.bookingKey ?? '') < other.bookingKey;
}
