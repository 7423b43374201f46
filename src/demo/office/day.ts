/** One working day of the office's one-off meetings, on the wall clock of the office. The same date gives the same day. */
import { PEOPLE } from './people.ts';

export type Planned = {
  room: string;
  /** `HH:mm`; all-day meetings have none. */
  from: string;
  minutes: number;
  subject: string;
  organizer: string;
  isPrivate?: boolean;
  isTentative?: boolean;
  isAllDay?: boolean;
  /** Written past the booking policy, so that it may overlap. */
  isForced?: boolean;
  /** The organiser has called it off. */
  isCancelled?: boolean;
};

type Slot = Omit<Planned, 'room' | 'organizer' | 'subject'> & { subject?: string };

const SUBJECTS = [
  'Budget check-in',
  'Customer interview: Nordlys Energi',
  'Roadmap review',
  'Interview, senior engineer',
  'Incident review',
  'Sprint planning',
  'Design critique',
  'Contract talks with Fjordkraft',
  'Onboarding Hương',
  'Accessibility walk-through',
  'Release go / no-go',
  'Vendor demo: badge readers',
  'Retrospective',
  'Quarterly numbers',
  'Ærlig talt: how are we doing?',
  'Pricing workshop',
];

const backToBack = (from: number, to: number, minutes: number): Slot[] =>
  Array.from({ length: ((to - from) * 60) / minutes }, (_, index) => ({
    from: clock(from * 60 + index * minutes),
    minutes,
  }));

/** What makes each room worth looking at. Elder stays free all day; Aurora's day is made around the moment of start. */
const ROOM_DAYS: Record<string, Slot[]> = {
  // Full from eight to six, nothing in between.
  birch: backToBack(8, 18, 60),
  cedar: [
    { from: '10:00', minutes: 60 },
    { from: '13:00', minutes: 90 },
    { from: '15:30', minutes: 30 },
  ],
  dovre: [{ from: '', minutes: 0, isAllDay: true, subject: 'Strategy day' }],
  fjell: [
    { from: '10:00', minutes: 90 },
    { from: '11:00', minutes: 60, isForced: true, subject: 'Investor call' },
    { from: '14:00', minutes: 60 },
  ],
  geiranger: [
    { from: '11:00', minutes: 60, isCancelled: true },
    { from: '13:00', minutes: 45 },
    { from: '14:00', minutes: 60, isTentative: true },
    { from: '16:00', minutes: 30 },
  ],
  heron: [
    { from: '09:00', minutes: 30 },
    { from: '11:30', minutes: 30, subject: '' },
    { from: '15:00', minutes: 60 },
  ],
  isbre: [
    { from: '11:30', minutes: 30, isPrivate: true, subject: 'Salary review' },
    { from: '13:00', minutes: 60, subject: '' },
    { from: '14:00', minutes: 60 },
  ],
  juniper: [
    ...backToBack(9, 12, 45),
    { from: '13:30', minutes: 60, isCancelled: true },
    { from: '15:00', minutes: 90 },
  ],
  kestrel: [
    { from: '08:30', minutes: 25, subject: '1:1' },
    { from: '10:00', minutes: 25, subject: '1:1', isPrivate: true },
    { from: '14:30', minutes: 50 },
  ],
  lofoten: [
    { from: '09:00', minutes: 180, subject: 'Workshop: spring release' },
    { from: '16:30', minutes: 150, subject: 'Board game evening' },
  ],
  mistral: [
    { from: '09:30', minutes: 60 },
    { from: '13:00', minutes: 30 },
  ],
  nordlys: [
    { from: '10:00', minutes: 60 },
    { from: '10:30', minutes: 60 },
    { from: '15:00', minutes: 30 },
  ],
};

export function planDay(date: string): Planned[] {
  const pick = picker(date);
  return Object.entries(ROOM_DAYS).flatMap(([room, slots]) =>
    slots.map(slot => ({ ...slot, room, subject: slot.subject ?? pick(SUBJECTS), organizer: pick(PEOPLE).alias })),
  );
}

/** Draws from lists, the same for the same seed (mulberry32). */
export function picker(seed: string): <T>(list: readonly T[]) => T {
  let state = [...seed].reduce(
    (hash, character) => Math.imul(hash ^ character.charCodeAt(0), 16_777_619),
    2_166_136_261,
  );
  return list => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const drawn = list[((mixed ^ (mixed >>> 14)) >>> 0) % list.length];
    if (drawn === undefined) throw new RangeError('nothing to draw from');
    return drawn;
  };
}

/** Minutes since midnight as `HH:mm`. */
export function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
