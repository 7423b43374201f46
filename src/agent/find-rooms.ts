/** Which other rooms this panel may offer, as central says, and when they are taken, as the provider says. */
import type { RoomCalendar } from '../calendar/room-calendar.ts';
import type { Clock } from '../contract/values/clock.ts';
import type { PanelConfig } from '../contract/values/config.ts';
import type { RoomId } from '../contract/values/ids.ts';
import { hours, type Instant, plus, type Span } from '../contract/values/time.ts';
import { RoomsOnOffer } from '../contract/wire/panel.ts';
import type { FindOutcome } from '../core/events.ts';
import type { CentralClient } from './central-client.ts';
import type { Log } from './ports.ts';

/** Rooms are seldom built: while central is away, yesterday's list will do. */
const OFFER_HOLDS = hours(24);

export type RoomFinderOptions = { clock: Clock; log: Log; central: () => CentralClient | null };

/** Remembers the last list while it runs; nothing to stop. */
export function makeRoomFinder({ clock, log, central }: RoomFinderOptions) {
  let last: { room: RoomId; at: Instant; offer: RoomsOnOffer } | null = null;

  const offerFor = async (room: RoomId): Promise<RoomsOnOffer | null> => {
    const answer = await central()?.call('GET', '/panel/v1/rooms', RoomsOnOffer);
    if (answer?.kind === 'ok') {
      last = { room, at: clock.now(), offer: answer.value };
      return answer.value;
    }
    if (answer) log.warn('rooms-not-offered', { problem: answer.problem, status: answer.status });
    // What central refuses it refuses; only its silence is bridged.
    const isAway = answer === undefined || answer.status === 0 || answer.status === 429 || answer.status >= 500;
    const isOfUse = isAway && last?.room === room && clock.now() < plus(last.at, OFFER_HOLDS);
    return isOfUse && last ? last.offer : null;
  };

  return async (
    config: PanelConfig,
    calendar: RoomCalendar,
    window: Span,
    signal: AbortSignal,
  ): Promise<FindOutcome> => {
    const offer = await offerFor(config.room.id);
    if (offer === null) return { kind: 'failed', why: 'central-away' };
    const { equipment, rooms } = offer;
    if (rooms.length === 0) return { kind: 'found', equipment, rooms, busy: [] };
    const scheduled = await calendar.schedule(
      rooms.map(r => r.address),
      window,
      signal,
    );
    if (scheduled.kind === 'scheduled') return { kind: 'found', equipment, rooms, busy: scheduled.rooms };
    log.warn('schedules-not-read', { problem: scheduled.problem, detail: scheduled.detail });
    return { kind: 'failed', why: scheduled.problem };
  };
}
