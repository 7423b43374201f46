/** Which moments the panel wants to be woken at. The loop arms one timer for the earliest; nothing else ticks. */
import { type Instant, minutes, plus } from '../contract/values/time.ts';
import { bookingWakeUps } from './booking.ts';
import { trustAt } from './calendar.ts';
import { dayAround, floorToMinute } from './day.ts';
import { findWakeUps } from './find.ts';
import { dimmingPoints } from './look.ts';
import { noShowWakeUps } from './no-show.ts';
import { serviceWakeUps } from './service.ts';
import type { RoomState, State } from './state.ts';
import { occupants, turningPoints } from './status.ts';

export type WakeUp = { why: string; at: Instant };

export function wakeUps(state: State, now: Instant): WakeUp[] {
  const { central, room, configFetch, reported, identify } = state;
  const wanted: WakeUp[] = [];
  const want = (why: string, at: Instant) => wanted.push({ why, at });
  if (central.kind === 'unanswered') want('probe-again', central.retryAt);
  if (central.kind === 'known') {
    if (central.link.kind === 'offline' || central.link.kind === 'parked') want('link-again', central.link.retryAt);
    if (central.standing.kind === 'awaiting-approval') want('code-expires', central.standing.expires);
    if (central.link.kind === 'online' && central.standing.kind === 'paired' && reported)
      want('report', reported.again);
    if (central.link.kind === 'online' && configFetch.kind === 'retry') want('config-again', configFetch.at);
  }
  if (identify) want('identified', identify.until);
  for (const at of serviceWakeUps(state, now)) want('service-page', at);
  if (room) {
    wanted.push(...roomWakeUps(room, now));
    for (const at of dimmingPoints(room, now)) want('dimming', at);
  }
  return wanted;
}

function roomWakeUps(whole: RoomState, now: Instant): WakeUp[] {
  const { config, calendar } = whole;
  const { policy, room } = config;
  const { poll } = calendar;
  const trust = trustAt(now, calendar, policy);
  const wanted: WakeUp[] = [
    poll.kind === 'due' ? { why: 'poll', at: poll.at } : { why: 'read-overdue', at: poll.giveUpAt },
    { why: 'midnight', at: dayAround(now, room.zone).end },
    ...turningPoints(now, occupants(calendar.meetings, room.zone, policy), policy).map(at => ({
      why: 'turning-point',
      at,
    })),
  ];
  // Walk-ups begin on the running minute: their ends move with it, with or without news from the calendar.
  if (trust.kind !== 'unknown') wanted.push({ why: 'minute', at: plus(floorToMinute(now), minutes(1)) });
  if (trust.kind === 'fresh') wanted.push({ why: 'stale', at: trust.until });
  for (const at of [...noShowWakeUps(whole), ...findWakeUps(whole)]) wanted.push({ why: 'room', at });
  for (const at of bookingWakeUps(whole)) wanted.push({ why: 'booking', at });
  return wanted;
}
