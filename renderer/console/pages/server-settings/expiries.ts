/** What runs out, how it is told, and what prolongs it. */
import {
  between,
  type Duration,
  hours,
  type Instant,
  plus,
  seconds,
  toIso,
} from '../../../../src/contract/values/time.ts';
import type { Expiry } from '../../../../src/contract/wire/console.ts';
import type { Format } from '../../../i18n/format.ts';
import type { StateTone } from '../../parts/text.tsx';
import { count, dateWords } from '../../words.ts';

export const EXPIRING: Record<Expiry['what'], { name: string; mend: string }> = {
  'client-secret': {
    name: 'Client secret',
    mend: 'Make a new one in the app registration under Certificates & secrets, then enter its Value and its expiry date here.',
  },
  certificate: {
    name: 'Certificate',
    mend: 'Register a new certificate with the app, then upload it here with its private key.',
  },
  'refresh-token': {
    name: 'Sign-in of the service account',
    mend: 'Central renews it every day by itself. If it does not, get a new access token.',
  },
  licence: { name: 'Licence', mend: 'Ask your vendor for a new licence file and import it under Licence Keys.' },
};

/**
 * `31 May 2027` where an admin typed the date as Entra shows it (central makes it the end of that day in UTC), else
 * `20 Nov 2026, 14:30`.
 */
export function expiryWords({ what, at }: Expiry, format: Format): string {
  return what === 'client-secret' ? dateWords(toIso(plus(at, seconds(-1)))) : format.dateTime(at);
}

export const toneOf = ({ urgency }: Expiry): StateTone => {
  if (urgency === 'calm') return 'good';
  return urgency === '30-days' || urgency === '7-days' ? 'warn' : 'bad';
};

/** `23 days`, `20 hours`; rounded down, so that nobody has less time than is said. Not for the past. */
export function timeLeft(now: Instant, at: Instant): string {
  const left = between(now, at);
  if (left < hours(1)) return 'less than an hour';
  return left < hours(48) ? inUnits(left, hours(1), 'hour') : inUnits(left, hours(24), 'day');
}
const inUnits = (left: Duration, unit: Duration, name: string) =>
  count(Math.floor(left / unit), { one: `# ${name}`, other: `# ${name}s` });
