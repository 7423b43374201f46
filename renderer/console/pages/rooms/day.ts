/** One room's working day in numbers, for the bar and its words. */
import {
  between,
  type Duration,
  hours,
  type Instant,
  milliseconds,
  plus,
  type Span,
} from '../../../../src/contract/values/time.ts';
import type { RoomUse } from '../../../../src/contract/wire/console.ts';

export const FROM_HOUR = 7;
export const TO_HOUR = 19;

export type WorkingDay = {
  span: Span;
  /** Within the working day, merged, in order. */
  busy: Span[];
  used: Duration;
  /** 0 to 1. */
  share: number;
};

/**
 * 07:00 to 19:00 in the room's zone. Counted back from the midnight that ends the day: clocks change early in the morning,
 * so that seven hours after the midnight before may be six or eight o'clock.
 */
export function workingDay({ day, busy }: RoomUse): WorkingDay | null {
  if (busy === null) return null;
  const span = { start: plus(day.end, hours(FROM_HOUR - 24)), end: plus(day.end, hours(TO_HOUR - 24)) };
  const merged = mergeInto(
    span,
    busy.map(({ span: own }) => own),
  );
  const used = milliseconds(merged.reduce((sum, { start, end }) => sum + between(start, end), 0));
  return { span, busy: merged, used, share: used / between(span.start, span.end) };
}

/** Two meetings at once do not use a room twice. */
function mergeInto(day: Span, spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const cut = { start: Math.max(start, day.start) as Instant, end: Math.min(end, day.end) as Instant };
    if (cut.start >= cut.end) continue;
    const last = merged.at(-1);
    if (last && cut.start <= last.end) last.end = Math.max(last.end, cut.end) as Instant;
    else merged.push(cut);
  }
  return merged;
}

/** `2 h 30 min`, `45 min`, `none`. */
export function lengthWords(length: Duration): string {
  const total = Math.round(length / 60_000);
  const parts = [total >= 60 && `${Math.floor(total / 60)} h`, total % 60 > 0 && `${total % 60} min`].filter(Boolean);
  return parts.length === 0 ? 'none' : parts.join(' ');
}
