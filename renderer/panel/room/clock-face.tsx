import type { Instant } from '../../../src/contract/values/time.ts';
import { usePanel } from '../panel-context.ts';

/** The time at the room, wherever the machine thinks it is. */
export function ClockFace({ now }: { now: Instant }) {
  const { format } = usePanel();
  return (
    <header class="clock">
      <time class="clock-time" data-testid="clock">
        {format.value.time(now)}
      </time>
      <span class="clock-date">{format.value.date(now)}</span>
    </header>
  );
}
