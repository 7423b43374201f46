/** What the corridor may read of a meeting. Providers apply it, and so does the panel to what it holds already. */
import type { Meeting } from './meeting.ts';
import type { Privacy } from './policy.ts';

/** Pure, and the same when applied twice. Whether a meeting is private only its provider knows; that stays as it is. */
export function masked(meeting: Meeting, { subjects, organizers }: Privacy): Meeting {
  const { title, organizer } = meeting;
  const isTold =
    title.kind !== 'public' || (subjects === 'shown' && !(organizers === 'hidden' && names(title.text, organizer)));
  if (isTold && (organizers === 'shown' || organizer === null)) return meeting;
  return {
    ...meeting,
    title: isTold ? title : { kind: 'none' },
    organizer: organizers === 'shown' ? organizer : null,
  };
}

/** Some mailboxes put the organiser's name before the subject: hidden means hidden there too. */
const names = (text: string, organizer: string | null) =>
  organizer !== null && organizer !== '' && text.toLowerCase().includes(organizer.toLowerCase());

/**
 * Meetings read under `before`, as `after` allows them. Which of them are personal cannot be told any more: if those are
 * to be private from now on, everything is taken away that might be one, until the next read.
 */
export function maskedAnew(meetings: readonly Meeting[], before: Privacy, after: Privacy): Meeting[] {
  const isPersonalNew = after.isPersonalPrivate && !before.isPersonalPrivate;
  return meetings.map(meeting => masked(meeting, isPersonalNew && meeting.bookingKey === null ? NOTHING : after));
}

const NOTHING: Privacy = { subjects: 'hidden', organizers: 'hidden', isPersonalPrivate: true };
