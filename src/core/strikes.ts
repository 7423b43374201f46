/** How often in a row nobody came to a series. Counted where a room was given back; a check-in forgives all of it. */
import type { PanelConfig } from '../contract/values/config.ts';
import type { EventId } from '../contract/values/ids.ts';
import type { StrikePolicy } from '../contract/values/policy.ts';
import { hours, type Instant } from '../contract/values/time.ts';
import { dateAt } from './day.ts';
import type { StrikeNote } from './effects.ts';
import type { Strike } from './remembered.ts';
import type { Occupant } from './status.ts';

const FORGOTTEN_AFTER = hours(60 * 24);
const MOST_SERIES = 200;

/**
 * The series' strike with this no-show in it. Null when it is none: a single event, a public holiday where the room
 * stands, an occurrence not later than the last that counted, or nobody wants them counted.
 */
export function strikeBy(strikes: readonly Strike[], { meeting, span }: Occupant, config: PanelConfig): Strike | null {
  const { series } = meeting;
  if (series === null || config.policy.strikes.kind === 'off') return null;
  if (config.holidays.includes(dateAt(span.start, config.room.zone))) return null;
  const before = remembered(strikes, span.start).find(s => s.series === series);
  if (before && span.start <= before.lastStart) return null;
  const { count, since } = before ?? { count: 0, since: span.start };
  return { series, count: count + 1, since, lastStart: span.start };
}

/** From `after` on every further one says so, and is another try to decline the series. */
export function strikeNote({ series, count, since }: Strike, policy: StrikePolicy): StrikeNote | null {
  if (policy.kind === 'off' || count < policy.after) return null;
  return { series, count, since, declines: policy.kind === 'decline-series' };
}

/** Somebody came in between, and the count starts anew at this one; or nobody did, and so far it need not be looked at again. */
export const checked = (strike: Strike, isRow: boolean | null): Strike =>
  isRow === null ? strike : { ...strike, count: isRow ? strike.count : 1, since: strike.lastStart };

export const withStrike = (strikes: readonly Strike[], strike: Strike, now: Instant): Strike[] =>
  remembered([...withoutSeries(strikes, strike.series), strike], now);

export const withoutSeries = (strikes: readonly Strike[], series: EventId | null): Strike[] =>
  strikes.filter(s => s.series !== series);

/** What is old is forgotten, and beyond a bound the oldest. */
export const remembered = (strikes: readonly Strike[], now: Instant): Strike[] =>
  strikes
    .filter(s => s.lastStart > now - FORGOTTEN_AFTER)
    .sort((a, b) => a.lastStart - b.lastStart)
    .slice(-MOST_SERIES);
