/** Subscriptions to change notifications. What has expired is not there any more. */
import * as v from 'valibot';
import { Instant } from '../../contract/values/time.ts';
import type { Db } from './database.ts';

export const ChangeType = v.picklist(['created', 'updated', 'deleted']);
export type ChangeType = v.InferOutput<typeof ChangeType>;

export const Subscription = v.object({
  id: v.string(),
  /** Address of the mailbox whose events it is about. */
  mailbox: v.string(),
  /** As the client wrote it. */
  resource: v.string(),
  changeTypes: v.array(ChangeType),
  notificationUrl: v.string(),
  lifecycleNotificationUrl: v.nullable(v.string()),
  clientState: v.nullable(v.string()),
  expires: Instant,
  /** Its app was asked to authorise it again, and has not; until then nothing is delivered. */
  isPaused: v.boolean(),
});
export type Subscription = v.InferOutput<typeof Subscription>;

const Row = v.pipe(
  v.object({ body: v.pipe(v.string(), v.parseJson(), Subscription) }),
  v.transform(({ body }) => body),
);

export interface Subscriptions {
  all(): Subscription[];
  find(id: string): Subscription | null;
  put(subscription: Subscription): void;
  remove(id: string): void;
}

export function makeSubscriptions(db: Db, now: () => Instant): Subscriptions {
  const list = db.prepare('select body from subscription where expires_at > ? order by rowid');
  const one = db.prepare('select body from subscription where expires_at > ? and id = ?');
  const insert = db.prepare('insert or replace into subscription (id, expires_at, body) values (?, ?, ?)');
  const erase = db.prepare('delete from subscription where id = ?');
  return {
    all: () => list.all(now()).map(row => v.parse(Row, row)),
    find(id) {
      const row = one.get(now(), id);
      return row === undefined ? null : v.parse(Row, row);
    },
    put: subscription => void insert.run(subscription.id, subscription.expires, JSON.stringify(subscription)),
    remove: id => void erase.run(id),
  };
}
