/** The state of the room in a word, a line and a colour. */
import type { MeetingView, RoomStatus, RoomView } from '../../../src/contract/bridge/view.ts';
import { between, contains, type Duration, type Instant, minutes } from '../../../src/contract/values/time.ts';
import { knownMeetings, type ShownRoom } from '../model/current-room.ts';
import type { Words } from '../panel-context.ts';

/** Colour is never alone: every tone has a shape of its own too. */
export type Tone = 'free' | 'taken' | 'soon' | 'check-in' | 'unknown';

export type Headline = {
  tone: Tone;
  word: string;
  lead: string;
  /** The meeting the word is about. */
  meeting: MeetingView | null;
  /** What else occupies the room at the same time. */
  clashes: MeetingView[];
  /** Until when somebody has to check in, and whether the room is given back if nobody does. */
  checkIn: { deadline: Instant; isReleasedThen: boolean } | null;
};

export function headline(view: RoomView, { status, trust }: ShownRoom, now: Instant, words: Words): Headline {
  const { text } = words;
  if (trust.kind === 'unknown') {
    return {
      ...UNKNOWN,
      word: text.status.unknown,
      lead: trust.why ? text.readProblems[trust.why] : text.unknownPlain,
    };
  }
  const sure = describe(status, now, words);
  const meeting = 'meeting' in status ? status.meeting : null;
  const clashes = meeting ? knownMeetings(view).filter(m => m.id !== meeting.id && isClash(m, meeting, now)) : [];
  // "Check in" asks for something; a question mark behind it would ask something else.
  const isDoubtful = trust.kind === 'stale' && sure.tone !== 'unknown' && sure.tone !== 'check-in';
  return {
    ...sure,
    word: isDoubtful ? text.doubtful(sure.word) : sure.word,
    meeting,
    clashes,
    checkIn: status.kind === 'awaiting-check-in' ? status : null,
  };
}

const MINUTE = minutes(1);
const UNKNOWN = { tone: 'unknown' as const, meeting: null, clashes: [], checkIn: null };

function describe(status: RoomStatus, now: Instant, { text, format, duration }: Words) {
  switch (status.kind) {
    case 'free':
      return {
        tone: 'free' as const,
        word: text.status.free,
        lead: status.until === null ? text.restOfDay : text.until(format.time(status.until)),
      };
    case 'starting-soon': {
      const time = format.time(status.meeting.start);
      return {
        tone: 'soon' as const,
        word: text.status.soon,
        lead: startsIn(time, between(now, status.meeting.start)),
      };
    }
    case 'awaiting-check-in':
      return {
        tone: 'check-in' as const,
        word: text.status.checkIn,
        lead: text.within(left(between(now, status.deadline))),
      };
    case 'in-meeting':
      return { tone: 'taken' as const, word: text.status.taken, lead: takenUntil(status) };
    case 'unknown':
      return { tone: 'unknown' as const, word: text.status.unknown, lead: text.unknownPlain };
  }

  /** By the minute, and by the second in the last one. */
  function left(time: Duration) {
    return time <= MINUTE ? format.countdown(time) : duration(time);
  }
  function startsIn(time: string, left: Duration) {
    return left < MINUTE ? text.startsNow(time) : text.startsIn(time, duration(left));
  }
  function takenUntil({ meeting, freeAt }: Extract<RoomStatus, { kind: 'in-meeting' }>) {
    if (meeting.isAllDay) return text.allDay;
    return freeAt === null ? text.notFreeToday : text.until(format.time(freeAt));
  }
}

const isClash = (other: MeetingView, meeting: MeetingView, now: Instant) =>
  other.isConflict && contains(other, now < meeting.start ? meeting.start : now);
