/**
 * A booking that was sent, whose answer was lost, and that nobody waits for any more: refused on the glass, or given up by
 * whoever asked. If it arrived after all it is taken away again. Tried for some minutes; what then still stands is shown
 * on the room's glass like every booking made at the door, and can be ended there.
 */
import { sleep } from '../contract/values/clock.ts';
import type { PanelConfig } from '../contract/values/config.ts';
import type { BookingKey } from '../contract/values/ids.ts';
import { type Span, seconds } from '../contract/values/time.ts';
import type { Tools } from './write-outcome.ts';

const PAUSES = [0, 5, 15, 60, 180, 300].map(seconds);

export type TakenBack = 'gone' | 'not-known';

export async function takeBack(
  { clock, calendar, signal }: Tools,
  { config, key, span }: { config: PanelConfig; key: BookingKey; span: Span },
  title: string,
): Promise<TakenBack> {
  for (const pause of PAUSES) {
    await sleep(clock, pause, signal);
    if (config.policy.bookingMode === 'invite' && calendar.invitations) {
      // Under its key the one that arrived is found; it makes another only where there is none, and takes that back.
      const sent = await calendar.invitations.send({ key, span, title }, signal);
      if (sent.kind === 'refused') return 'gone';
      if (sent.kind === 'failed') continue;
      const withdrawn = await calendar.invitations.withdraw(sent.invitation, signal);
      if (withdrawn.kind === 'done') return 'gone';
      continue;
    }
    const listed = await calendar.list(span, signal);
    if (listed.kind === 'failed') continue;
    const found = listed.meetings.find(meeting => meeting.bookingKey === key && meeting.isRoomOrganizer);
    // A request that was slow may arrive later still.
    if (!found && pause === 0) continue;
    if (!found) return 'gone';
    const cancelled = await calendar.cancel(found.id, null, signal);
    if (cancelled.kind !== 'failed') return 'gone';
  }
  return 'not-known';
}
