/** What is to be done so that every room with a panel has one subscription, pure. */
import { type Instant, milliseconds, plus } from '../../contract/values/time.ts';
import { hashOf } from '../random.ts';
import type { SettingsRow } from '../store/tables.ts';
import type { Subscription, WantedRoom } from './store.ts';

/** `forget`: it ran out, and nobody wants another. */
export type Step =
  | { kind: 'forget'; subscription: Subscription }
  | { kind: 'remove'; subscription: Subscription }
  | { kind: 'renew'; subscription: Subscription; wanted: WantedRoom }
  | { kind: 'create'; wanted: WantedRoom };

export const roomOf = (step: Step) => ('wanted' in step ? step.wanted.room : step.subscription.room_id);

export type Situation = {
  wanted: readonly WantedRoom[];
  subscriptions: readonly Subscription[];
  /** Of a room's address: madeFor() of what its subscription should be for. */
  madeFor(wanted: WantedRoom): string;
  /** Those that Graph asked to have renewed, by id. */
  asked: ReadonlySet<string>;
  now: Instant;
};

/** What ends first, then what must not run out, then what is new. A subscription for something else is replaced in two turns. */
export function planSteps({ wanted, subscriptions, madeFor, asked, now }: Situation): Step[] {
  const wantedById = new Map(wanted.map(one => [one.room, one]));
  const held = new Set(subscriptions.map(one => one.room_id));
  const ends: Step[] = [];
  const renewals: Step[] = [];
  for (const subscription of subscriptions) {
    const room = wantedById.get(subscription.room_id);
    const isRight = room !== undefined && subscription.made_for === madeFor(room);
    if (!isRight) ends.push({ kind: subscription.expires <= now ? 'forget' : 'remove', subscription });
    else if (asked.has(subscription.id) || renewAt(subscription) <= now) {
      renewals.push({ kind: 'renew', subscription, wanted: room });
    }
  }
  const missing = wanted.filter(one => !held.has(one.room));
  return [...ends, ...renewals, ...missing.map((one): Step => ({ kind: 'create', wanted: one }))];
}

/** Between 40 and 50 % of its life, the same whenever it is asked: rooms that came together do not stay together. */
export function renewAt({ id, created, expires }: Subscription): Instant {
  const share = 0.4 + 0.1 * (Number.parseInt(hashOf(id).slice(0, 8), 16) / 2 ** 32);
  return plus(created, milliseconds((expires - created) * share));
}

/** The same text for the same mailbox, app and address of central. */
export function madeFor(settings: SettingsRow, publicUrl: string, { address }: WantedRoom): string {
  const { authority, tenant_id, client_id, graph_base, sign_in } = settings;
  return hashOf(JSON.stringify([publicUrl, authority, tenant_id, client_id, graph_base, sign_in, address]));
}
