/** What panels booked in rooms other than their own: that, and nothing else, they may take back there. */
import type { Clock } from '../../contract/values/clock.ts';
import type { BookingKey, EventId, PanelId, RoomId } from '../../contract/values/ids.ts';
import { between, hours, type Instant, type Span } from '../../contract/values/time.ts';

/** `event`: what the provider made of it, in the room's calendar or (an invitation) in the inviter's; null: not known. */
export type Claim = {
  readonly room: RoomId;
  readonly key: BookingKey;
  readonly span: Span;
  readonly made: Instant;
  event: EventId | null;
};

const KEPT = hours(1);
/** Of one panel; the oldest go first. */
const MOST = 100;

/** In memory: a panel that cannot take back after central was started anew leaves a booking of its own standing. */
export class Claims {
  readonly #clock: Clock;
  readonly #claims = new Map<PanelId, Claim[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(panel: PanelId, room: RoomId): readonly Claim[] {
    return this.#kept(panel).filter(claim => claim.room === room);
  }

  add(panel: PanelId, room: RoomId, key: BookingKey, span: Span): Claim {
    for (const other of [...this.#claims.keys()]) if (this.#kept(other).length === 0) this.#claims.delete(other);
    const claim: Claim = { room, key, span, made: this.#clock.now(), event: null };
    this.#claims.set(panel, [...this.#kept(panel), claim].slice(-MOST));
    return claim;
  }

  #kept(panel: PanelId): Claim[] {
    const now = this.#clock.now();
    return (this.#claims.get(panel) ?? []).filter(({ made }) => between(made, now) < KEPT);
  }
}
