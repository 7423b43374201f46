/** A room calendar in memory behind the port: answers take time, a provider's clock is a little off, replies get lost. */
import type { Booked, Failed, RoomCalendar } from '../../src/calendar/room-calendar.ts';
import { type Clock, sleep } from '../../src/contract/values/clock.ts';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import { type Instant, milliseconds, overlaps, plus } from '../../src/contract/values/time.ts';
import { eventId, meeting } from './samples.ts';

export type Wire = {
  /** How long half a round trip takes, and how far off the provider's clock is this time, in milliseconds. */
  travel: () => number;
  clockError: () => number;
  /** Whether the answer to a write is lost on its way back. */
  isReplyLost?: () => boolean;
};

const LOST: Failed = {
  kind: 'failed',
  problem: 'unreachable',
  retryAfter: null,
  isOutcomeUnknown: true,
  detail: 'lost',
};

export class RoomInMemory {
  readonly meetings = new Map<string, Meeting>();
  #count = 0;

  /** The calendar as one panel reaches it. */
  reachedBy(clock: Clock, { travel, clockError, isReplyLost = () => false }: Wire): RoomCalendar {
    const go = () => sleep(clock, milliseconds(travel()));
    const spanOf = (m: Meeting) => (m.when.kind === 'timed' ? m.when : { start: 0 as Instant, end: 0 as Instant });
    return {
      list: async window => {
        await go();
        const meetings = [...this.meetings.values()].filter(m => overlaps(spanOf(m), window));
        await go();
        return { kind: 'listed', meetings, serverTime: null };
      },
      book: async ({ key, span, title }) => {
        await go();
        const known = [...this.meetings.values()].find(m => m.bookingKey === key);
        const createdAt = plus(clock.now(), milliseconds(clockError()));
        const made =
          known ??
          meeting(`e${this.#count++}`, span.start, span.end, {
            bookingKey: key,
            isRoomOrganizer: true,
            createdAt,
            title: { kind: 'public', text: title },
          });
        this.meetings.set(made.id, made);
        await go();
        return isReplyLost() ? LOST : ({ kind: 'booked', meeting: made } satisfies Booked);
      },
      changeEnd: async (event, version, end) => {
        await go();
        const found = this.meetings.get(event);
        if (!found) return { kind: 'refused', why: 'gone', detail: '' };
        if (found.version !== version) return { kind: 'refused', why: 'changed-meanwhile', detail: '' };
        const changed = { ...found, version: `${version}+`, when: { ...spanOf(found), kind: 'timed' as const, end } };
        this.meetings.set(event, changed);
        await go();
        return isReplyLost() ? LOST : { kind: 'changed', meeting: changed };
      },
      cancel: async event => {
        await go();
        this.meetings.delete(eventId(event));
        await go();
        return { kind: 'done' };
      },
      decline: () => Promise.resolve({ kind: 'refused', why: 'not-allowed', detail: '' }),
    };
  }
}
