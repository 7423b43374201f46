/**
 * Tells subscribers of changes: soon, in batches, and again with growing pauses for up to four hours when they do not
 * answer 2xx (learn.microsoft.com, change-notifications-delivery-webhooks). What waits is lost with a restart.
 *
 *   change -> waiting (100 ms, joined by what follows) -> sent -> done
 *                                                       -> failed -> sent again after 10 s, 20 s, ... 10 min -> given up
 */
import {
  between,
  type Duration,
  hours,
  type Instant,
  milliseconds,
  seconds,
  toIso,
} from '../../contract/values/time.ts';
import type { CalendarContext } from '../calendar/context.ts';
import type { FaultApi } from '../faults.ts';
import type { Change } from '../store/changes.ts';
import type { ChangeType, Subscription, Subscriptions } from '../store/subscriptions.ts';
import type { Outbound } from './outbound.ts';

export const LIFECYCLE_EVENTS = ['reauthorizationRequired', 'subscriptionRemoved', 'missed'] as const;
export type LifecycleEvent = (typeof LIFECYCLE_EVENTS)[number];

export interface Notifier {
  /** To be called after subscriptions were added or removed. */
  refresh(): void;
  /**
   * Sends a lifecycle notification, where the subscription has an address for them. After `reauthorizationRequired`
   * nothing else is delivered until the app reacts; `subscriptionRemoved` takes the subscription away.
   */
  lifecycle(subscription: Subscription, event: LifecycleEvent): void;
  stop(): void;
}

type Notification = Record<string, unknown>;
type Batch = { name: string; url: string; value: Notification[]; first: Instant; pause: Duration };

const JOINING = milliseconds(100);
/** Graph wants its answer within three seconds. */
const DEADLINE = seconds(3);
const FIRST_PAUSE = seconds(10);
const LONGEST_PAUSE = seconds(600);
const GIVEN_UP = hours(4);
const CHANGE_TYPE: Record<Change['kind'], ChangeType> = { created: 'created', changed: 'updated', removed: 'deleted' };

export function makeNotifier(options: {
  calendars: CalendarContext;
  subscriptions: Subscriptions;
  faults: FaultApi;
  tenantId: string;
  outbound: Outbound;
}): Notifier {
  const { calendars, subscriptions, faults, tenantId, outbound } = options;
  const { clock, timers } = calendars;
  const waiting = new Map<string, Batch>();
  let sent = 0;
  let isStopped = false;
  let unwatch: (() => void) | null = null;

  function enqueue(url: string, notification: Notification) {
    const batch = waiting.get(url);
    if (batch !== undefined) {
      const text = JSON.stringify(notification);
      if (!batch.value.some(known => JSON.stringify(known) === text)) batch.value.push(notification);
      return;
    }
    sent += 1;
    const fresh = { name: `notification ${sent}`, url, value: [notification], first: clock.now(), pause: FIRST_PAUSE };
    waiting.set(url, fresh);
    timers.set(fresh.name, JOINING, () => {
      waiting.delete(url);
      send(fresh);
    });
  }

  function send(batch: Batch) {
    const { name, url, value, first, pause } = batch;
    const body = JSON.stringify({ value });
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const again = () => {
      if (isStopped || between(first, clock.now()) + pause > GIVEN_UP) return;
      const longer = milliseconds(Math.min(pause * 2, LONGEST_PAUSE));
      timers.set(name, pause, () => send({ ...batch, pause: longer }));
    };
    outbound(url, { method: 'POST', headers, body, deadline: DEADLINE }).then(answer => {
      if (!answer.ok) again();
    }, again);
  }

  function announce(changes: readonly Change[]) {
    const known = subscriptions.all().filter(subscription => !subscription.isPaused);
    for (const change of changes) {
      const mailbox = calendars.mailboxes.find(change.mailbox);
      const changeType = CHANGE_TYPE[change.kind];
      const wanted = known.filter(one => one.mailbox === change.mailbox && one.changeTypes.includes(changeType));
      if (mailbox === null || wanted.length === 0) continue;
      if (faults.strike(['notifications-lost'], { method: 'POST', mailboxes: [change.mailbox] })) continue;
      const resource = `Users/${mailbox.id}/Events/${change.id}`;
      const resourceData = { '@odata.type': '#Microsoft.Graph.Event', '@odata.id': resource, id: change.id };
      for (const subscription of wanted) {
        enqueue(subscription.notificationUrl, { ...about(subscription), changeType, resource, resourceData });
      }
    }
  }

  const about = ({ id, expires, clientState }: Subscription) => ({
    subscriptionId: id,
    subscriptionExpirationDateTime: toIso(expires),
    clientState,
    tenantId,
  });

  function refresh() {
    const isWanted = subscriptions.all().length > 0;
    if (isWanted) unwatch ??= calendars.changes.watch(announce);
    else {
      unwatch?.();
      unwatch = null;
    }
  }
  refresh();
  return {
    refresh,
    lifecycle(subscription, event) {
      if (event === 'subscriptionRemoved') subscriptions.remove(subscription.id);
      if (event === 'reauthorizationRequired') subscriptions.put({ ...subscription, isPaused: true });
      const { lifecycleNotificationUrl } = subscription;
      if (lifecycleNotificationUrl !== null) {
        enqueue(lifecycleNotificationUrl, { ...about(subscription), lifecycleEvent: event });
      }
      refresh();
    },
    stop() {
      isStopped = true;
      unwatch?.();
    },
  };
}
