/**
 * A room calendar in memory behind the port: answers take time, a provider's clock is a little off, replies get lost.
 * Invited, the room takes its time too, accepts what is free, and declines what is not.
 */
import type {
  BusySpan,
  Done,
  Failed,
  Invitations,
  Invited,
  Refused,
  RoomCalendar,
} from '../../src/calendar/room-calendar.ts';
import { type Clock, sleep } from '../../src/contract/values/clock.ts';
import type { EventId, RoomAddress } from '../../src/contract/values/ids.ts';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import {
  type Duration,
  type Instant,
  milliseconds,
  overlaps,
  plus,
  type Span,
  seconds,
} from '../../src/contract/values/time.ts';
import { eventId, meeting } from './samples.ts';

export type Wire = {
  /** How long half a round trip takes, and how far off the provider's clock is this time, in milliseconds. */
  travel: () => number;
  clockError: () => number;
  /** Whether the answer to a write is lost on its way back. */
  isReplyLost?: () => boolean;
  /** Whether a call never arrives; `call` names it: `list`, `withdraw`. */
  isCut?: (call: string) => boolean;
};

type Invitation = Invited & { key: string; title: string; answer: 'accepted' | 'declined' | 'pending'; asked: number };

const LOST: Failed = {
  kind: 'failed',
  problem: 'unreachable',
  retryAfter: null,
  isOutcomeUnknown: true,
  detail: 'lost',
};
const GONE: Refused = { kind: 'refused', why: 'gone', detail: '' };
const DONE: Done = { kind: 'done' };
const NEVER: Span = { start: 0 as Instant, end: 0 as Instant };

export class RoomInMemory {
  readonly meetings = new Map<string, Meeting>();
  readonly invitations = new Map<string, Invitation>();
  readonly declined: { event: string; comment: string }[] = [];
  /** When other rooms are taken; null: cannot be read. */
  readonly others = new Map<RoomAddress, BusySpan[] | null>();
  /** How long the room takes to answer an invitation; null: it never does. */
  answersAfter: Duration | null = seconds(4);
  /** Whether the mailbox's own policy lets anybody in. */
  isOpenToAll = true;
  #count = 0;

  /** The calendar as one panel reaches it. */
  reachedBy(clock: Clock, { travel, clockError, isReplyLost = () => false, isCut = () => false }: Wire): RoomCalendar {
    const go = () => sleep(clock, milliseconds(travel()));
    const write = async <T>(call: string, work: () => T): Promise<T | Failed> => {
      await go();
      if (isCut(call)) return LOST;
      const made = work();
      await go();
      return isReplyLost() ? LOST : made;
    };
    const read = async <T>(call: string, work: () => T): Promise<T | Failed> => {
      await go();
      if (isCut(call)) return { ...LOST, isOutcomeUnknown: false };
      const answer = work();
      await go();
      return answer;
    };
    const remove = (event: EventId): Done => {
      this.meetings.delete(event);
      return DONE;
    };
    return {
      list: window =>
        read('list', () => ({
          kind: 'listed' as const,
          meetings: [...this.meetings.values()].filter(m => overlaps(spanOf(m), window)),
          serverTime: null,
          age: milliseconds(0),
        })),
      book: ({ key, span, title }) =>
        write('book', () => {
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
          return { kind: 'booked' as const, meeting: made };
        }),
      changeEnd: (event, version, end) =>
        write('change-end', () => {
          const found = this.meetings.get(event);
          if (!found) return GONE;
          if (found.version !== version) return { ...GONE, why: 'changed-meanwhile' as const };
          const changed = this.#moveEnd(found, end);
          return { kind: 'changed' as const, meeting: changed };
        }),
      cancel: event => write('cancel', () => remove(event)),
      decline: (event, comment) =>
        write('decline', () => {
          if (this.meetings.get(event)?.isRoomOrganizer) return { ...GONE, why: 'not-allowed' as const };
          if (this.meetings.has(event)) this.declined.push({ event, comment });
          return remove(event);
        }),
      declineSeries: (series, comment) =>
        write('decline-series', () => {
          for (const m of this.meetings.values()) if (m.series === series) remove(m.id);
          this.declined.push({ event: series, comment });
          return DONE;
        }),
      schedule: (rooms, window) =>
        read('schedule', () => ({
          kind: 'scheduled' as const,
          rooms: rooms.map(room => {
            const busy = this.others.get(room) ?? null;
            return { room, busy: busy?.filter(b => overlaps(b.span, window)) ?? null };
          }),
        })),
      invitations: this.#invitations(clock, read, write),
    };
  }

  #invitations(
    clock: Clock,
    read: <T>(call: string, work: () => T) => Promise<T | Failed>,
    write: <T>(call: string, work: () => T) => Promise<T | Failed>,
  ): Invitations {
    const invited = ({ invitation, uid, span }: Invitation): Invited => ({ kind: 'invited', invitation, uid, span });
    return {
      send: ({ key, span, title }) =>
        write('send', () => {
          const known = [...this.invitations.values()].find(i => i.key === key);
          if (known) return invited(known);
          const n = this.#count++;
          const made: Invitation = {
            kind: 'invited',
            invitation: eventId(`i${n}`),
            uid: `uid-${n}`,
            span,
            key,
            title,
            answer: 'pending',
            asked: 0,
          };
          this.#ask(clock, made);
          return invited(made);
        }),
      find: sought =>
        read('find', () => {
          const isSought = (i: Invitation) => ('uid' in sought ? i.uid === sought.uid : i.key === sought.key);
          const found = [...this.invitations.values()].find(isSought);
          return found ? invited(found) : GONE;
        }),
      answerTo: invitation =>
        read('answer', () => {
          const found = this.invitations.get(invitation);
          return found ? { kind: 'answered' as const, answer: found.answer } : GONE;
        }),
      changeEnd: (invitation, end) =>
        write('change-invitation', () => {
          const found = this.invitations.get(invitation);
          if (!found) return GONE;
          this.#ask(clock, { ...found, span: { ...found.span, end }, answer: 'pending' });
          return DONE;
        }),
      withdraw: invitation =>
        write('withdraw', () => {
          const found = this.invitations.get(invitation);
          this.invitations.delete(invitation);
          if (found) this.#later(clock, () => this.meetings.delete(`copy-${found.uid}`));
          return DONE;
        }),
    };
  }

  /** Sends the invitation as it is now; the room answers what it was asked last. */
  #ask(clock: Clock, wanted: Invitation) {
    const asked = wanted.asked + 1;
    this.invitations.set(wanted.invitation, { ...wanted, asked });
    this.#later(clock, () => {
      const now = this.invitations.get(wanted.invitation);
      if (now?.asked === asked) this.#answer(now);
    });
  }

  #later(clock: Clock, task: () => void) {
    if (this.answersAfter !== null) clock.after(this.answersAfter, task);
  }

  /** Declined, the room keeps no copy: not of what it had accepted before either. */
  #answer(invitation: Invitation) {
    const { uid, span, title } = invitation;
    const id = `copy-${uid}`;
    const isTaken = [...this.meetings.values()].some(
      m => m.id !== id && m.occupies !== 'none' && overlaps(spanOf(m), span),
    );
    const answer = this.isOpenToAll && !isTaken ? 'accepted' : 'declined';
    this.invitations.set(invitation.invitation, { ...invitation, answer });
    this.meetings.delete(id);
    if (answer === 'declined') return;
    const more = { uid, isInvitedByUs: true, title: { kind: 'public', text: title } } as const;
    this.meetings.set(id, meeting(id, span.start, span.end, more));
  }

  #moveEnd(found: Meeting, end: Instant): Meeting {
    const when = { ...spanOf(found), kind: 'timed' as const, end };
    const changed = { ...found, version: `${found.version}+`, when };
    this.meetings.set(found.id, changed);
    return changed;
  }
}

export const spanOf = ({ when }: Meeting): Span =>
  when.kind === 'timed' ? { start: when.start, end: when.end } : NEVER;
