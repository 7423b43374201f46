/** What the calendar's operations work with. */
import type { Clock } from '../../contract/values/clock.ts';
import type { Duration } from '../../contract/values/time.ts';
import type { Calendars } from '../store/calendars.ts';
import type { Changes } from '../store/changes.ts';
import type { Events } from '../store/events.ts';
import type { Mailboxes } from '../store/mailboxes.ts';
import type { Messages } from '../store/messages.ts';
import type { Timers } from '../timers.ts';

/** How a room treats an invitation.
 * `later`: nothing is on the room's calendar before. `needs-approval`: tentative until a person decides, which nobody
 * does here. `never`: AutomateProcessing AutoUpdate, the request stands on the calendar unanswered.
 */
export type RoomHabit = { kind: 'at-once' | 'needs-approval' | 'never' } | { kind: 'later'; after: Duration };

export type CalendarContext = {
  events: Events;
  changes: Changes;
  mailboxes: Mailboxes;
  calendars: Calendars;
  messages: Messages;
  clock: Clock;
  /** What is still to come: rooms that answer late. Lost with a restart. */
  timers: Timers;
  /** How a room answers an invitation right now. */
  habitOf(room: string): RoomHabit;
  /** The office's IANA zone: every mailbox lives in it. */
  zone: string;
  newEventId(): string;
  newUid(): string;
};
