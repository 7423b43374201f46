import * as v from 'valibot';
import type { EventId } from '../../contract/values/ids.ts';
import type { Meeting } from '../../contract/values/meeting.ts';
import { type Instant, toIso } from '../../contract/values/time.ts';
import type { Changed, Done, Failed, Refused } from '../room-calendar.ts';
import { type Answer, isMailboxGone, isToldToWait, outcomeUnknown, read } from './answer.ts';
import { SELECTED } from './event-schema.ts';
import { eventPath, type Mailbox } from './list.ts';
import { toMeetings } from './to-meeting.ts';

type No = Extract<Answer, { kind: 'no' }>;

export const refused = (why: Refused['why'], answer: No): Refused => ({
  kind: 'refused',
  why,
  detail: answer.failed.detail,
});

/** As Graph wants it: no Z, the zone beside it. */
export const eventTime = (at: Instant) => ({ dateTime: toIso(at).slice(0, -1), timeZone: 'UTC' });

/**
 * Moves the end of one event or occurrence, whatever it looks like by now when `version` is null. Never sent twice; a
 * lost answer is settled by reading the event.
 */
export async function changeEnd(
  mailbox: Mailbox,
  event: EventId,
  version: string | null,
  end: Instant,
  signal?: AbortSignal,
): Promise<Changed | Refused | Failed> {
  const path = eventPath(mailbox, event);
  const body = { end: eventTime(end) };
  const answer = await mailbox.connection.call({
    name: 'change-end',
    method: 'PATCH',
    path,
    body,
    ifMatch: version ?? '',
    signal,
  });
  if (answer.kind === 'no' && !answer.failed.isOutcomeUnknown) return no(answer);
  if (answer.kind === 'failed' && !answer.isOutcomeUnknown) return answer;
  const meeting = answer.kind === 'ok' ? meetingOf(mailbox, answer) : null;
  // What was stored counts, not that something was.
  if (meeting?.when.kind === 'timed' && meeting.when.end === end) return { kind: 'changed', meeting };
  return settle(mailbox, event, end, answer, signal);
}

/** Takes away an event that the mailbox organises; Graph tells whom it had invited. */
export async function cancel(
  mailbox: Mailbox,
  event: EventId,
  version: string | null,
  signal?: AbortSignal,
): Promise<Done | Refused | Failed> {
  const path = eventPath(mailbox, event);
  return done(
    await mailbox.connection.call({ name: 'cancel', method: 'DELETE', path, ifMatch: version ?? '', signal }),
  );
}

/** The room declines an occurrence, or a series by its master; Graph tells the organiser. The organiser itself cannot decline: 400. */
export async function decline(
  mailbox: Mailbox,
  event: EventId,
  comment: string,
  signal?: AbortSignal,
): Promise<Done | Refused | Failed> {
  const path = `${eventPath(mailbox, event)}/decline`;
  const body = { comment, sendResponse: true };
  const post = (sent: Record<string, unknown>) =>
    mailbox.connection.call({ name: 'decline', method: 'POST', path, body: sent, signal });
  const told = await post(body);
  // 400 also where the organiser asked for no response: then no word may go with it, and the room is freed without one.
  const answer = told.kind === 'no' && told.status === 400 ? await post({ sendResponse: false }) : told;
  return answer.kind === 'no' && answer.status === 400 ? refused('not-allowed', answer) : done(answer);
}

/** An event that is not there any more is what cancel and decline want. */
function done(answer: Answer): Done | Refused | Failed {
  if (answer.kind === 'ok') return { kind: 'done' };
  if (answer.kind === 'failed') return answer;
  return answer.status === 404 && !isMailboxGone(answer.code) ? { kind: 'done' } : no(answer);
}

/** What a refused request means for an event. */
export function no(answer: No): Refused | Failed {
  switch (answer.status) {
    case 400:
      return refused('invalid', answer);
    case 403:
      return refused('not-allowed', answer);
    case 404:
    case 410:
      return isMailboxGone(answer.code) ? answer.failed : refused('gone', answer);
    case 409:
    case 412:
      return refused('changed-meanwhile', answer);
    default:
      return answer.failed;
  }
}

async function settle(
  mailbox: Mailbox,
  event: EventId,
  end: Instant,
  lost: Answer,
  signal?: AbortSignal,
): Promise<Changed | Refused | Failed> {
  if (isToldToWait(lost)) return outcomeUnknown(lost, 'told to wait');
  const path = `${eventPath(mailbox, event)}?$select=${SELECTED.join(',')}`;
  const answer = await mailbox.connection.call({ name: 'read-event', method: 'GET', path, signal });
  if (answer.kind === 'no' && answer.status === 404) return no(answer);
  const meeting = answer.kind === 'ok' ? meetingOf(mailbox, answer) : null;
  if (meeting?.when.kind === 'timed' && meeting.when.end === end) return { kind: 'changed', meeting };
  return outcomeUnknown(lost, 'not an event');
}

function meetingOf(mailbox: Mailbox, answer: Extract<Answer, { kind: 'ok' }>): Meeting | null {
  const body = read(answer, v.looseObject({ id: v.string() }));
  if (body.kind === 'failed') return null;
  const mapped = toMeetings([body.value], mailbox.rules);
  return mapped.kind === 'mapped' ? (mapped.placed[0]?.meeting ?? null) : null;
}
