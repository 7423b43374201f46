/**
 * Changing a room's calendar: a look first, then the way that fits the booking mode and whose meeting it is. A change may
 * be asked for several times under one key; where an earlier try got through, that is found and nothing is done twice.
 */
import { latest, minutes, plus } from '../contract/values/time.ts';
import type { WriteOutcome } from '../core/events.ts';
import { bookByInvitation, changeInvitation, settleExtension } from './book-by-invitation.ts';
import { bookDirectly } from './book-direct.ts';
import { changeEnd } from './change-end.ts';
import { type Change, failed, type Tools, taken } from './write-outcome.ts';

export async function changeCalendar(tools: Tools, change: Change, title: string): Promise<WriteOutcome> {
  const { config, action, span } = change;
  // Ended within the minute it began, a meeting spans nothing; it still has to be found.
  const window = { start: span.start, end: latest(span.end, plus(span.start, minutes(1))) };
  const before = await tools.calendar.list(window, tools.signal);
  if (before.kind === 'failed') return failed(before);
  if (action.kind === 'book' || action.kind === 'book-elsewhere') {
    const book = config.policy.bookingMode === 'invite' ? bookByInvitation : bookDirectly;
    return book(tools, change, before.meetings, title);
  }
  const all = taken(before.meetings, config);
  const invitation = change.was?.invitation ?? null;
  // A room that gave an invitation up and took it again shows it under another id.
  const target =
    all.find(o => o.meeting.id === action.meeting) ?? (invitation && all.find(o => o.meeting.uid === invitation));
  if (!target) {
    if (action.kind === 'extend' && change.wasSent && invitation) return settleExtension(tools, change);
    // What should end, was sent before and is not there any more has ended: the answer was lost. Otherwise somebody moved it.
    const isEnded = action.kind === 'end-early' && change.wasSent;
    return isEnded ? { kind: 'confirmed', meeting: null } : { kind: 'refused', why: 'gone' };
  }
  const { meeting, span: was } = target;
  if (action.kind === 'end-early' && was.end <= span.end) return { kind: 'confirmed', meeting };
  // Somebody made it longer still: an extension must never shorten.
  if (action.kind === 'extend' && was.end > span.end) return { kind: 'refused', why: 'changed-meanwhile' };
  if (!meeting.isInvitedByUs) return changeEnd(tools, { ...change, action }, target, all);
  // To a room asked anew a tentative meeting is one like any other, whatever the panel's policy makes of it.
  const policy = { ...config.policy, isTentativeBusy: true };
  return changeInvitation(tools, { ...change, action }, target, taken(before.meetings, { ...config, policy }));
}
