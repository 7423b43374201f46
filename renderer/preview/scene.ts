/** What a panel would show in one situation, under the settings being edited. Pure; the day is made up, the date is today's. */
import * as v from 'valibot';
import type { Actions, MeetingView, RoomStatus, RoomView } from '../../src/contract/bridge/view.ts';
import { RoomAddress, RoomId } from '../../src/contract/values/ids.ts';
import type { Policy } from '../../src/contract/values/policy.ts';
import type { PreviewMessage } from '../../src/contract/values/preview.ts';
import type { Room } from '../../src/contract/values/room.ts';
import {
  between,
  type Duration,
  hours,
  type Instant,
  instant,
  minutes,
  plus,
  seconds,
  ZoneName,
} from '../../src/contract/values/time.ts';
import type { Trust } from '../../src/contract/values/trust.ts';
import { type Sample, sampleMeeting } from './day.ts';
import type { Scene } from './scripted-agent.ts';

const ZONE = v.parse(ZoneName, 'UTC');
const DAY = hours(24);
/** A walk-up shorter than this is not offered (src/core/offers.ts). */
const SHORTEST = minutes(5);
const NO_ACTIONS: Actions = {
  book: [],
  extend: [],
  canEndEarly: false,
  endEarly: 'own',
  canCheckIn: false,
  canFindRoom: false,
};

const time = (clock: string) => {
  const [h = 0, m = 0] = clock.split(':').map(Number);
  return minutes(h * 60 + m);
};
const sample = (start: Duration, end: Duration, title: string, organizer: string, kind?: Sample['kind']): Sample => ({
  start,
  end,
  title,
  organizer,
  ...(kind ? { kind } : {}),
});
const MORNING = [sample(time('08:30'), time('09:00'), 'Stand-up', 'Ingrid Solberg')];
const AFTERNOON = [
  sample(time('11:00'), time('12:00'), 'Client walk-through', 'Sigrid Bakke'),
  sample(time('13:00'), time('13:45'), 'Salary talk', 'Per Moe', 'private'),
  sample(time('14:00'), time('14:30'), 'Dentist', 'Amira Haddad', 'personal'),
  sample(time('15:00'), time('16:00'), 'Hold: model photo shoot', 'Jonas Dahl', 'tentative'),
];
const workshop = (start: Duration, end: Duration) => sample(start, end, 'Façade workshop', 'Sigrid Bakke');
const WALK_UP = sample(time('10:00'), time('10:30'), 'Booked at the door', 'Fjord', 'ours');

/** `today`: any instant of the day to show. */
export function sceneOf({ policy, roomName, scene }: PreviewMessage, today: Instant): Scene {
  const midnight = instant(today - (((today % DAY) + DAY) % DAY));
  const { at, samples } = situation(scene, policy);
  const now = plus(midnight, at);
  const meetings = samples.map(s => sampleMeeting(midnight, s, policy)).filter(m => m !== null);
  const status = statusAt(now, meetings, policy);
  const { language, hourCycle, theme, logo, helpContact, dimming } = policy;
  const isDimmed = dimming.kind !== 'off' && scene === 'night' && !isWorkingTime(at, policy);
  const view: RoomView = {
    room: roomNamed(roomName),
    status,
    trust: trustAt(now, scene === 'stale'),
    day: { span: { start: midnight, end: plus(midnight, DAY) }, meetings },
    next: meetings.filter(m => m.start > now).slice(0, 6),
    actions: actionsAt(now, status, meetings, policy),
    booking: null,
    checkInIntent: null,
    find: null,
    findLengths: policy.walkUps.filter(length => length <= policy.longestBooking),
    released: null,
  };
  return {
    now,
    view: {
      seq: 1,
      clockOffset: seconds(0),
      zone: ZONE,
      screen: { kind: 'room', view },
      problems: [],
      look: {
        language,
        hourCycle,
        theme,
        logo,
        helpContact,
        brightness: isDimmed ? dimming.brightness : null,
      },
      // Nothing hangs beside a preview.
      light: 'off',
      identify: null,
      service: null,
      readProblem: scene === 'stale' ? 'unreachable' : null,
    },
  };
}

/** The time of day, and the meetings that make the situation. */
function situation(scene: PreviewMessage['scene'], policy: Policy): { at: Duration; samples: Sample[] } {
  const at = time('10:07');
  const around = (...now: Sample[]) => ({ at, samples: [...MORNING, ...now, ...AFTERNOON] });
  switch (scene) {
    case 'free':
    case 'stale':
      return around();
    case 'starting-soon': {
      // As soon as the setting counts as soon; where it never does, the room is simply free until then.
      const soon = Math.min(policy.startingSoon, minutes(8)) || minutes(8);
      return around(workshop((at + soon) as Duration, time('10:45')));
    }
    case 'check-in':
      // The shortest time people can be given is a minute.
      return { ...around(workshop(time('10:00'), time('10:45'))), at: (time('10:00') + seconds(20)) as Duration };
    case 'in-meeting':
      return around(WALK_UP);
    case 'night':
      return { at: nightTime(policy), samples: MORNING };
  }
}

/** Late, or early where people work late; where they work around the clock, late all the same. */
function nightTime({ workingHours: { start, end } }: Policy): Duration {
  if (time(end) <= time('22:30')) return time('22:37');
  return time(start) > time('05:07') ? time('05:07') : time('22:37');
}

/** By the hours alone: the preview's day is a working day, whatever today is. */
const isWorkingTime = (at: Duration, { workingHours: { days, start, end } }: Policy) =>
  days.length > 0 && time(start) <= at && at < time(end);

const roomNamed = (name: string): Room => ({
  id: v.parse(RoomId, 'preview'),
  address: v.parse(RoomAddress, 'preview@lintel.example'),
  name: name.trim().slice(0, 200) || '…',
  zone: ZONE,
  capacity: 8,
  building: null,
  floor: '4',
});

const trustAt = (now: Instant, isStale: boolean): Trust =>
  isStale
    ? { kind: 'stale', lastRead: plus(now, minutes(-12)), why: 'unreachable' }
    : { kind: 'fresh', lastRead: plus(now, seconds(-20)), until: plus(now, minutes(1)) };

function statusAt(now: Instant, meetings: readonly MeetingView[], policy: Policy): RoomStatus {
  const { checkIn, startingSoon } = policy;
  const meeting = meetings.find(m => m.start <= now && now < m.end);
  const next = meetings.find(m => m.start > now);
  if (!meeting) {
    if (!next) return { kind: 'free', until: null };
    return next.start <= plus(now, startingSoon)
      ? { kind: 'starting-soon', meeting: next }
      : { kind: 'free', until: next.start };
  }
  if (checkIn.kind === 'required' && !meeting.isCheckedIn)
    return {
      kind: 'awaiting-check-in',
      meeting,
      deadline: plus(meeting.start, checkIn.grace),
      isReleasedThen: policy.noShow === 'release',
    };
  return { kind: 'in-meeting', meeting, freeAt: meeting.end === next?.start ? next.end : meeting.end };
}

function actionsAt(now: Instant, status: RoomStatus, meetings: readonly MeetingView[], policy: Policy): Actions {
  const { bookingMode, checkIn, endEarly } = policy;
  const next = meetings.find(m => m.start > now)?.start ?? null;
  const canBook = bookingMode !== 'off';
  const actions = { ...NO_ACTIONS, canFindRoom: canBook && policy.canFindRoom };
  switch (status.kind) {
    case 'awaiting-check-in':
      return { ...actions, canCheckIn: true, ...endingOthers(policy) };
    case 'in-meeting': {
      if (!canBook || !status.meeting.isOurs) return { ...actions, ...endingOthers(policy) };
      return { ...actions, extend: extensions(status.meeting, next, policy), canEndEarly: endEarly !== 'off' };
    }
    case 'free':
    case 'starting-soon': {
      const isOpen = checkIn.kind === 'required' && next !== null && between(now, next) <= checkIn.opensBefore;
      return { ...actions, book: canBook ? walkUps(now, next, policy) : [], canCheckIn: isOpen };
    }
    case 'unknown':
      return NO_ACTIONS;
  }
}

/** A meeting that was not booked at the door. */
function endingOthers({ bookingMode, endEarly }: Policy): Pick<Actions, 'canEndEarly' | 'endEarly'> {
  const isOnlyOurs = bookingMode === 'off' || endEarly === 'off' || endEarly === 'own';
  return isOnlyOurs ? { canEndEarly: false, endEarly: 'own' } : { canEndEarly: true, endEarly };
}

function walkUps(now: Instant, next: Instant | null, { walkUps: lengths, longestBooking }: Policy): Actions['book'] {
  const fitting = lengths
    .filter(length => length <= longestBooking)
    .map(length => ({ length, end: plus(now, length), isUntilNext: false }))
    .filter(({ end }) => next === null || end < next);
  if (next !== null) {
    const length = between(now, next);
    if (length >= SHORTEST && length <= longestBooking) fitting.push({ length, end: next, isUntilNext: true });
  }
  return fitting.sort((a, b) => a.length - b.length);
}

function extensions(meeting: MeetingView, next: Instant | null, policy: Policy): Actions['extend'] {
  return policy.extensions
    .map(by => ({ by, end: plus(meeting.end, by) }))
    .filter(({ end }) => (next === null || end <= next) && between(meeting.start, end) <= policy.longestBooking)
    .sort((a, b) => a.by - b.by);
}
