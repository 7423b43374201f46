/** How the glass looks and speaks right now: the policy's words, and how bright it is. */
import type { Look, Screen } from '../contract/bridge/view.ts';
import { DEFAULT_POLICY } from '../contract/values/policy.ts';
import type { Instant } from '../contract/values/time.ts';
import { workingSpan } from './day.ts';
import type { RoomState, State } from './state.ts';

export function lookOf(state: State, screen: Screen, now: Instant): Look {
  const { language, hourCycle, theme, logo, helpContact } = state.room?.config.policy ?? DEFAULT_POLICY;
  return { language, hourCycle, theme, logo, helpContact, brightness: brightnessAt(state, screen, now) };
}

/** Dims only where nobody is likely to look: a free room, known to be free, after hours, nobody at the glass. */
function brightnessAt({ room, service, identify }: State, screen: Screen, now: Instant): number | null {
  if (room === null || screen.kind !== 'room' || service.kind !== 'closed' || identify !== null) return null;
  const { dimming } = room.config.policy;
  if (dimming.kind === 'off' || screen.view.status.kind !== 'free' || room.booking !== null) return null;
  return isWorkingTime(room, now) ? null : dimming.brightness;
}

function isWorkingTime({ config }: RoomState, now: Instant): boolean {
  const hours = workingSpan(now, config.policy.workingHours, config.room.zone);
  return hours !== null && hours.start <= now && now < hours.end;
}

/** Today's instants after `now` at which the glass dims or brightens by itself; midnight has a wake-up of its own. */
export function dimmingPoints({ config }: RoomState, now: Instant): Instant[] {
  const { dimming, workingHours } = config.policy;
  const hours = dimming.kind === 'off' ? null : workingSpan(now, workingHours, config.room.zone);
  return hours === null ? [] : [hours.start, hours.end].filter(at => at > now);
}
