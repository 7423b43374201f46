/** What a room mailbox's settings do to its panel, judged from what was read of it. Pure. */
import type { RoomAddress } from '../../contract/values/ids.ts';
import { overlaps } from '../../contract/values/time.ts';
import type { ReadProblem } from '../../contract/values/trust.ts';
import type { Finding } from '../../contract/wire/console.ts';
import type { SeenEvent } from '../rooms/mailbox-look.ts';
import { addToList, grantRead, grantWrite, type Reader, setProcessing } from './room-commands.ts';

export type Evidence = {
  room: RoomAddress;
  reader: Reader;
  /** Null: the calendar could not be read, for `problem`. */
  events: readonly SeenEvent[] | null;
  problem: ReadProblem | null;
  /** Null: could not be found out. */
  canEdit: boolean | null;
  /** A list it could be in; null when it is in one, or when the directory has none. */
  missingList: string | null;
};

/** Fewer meetings than these say nothing about how subjects are treated. */
const FEWEST_SUBJECTS = 2;
/** Of so many meetings one is private, where people mark them at all. */
const ENOUGH_FOR_PRIVATE = 20;

/** Worst first. The evidence counts; it quotes no meeting and names nobody. */
export function findingsOf(evidence: Evidence): Finding[] {
  const rules = [noRead, noWrite, organizerAsSubject, conflictsAllowed, declinedKept, notInAList, privateFlagLost];
  const found = rules.flatMap(rule => rule(evidence) ?? []);
  const order = ['bad', 'warn', 'hint'];
  return found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

function noRead({ room, reader, problem }: Evidence): Finding | null {
  if (problem !== 'no-access' && problem !== 'room-not-found') return null;
  const evidence =
    problem === 'no-access'
      ? 'Access to the calendar was denied.'
      : 'No mailbox answers at this address, or none that may be seen.';
  return { kind: 'no-read', severity: 'bad', evidence, command: grantRead(room, reader) };
}

function noWrite({ room, reader, events, canEdit }: Evidence): Finding | null {
  if (events === null || canEdit !== false) return null;
  const evidence = 'The calendar can be read but not changed: nothing can be booked, ended or extended at the door.';
  return { kind: 'no-write', severity: 'bad', evidence, command: grantWrite(room, reader) };
}

function organizerAsSubject({ room, events }: Evidence): Finding | null {
  const named = people(events).filter(event => !event.isPrivate && event.subject !== 'none');
  const replaced = named.filter(event => event.subject === 'organizer').length;
  if (named.length < FEWEST_SUBJECTS || replaced * 2 <= named.length) return null;
  return {
    kind: 'organizer-as-subject',
    severity: 'warn',
    evidence: `In ${replaced} of ${named.length} meetings the organiser's name stands where the subject belongs.`,
    command: setProcessing(room, { DeleteSubject: false, AddOrganizerToSubject: false }),
  };
}

/** Only what the room itself accepted counts: written straight into its calendar, meetings overlap whatever is set. */
function conflictsAllowed({ room, events }: Evidence): Finding | null {
  const accepted = people(events)
    .filter(event => event.response === 'accepted' && event.isBusy && !event.isAllDay)
    .sort((a, b) => a.span.start - b.span.start);
  const clashes = accepted.filter((event, index) =>
    accepted.slice(0, index).some(other => overlaps(other.span, event.span)),
  );
  if (clashes.length === 0) return null;
  return {
    kind: 'conflicts-allowed',
    severity: 'warn',
    evidence: `${meetings(clashes.length)} the room accepted while another one had it already.`,
    command: setProcessing(room, { AllowConflicts: false }),
  };
}

/** Called-off meetings stay by default, and panels leave them out: that alone is no more than a hint. */
function declinedKept({ room, events }: Evidence): Finding | null {
  const declined = (events ?? []).filter(event => event.response === 'declined').length;
  const cancelled = (events ?? []).filter(event => event.isCancelled && event.response !== 'declined').length;
  if (declined + cancelled === 0) return null;
  const seen = [
    ...(declined > 0 ? [`${meetings(declined)} the room declined`] : []),
    ...(cancelled > 0 ? [`${meetings(cancelled)} the organiser cancelled`] : []),
  ];
  return {
    kind: 'declined-kept',
    severity: declined > 0 ? 'warn' : 'hint',
    evidence: `Still in the calendar: ${seen.join(', ')}.`,
    command: setProcessing(room, {
      ...(declined > 0 ? { PreserveDeclinedMeetings: false } : {}),
      ...(cancelled > 0 ? { RemoveCanceledMeetings: true } : {}),
    }),
  };
}

function notInAList({ room, missingList }: Evidence): Finding | null {
  if (missingList === null) return null;
  const evidence = 'The directory has room lists, and this room is in none: Outlook does not offer it by building.';
  return { kind: 'not-in-a-room-list', severity: 'warn', evidence, command: addToList(room, missingList) };
}

/** Whether Exchange takes the flag away cannot be seen: one private meeting proves that it does not. */
function privateFlagLost({ room, events }: Evidence): Finding | null {
  const seen = people(events);
  if (seen.length < ENOUGH_FOR_PRIVATE || seen.some(event => event.isPrivate)) return null;
  return {
    kind: 'private-flag-lost',
    severity: 'hint',
    evidence: `None of ${seen.length} meetings is marked private. If people do mark some, the mailbox takes the mark away.`,
    command: setProcessing(room, { RemovePrivateProperty: false }),
  };
}

/** Meetings that came by invitation, through the mailbox's booking policy. */
const people = (events: readonly SeenEvent[] | null) =>
  (events ?? []).filter(event => !event.isRoomOrganizer && !event.isCancelled && event.response !== 'declined');

const meetings = (count: number) => (count === 1 ? '1 meeting' : `${count} meetings`);
