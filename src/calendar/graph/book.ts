import * as v from 'valibot';
import type { Booked, BookRequest, Failed, Refused } from '../room-calendar.ts';
import { type Answer, isToldToWait, outcomeUnknown, read } from './answer.ts';
import { eventTime, refused } from './change.ts';
import { type Mailbox, readWindow } from './list.ts';
import { type Placed, toMeetings } from './to-meeting.ts';

export type Created = { kind: 'created'; placed: Placed };
/** `name` stands in `detail`; `more`: what the event has beside title, time and key. */
type Creation = { name: string; request: BookRequest; more?: Record<string, unknown> };

/** Writes an appointment into the room's own calendar. */
export async function book(
  mailbox: Mailbox,
  request: BookRequest,
  signal?: AbortSignal,
): Promise<Booked | Refused | Failed> {
  const made = await createEvent(mailbox, { name: 'book', request }, signal);
  return made.kind === 'created' ? { kind: 'booked', meeting: made.placed.meeting } : made;
}

/**
 * The key travels as transactionId, under which Graph keeps one event however often it is asked; what it answers to a
 * repeat is not documented (the event, or a 409), so whatever is not plainly our event is settled by reading the slot.
 */
export async function createEvent(
  mailbox: Mailbox,
  { name, request, more }: Creation,
  signal?: AbortSignal,
): Promise<Created | Refused | Failed> {
  const answer = await mailbox.connection.call({
    name,
    method: 'POST',
    path: `${mailbox.path}/events`,
    body: {
      subject: request.title,
      start: eventTime(request.span.start),
      end: eventTime(request.span.end),
      showAs: 'busy',
      transactionId: request.key,
      ...more,
    },
    signal,
  });
  if (answer.kind === 'ok') return ours(mailbox, answer, request) ?? settle(mailbox, request, answer, signal);
  if (answer.kind === 'failed') return answer.isOutcomeUnknown ? settle(mailbox, request, answer, signal) : answer;
  if (answer.status === 409 || answer.failed.isOutcomeUnknown) return settle(mailbox, request, answer, signal);
  if (answer.status === 403) return refused('not-allowed', answer);
  if (answer.status === 400) return refused('invalid', answer);
  return answer.failed;
}

function ours(mailbox: Mailbox, answer: Extract<Answer, { kind: 'ok' }>, request: BookRequest): Created | null {
  const body = read(answer, v.looseObject({}));
  if (body.kind === 'failed') return null;
  const mapped = toMeetings([body.value], mailbox.rules);
  const one = mapped.kind === 'mapped' ? mapped.placed[0] : undefined;
  return one?.meeting.bookingKey === request.key ? { kind: 'created', placed: one } : null;
}

/** Reads the slot to find out what became of a create. */
async function settle(
  mailbox: Mailbox,
  request: BookRequest,
  answer: Answer,
  signal?: AbortSignal,
): Promise<Created | Refused | Failed> {
  // Told to wait, we do not ask on the spot; the caller repeats later, under the same key.
  if (isToldToWait(answer)) return outcomeUnknown(answer, 'told to wait');
  const window = await readWindow(mailbox, request.span, signal);
  if (window.kind === 'failed') return outcomeUnknown(answer, 'not our event');
  const found = window.placed.find(({ meeting }) => meeting.bookingKey === request.key && meeting.occupies !== 'none');
  if (found) return { kind: 'created', placed: found };
  // Graph knows the key but no event: it was booked once and has been taken away since.
  return answer.kind === 'no' && answer.status === 409
    ? refused('gone', answer)
    : outcomeUnknown(answer, 'not our event');
}
