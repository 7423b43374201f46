/**
 * How a room mailbox answers an invitation. By default at once; a fault can make it take its time, leave the decision to
 * a person, or say nothing.
 */
import type { RoomMailbox } from '../store/mailboxes.ts';
import type { CalendarContext } from './context.ts';
import { copiesOf, noteResponse, putCopy, takeAway } from './copies.ts';
import type { Content, StoredEvent } from './model.ts';
import { hasConflict, roomContent } from './room-policy.ts';

/** `known`: the room's copy so far. Gives back the organiser's event with the answer, if it came at once. */
export function inviteRoom(
  context: CalendarContext,
  room: RoomMailbox,
  meeting: StoredEvent,
  known: StoredEvent | null,
): StoredEvent {
  const habit = context.habitOf(room.address);
  const { address } = room;
  switch (habit.kind) {
    case 'at-once':
    case 'needs-approval':
      return answer(context, room, meeting, known, habit.kind === 'at-once' ? 'accepted' : 'tentativelyAccepted');
    case 'never':
      putCopy(context, address, meeting, known, unanswered(meeting.content));
      return noteResponse(context, meeting, address, 'none');
    case 'later': {
      // A second change while the first waits: the room then looks at the meeting as it is.
      const name = `answer of ${address} to ${meeting.id}`;
      context.timers.set(name, habit.after, () => answerLate(context, room, meeting));
      const isMoved = known === null || timesOf(known) !== timesOf(meeting);
      return isMoved ? noteResponse(context, meeting, address, 'none') : meeting;
    }
  }
}

/** The meeting may have been changed or called off since the room was asked. */
function answerLate(context: CalendarContext, room: RoomMailbox, asked: StoredEvent) {
  context.events.atomically(() => {
    const meeting = context.events.find(asked.mailbox, asked.id);
    if (meeting === null || meeting.isRemoved || meeting.content.isCancelled) return;
    if (!meeting.content.attendees.some(({ person }) => person.address === room.address)) return;
    const known = copiesOf(context, meeting).find(copy => copy.mailbox === room.address) ?? null;
    answer(context, room, meeting, known, 'accepted');
  });
}

function answer(
  context: CalendarContext,
  room: RoomMailbox,
  meeting: StoredEvent,
  known: StoredEvent | null,
  wanted: 'accepted' | 'tentativelyAccepted',
): StoredEvent {
  const at = context.clock.now();
  const kind = hasConflict(context, room, meeting) ? 'declined' : wanted;
  return context.changes.by('room', () => {
    const { subject } = meeting.content;
    context.messages.send({ at, sender: room.address, recipient: meeting.mailbox, kind, subject, comment: '' });
    if (kind !== 'declined') {
      putCopy(context, room.address, meeting, known, roomContent(room, meeting.content, { kind, at }));
    } else if (known !== null) {
      takeAway(context, known, meeting.originalDate);
    }
    return noteResponse(context, meeting, room.address, kind);
  });
}

/** An invitation on the calendar of somebody who has not answered. */
export const unanswered = (meeting: Content): Content => ({
  ...meeting,
  showAs: meeting.showAs === 'free' ? 'free' : 'tentative',
  isOrganizer: false,
  response: { kind: 'notResponded', at: null },
});

const timesOf = ({ content }: StoredEvent) => JSON.stringify([content.time, content.recurrence]);
