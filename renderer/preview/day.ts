/** A made-up room's day, as the privacy settings let the corridor see it. */
import * as v from 'valibot';
import type { MeetingView } from '../../src/contract/bridge/view.ts';
import { EventId } from '../../src/contract/values/ids.ts';
import type { Policy } from '../../src/contract/values/policy.ts';
import { type Duration, type Instant, plus } from '../../src/contract/values/time.ts';

export type Sample = {
  /** From midnight. */
  start: Duration;
  end: Duration;
  title: string;
  organizer: string;
  kind?: 'private' | 'personal' | 'tentative' | 'ours';
};

/** Null: such a meeting does not take the room. */
export function sampleMeeting(midnight: Instant, sample: Sample, policy: Policy): MeetingView | null {
  const { start, end, title, organizer, kind } = sample;
  const { subjects, organizers, isPersonalPrivate } = policy.privacy;
  if (kind === 'tentative' && !policy.isTentativeBusy) return null;
  const isPrivate = kind === 'private' || (kind === 'personal' && isPersonalPrivate);
  return {
    id: v.parse(EventId, `${start}-${title}`),
    title: isPrivate || subjects === 'hidden' ? null : title,
    organizer: isPrivate || organizers === 'hidden' ? null : organizer,
    isPrivate,
    isTentative: kind === 'tentative',
    isAllDay: false,
    isOurs: kind === 'ours',
    isCheckedIn: kind === 'ours',
    start: plus(midnight, start),
    end: plus(midnight, end),
    isConflict: false,
  };
}
