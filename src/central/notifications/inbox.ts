/** What Graph tells, sorted out after it was answered: a few reads for everything that came together. */
import { timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import type { Stop } from '../../contract/values/clock.ts';
import type { RoomId } from '../../contract/values/ids.ts';
import { milliseconds, minutes } from '../../contract/values/time.ts';
import type { Context } from '../context.ts';
import { hashOf } from '../random.ts';
import { findSubscriptions, forgetSubscription, noteHeard, type Subscription } from './store.ts';

const GATHER = milliseconds(50);
/** Different ones that wait; an honest storm is far below. */
const MOST_WAITING = 5000;
const HEARD_EVERY = minutes(1);
const LOG_EVERY = minutes(1);

/** One notification of a change, or of what became of the subscription (change-notifications-lifecycle-events). */
export const Notice = v.object({
  subscriptionId: v.pipe(v.string(), v.maxLength(200)),
  // 128 characters at most, says Graph.
  clientState: v.pipe(v.string(), v.maxLength(128)),
  lifecycleEvent: v.nullish(v.pipe(v.string(), v.maxLength(50)), null),
});
export type Notice = v.InferOutput<typeof Notice>;

export type InboxOptions = {
  context: Context;
  /** Something changed in this room's calendar, or may have. */
  hint(room: RoomId): void;
  /** Graph wants this subscription renewed. */
  renewalAsked(id: string): void;
  /** A subscription is no more. */
  lost(): void;
};

export class Inbox {
  readonly #options: InboxOptions;
  /** By all that is in them, so that duplicates are one. */
  readonly #waiting = new Map<string, Notice>();
  #disarm: Stop | null = null;
  #disarmLog: Stop | null = null;
  #underWay: Promise<void> | null = null;
  #isStopped = false;
  #ignored = 0;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** Never waits and never says what it thinks of them. */
  take(notices: readonly Notice[]): void {
    for (const notice of notices) {
      if (this.#waiting.size >= MOST_WAITING) this.ignore(1);
      else this.#waiting.set(JSON.stringify(notice), notice);
    }
    if (this.#waiting.size > 0) this.#arm();
  }

  /** Counted in one line a minute. */
  ignore(count: number): void {
    if (this.#isStopped || count === 0) return;
    this.#ignored += count;
    const { clock, log } = this.#options.context;
    this.#disarmLog ??= clock.after(LOG_EVERY, () => {
      log.warn('notifications-ignored', { count: this.#ignored });
      this.#ignored = 0;
      this.#disarmLog = null;
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#disarm?.();
    this.#disarmLog?.();
    await this.#underWay;
  }

  #arm() {
    if (this.#isStopped || this.#disarm !== null || this.#underWay !== null) return;
    const { clock, log } = this.#options.context;
    this.#disarm = clock.after(GATHER, () => {
      this.#disarm = null;
      this.#underWay = this.#sortOut()
        .catch((error: unknown) => log.error('notifications-broke', { detail: String(error) }))
        .finally(() => {
          this.#underWay = null;
          if (this.#waiting.size > 0) this.#arm();
        });
    });
  }

  async #sortOut() {
    const { context } = this.#options;
    const { db } = context.store;
    const notices = [...this.#waiting.values()];
    this.#waiting.clear();
    const ids = [...new Set(notices.map(notice => notice.subscriptionId))];
    const known = new Map((await findSubscriptions(db, ids)).map(one => [one.id, one]));
    const heard = new Map<string, Subscription>();
    for (const notice of notices) {
      const subscription = known.get(notice.subscriptionId);
      if (subscription === undefined || !isOurs(notice, subscription)) {
        this.ignore(1);
        continue;
      }
      heard.set(subscription.id, subscription);
      await this.#act(notice, subscription);
    }
    await noteHeard(db, [...heard.values()], context.clock.now(), HEARD_EVERY);
  }

  async #act({ lifecycleEvent }: Notice, { id, room_id }: Subscription) {
    const { context, hint, renewalAsked, lost } = this.#options;
    if (lifecycleEvent !== null) context.log.info('subscription-event', { id, event: lifecycleEvent });
    // Nothing was missed by it.
    if (lifecycleEvent === 'reauthorizationRequired') return renewalAsked(id);
    if (lifecycleEvent === 'subscriptionRemoved') {
      await forgetSubscription(context.store.db, id);
      lost();
    }
    hint(room_id);
  }
}

/** Over the hashes, and in constant time: how much of a guess was right is not to be measured. */
const isOurs = ({ clientState }: Notice, { client_state_hash }: Subscription) =>
  timingSafeEqual(Buffer.from(hashOf(clientState), 'hex'), Buffer.from(client_state_hash, 'hex'));
