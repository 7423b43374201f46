/** What of a connection will end by itself, and how soon. */
import { between, hours, type Instant, instant } from '../../contract/values/time.ts';
import type { ConnectionHealth, TokenStatus } from '../../contract/wire/console.ts';
import type { SettingsRow } from '../store/tables.ts';
import { describeCertificate } from './certificate.ts';

export type Expiry = ConnectionHealth['expiries'][number];

const DAY = hours(24);
const WARNED: readonly [days: number, urgency: Expiry['urgency']][] = [
  [0, 'expired'],
  [1, '1-day'],
  [7, '7-days'],
  [30, '30-days'],
];

export function urgencyOf(at: Instant, now: Instant): Expiry['urgency'] {
  const left = between(now, at);
  return WARNED.find(([days]) => left <= days * DAY)?.[1] ?? 'calm';
}

export const expiryOf = (what: Expiry['what'], at: Instant, now: Instant): Expiry => ({
  what,
  at,
  urgency: urgencyOf(at, now),
});

/** The end of a date an admin typed, in UTC: Entra's page shows a date alone. */
export const endOfDay = (date: string) => instant(Date.parse(`${date}T00:00:00Z`) + DAY);

/**
 * Only of what this kind of sign-in uses, soonest first. `others`: what concerns every connection alike, such as the
 * licence.
 */
export function expiriesOf(
  row: SettingsRow,
  token: TokenStatus,
  now: Instant,
  others: readonly Expiry[] = [],
): Expiry[] {
  const found = [...others];
  if (row.sign_in === 'app-certificate') {
    if (row.certificate !== null)
      found.push(expiryOf('certificate', describeCertificate(row.certificate).expires, now));
  } else if (row.sealed_client_secret !== null && row.client_secret_expires !== null) {
    found.push(expiryOf('client-secret', endOfDay(row.client_secret_expires), now));
  }
  if (token.kind === 'issued' && token.refreshLapses !== null) {
    found.push(expiryOf('refresh-token', token.refreshLapses, now));
  }
  return found.sort((a, b) => a.at - b.at);
}
