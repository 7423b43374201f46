/** Change notifications: Graph tells of changes in rooms' calendars, and panels are told to look. A hint, never more: polling stays the truth. */
import type { RoomId } from '../../contract/values/ids.ts';
import { minutes, seconds } from '../../contract/values/time.ts';
import { startJob } from '../job.ts';
import { Inbox, type Notice } from './inbox.ts';
import { Pace } from './pace.ts';
import { Upkeep, type UpkeepOptions } from './upkeep.ts';

const TEND_EVERY = minutes(1);
/** After panels or settings changed. */
const TEND_SOON = seconds(3);
const HINT_PAUSE = seconds(1);

export interface Notifications {
  /** What Graph said, to be sorted out later. */
  take(notices: readonly Notice[]): void;
  /** Counts what makes no sense. */
  ignore(count: number): void;
  /** Brings subscriptions in line now. Resolves when that is over; never rejects. */
  tend(): Promise<void>;
  /** Subscriptions stay: the next start goes on with them. */
  stop(): Promise<void>;
}

export function startNotifications(options: Omit<UpkeepOptions, 'made'>): Notifications {
  const { clock, hub, log } = options.context;
  const hints = new Pace<RoomId>(clock, HINT_PAUSE, room => hub.hint(room));
  const upkeep = new Upkeep({ ...options, made: room => hints.take(room) });
  const job = startJob({
    clock,
    every: TEND_EVERY,
    pause: TEND_SOON,
    work: async () => {
      if (await upkeep.tend()) job.soon();
    },
    onError: error => log.error('subscriptions-broke', { detail: String(error) }),
  });
  const inbox = new Inbox({
    context: options.context,
    hint: room => hints.take(room),
    renewalAsked: id => {
      upkeep.askRenewal(id);
      job.soon();
    },
    lost: () => job.soon(),
  });
  const stopListening = hub.listenTopics(
    topic => {
      if (topic === 'rooms' || topic === 'server-settings') job.soon();
    },
    () => {},
  );

  return {
    take: notices => inbox.take(notices),
    ignore: count => inbox.ignore(count),
    tend: () => job.now(),
    async stop() {
      stopListening();
      upkeep.stop();
      await job.stop();
      await inbox.stop();
      hints.stop();
    },
  };
}
