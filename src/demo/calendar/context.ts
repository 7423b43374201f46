/** What the calendar's operations work with. */
import type { Clock } from '../../contract/values/clock.ts';
import type { Events } from '../store/events.ts';
import type { Mailboxes } from '../store/mailboxes.ts';
import type { Messages } from '../store/messages.ts';

export type CalendarContext = {
  events: Events;
  mailboxes: Mailboxes;
  messages: Messages;
  clock: Clock;
  /** The office's IANA zone: every mailbox lives in it. */
  zone: string;
  newEventId(): string;
  newUid(): string;
};
