import { between, contains, hours, type Instant, plus, type Span } from '../../../../src/contract/values/time.ts';
import type { RoomUse } from '../../../../src/contract/wire/console.ts';
import { useConsole } from '../../state/console.ts';
import { FROM_HOUR, lengthWords, TO_HOUR, workingDay } from './day.ts';

/** `undefined`: not read yet; its `busy` null: it could not be read. */
type UseProps = { use: RoomUse | undefined; isReading: boolean };

/** The working day as a thin bar with its busy spans, and how much of it is taken. */
export function SmallUse({ use, isReading }: UseProps) {
  const day = use && workingDay(use);
  if (!day) return <span class="soft small">{isReading && use === undefined ? 'Reading…' : 'Not known'}</span>;
  return (
    <div class="use">
      <Bar span={day.span} busy={day.busy} />
      <span class="use-words">
        {day.used === 0 ? (
          <span class="soft">Free all day</span>
        ) : (
          <>
            {lengthWords(day.used)} <span class="soft">{Math.round(day.share * 100)} %</span>
          </>
        )}
      </span>
    </div>
  );
}

/** The whole working day with its hours, and the room's whole day in words. `zone`: the room's. */
export function LargeUse({ use, zone }: { use: RoomUse; zone: string }) {
  const { now } = useConsole();
  const day = workingDay(use);
  if (!day || use.busy === null) {
    return <p class="soft">The calendar of this room could not be read, so today's use is not known.</p>;
  }
  const ticks = Array.from({ length: (TO_HOUR - FROM_HOUR) / 2 + 1 }, (_, n) => FROM_HOUR + 2 * n);
  const time = clockIn(zone);
  return (
    <div class="use-large">
      <Bar span={day.span} busy={day.busy} now={now.value} />
      <div class="use-ticks" aria-hidden="true">
        {ticks.map(hour => (
          <span key={hour}>{String(hour).padStart(2, '0')}</span>
        ))}
      </div>
      <p>
        {day.used === 0
          ? 'Nothing is booked between 07:00 and 19:00.'
          : `${lengthWords(day.used)} of 12 h booked between 07:00 and 19:00 (${Math.round(day.share * 100)} %).`}
      </p>
      {use.busy.length > 0 && (
        <ul class="use-spans">
          {use.busy.map(({ span, isTentative }) => (
            <li key={`${span.start}-${span.end}`} class={contains(span, now.value) ? 'use-now' : undefined}>
              {spanWords(span, use.day, time)}
              {isTentative && <span class="soft"> tentative</span>}
              {contains(span, now.value) && <span class="soft"> now</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const MINUTE = 60_000;

/** One unit a minute. Decoration: the words beside it say the same. */
function Bar({ span, busy, now }: { span: Span; busy: readonly Span[]; now?: Instant }) {
  const length = between(span.start, span.end) / MINUTE;
  const hoursIn = Array.from({ length: length / 60 - 1 }, (_, n) => (n + 1) * 60);
  return (
    <svg class="use-bar" viewBox={`0 0 ${length} 10`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="use-day" width={length} height={10} />
      {busy.map(({ start, end }) => (
        <rect
          key={start}
          class="use-busy"
          x={between(span.start, start) / MINUTE}
          width={between(start, end) / MINUTE}
          height={10}
        />
      ))}
      {hoursIn.map(x => (
        <rect key={x} class="use-hour" x={x} width={1} height={10} />
      ))}
      {now !== undefined && contains(span, now) && (
        <rect class="use-present" x={between(span.start, now) / MINUTE - 1} width={3} height={10} />
      )}
    </svg>
  );
}

const clockIn = (timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** `09:00–10:30`, `all day`, and the ends that lie on other days left out. */
function spanWords(span: Span, day: Span, time: Intl.DateTimeFormat): string {
  const startsBefore = span.start <= day.start;
  const endsAfter = span.end >= plus(day.end, hours(0));
  if (startsBefore && endsAfter) return 'all day';
  if (startsBefore) return `until ${time.format(span.end)}`;
  if (endsAfter) return `from ${time.format(span.start)}`;
  return `${time.format(span.start)}–${time.format(span.end)}`;
}
