import type { Instant } from '../../../src/contract/values/time.ts';
import { usePanel } from '../panel-context.ts';
import { ServiceSpot } from '../service/service-spot.tsx';

/** The time at the room, wherever the machine thinks it is. Held for three seconds it leads to the service page. */
export function ClockFace({ now }: { now: Instant }) {
  const { format } = usePanel();
  const { time, half } = format.clock(now);
  return (
    <header class="clock">
      <ServiceSpot>
        <time class="clock-time" data-testid="clock">
          {time}
          {half !== null && <small>{half}</small>}
        </time>
        <span class="clock-date">{format.date(now)}</span>
      </ServiceSpot>
    </header>
  );
}
