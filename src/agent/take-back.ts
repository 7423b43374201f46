/**
 * A booking that was sent, whose answer was lost, and that nobody waits for any more: refused on the glass, or given up by
 * whoever asked. If it arrived after all it is taken away again. Tried for some minutes; what then still stands is shown
 * on the room's glass like every booking made at the door, and can be ended there.
 */
import type { Failed, Refused } from '../calendar/room-calendar.ts';
import { sleep } from '../contract/values/clock.ts';
import type { BookingKey } from '../contract/values/ids.ts';
import { type Duration, milliseconds, type Span, seconds } from '../contract/values/time.ts';
import { GIVEN_UP_AFTER } from '../contract/wire/calendar.ts';
import type { Tools } from './write-outcome.ts';

/** No longer than a minute: two minutes after all works again nothing of it is to stand. */
const PAUSES = [0, 5, 15, 60, 60, 60, 60, 60, 60, 60, 60].map(seconds);

export type TakenBack = 'gone' | 'not-known';

/** `within` this time it is over, and stays as it was; pauses are counted, not what the clock says. */
export async function takeBack(
  tools: Tools,
  sent: { key: BookingKey; span: Span },
  within: Duration,
): Promise<TakenBack> {
  let toldToWait: Duration = milliseconds(0);
  let waited = 0;
  for (const usual of PAUSES) {
    const pause = milliseconds(Math.max(usual, toldToWait));
    waited += pause;
    if (waited >= within) return 'not-known';
    await sleep(tools.clock, pause, tools.signal);
    const found = await takeAway(tools, sent);
    if (found === 'taken-away') return 'gone';
    // Given up here, it may still be on its way, or be sent by a relay.
    if (found === 'not-there' && waited >= GIVEN_UP_AFTER) return 'gone';
    toldToWait = milliseconds(found !== 'not-there' && found.kind === 'failed' ? (found.retryAfter ?? 0) : 0);
  }
  return 'not-known';
}

/** Whether it was written or the room invited: the booking mode may have changed since, so both are looked for. */
async function takeAway(
  { calendar, signal }: Tools,
  { key, span }: { key: BookingKey; span: Span },
): Promise<'taken-away' | 'not-there' | Refused | Failed> {
  const listed = await calendar.list(span, signal);
  if (listed.kind === 'failed') return listed;
  const written = listed.meetings.find(meeting => meeting.bookingKey === key && meeting.isRoomOrganizer);
  // Whoever made it longer than was asked for has made it theirs since.
  if (written && written.when.kind === 'timed' && written.when.end <= span.end) {
    const cancelled = await calendar.cancel(written.id, written.version, signal);
    // Also refused: it stands, touched by the mailbox's own assistants between our look and our word.
    if (cancelled.kind !== 'done') return cancelled;
  }
  const invited = await calendar.invitations?.find({ key, span }, signal);
  if (invited?.kind === 'failed') return invited;
  if (invited?.kind === 'invited' && invited.span.end <= span.end) {
    const withdrawn = await calendar.invitations?.withdraw(invited.invitation, signal);
    if (withdrawn && withdrawn.kind !== 'done') return withdrawn;
  }
  return written || invited?.kind === 'invited' ? 'taken-away' : 'not-there';
}
