/** The day of the room whose panel the demo shows: free when the demo starts, with something before and after. */
import { clock, type Planned, picker } from './day.ts';
import { PEOPLE } from './people.ts';

const STEP = 15;
const LAST_END = 23 * 60 + 45;
/** How long the room is free at least, where the day is long enough. */
const FREE = 45;

/** `now` in minutes since midnight on the office's wall clock. */
export function planDemoRoom(room: string, date: string, now: number): Planned[] {
  const pick = picker(`${date} ${room}`);
  const before = Math.floor(now / STEP) * STEP;
  const after = Math.ceil((now + FREE) / STEP) * STEP;
  const wanted = [
    { from: before - 105, minutes: 45, subject: 'Kick-off: harbour project' },
    { from: before - 60, minutes: 60, subject: 'Design review' },
    { from: after, minutes: 45, subject: 'Weekly with Nordlys Energi' },
    { from: after + 45, minutes: 30, subject: 'Hiring committee', isPrivate: true },
    { from: after + 105, minutes: 60, subject: 'Demo rehearsal' },
    { from: after + 195, minutes: 30, subject: 'Coffee with the new ones', isTentative: true },
  ];
  return wanted
    .filter(({ from, minutes }) => from >= 0 && from + minutes <= LAST_END)
    .map(({ from, ...meeting }) => ({ ...meeting, room, from: clock(from), organizer: pick(PEOPLE).alias }));
}

/** When the room's daily stand-up can be without taking the room right now: nine, or the afternoon. */
export const standUpTime = (now: number) => (now >= 8 * 60 && now < 9 * 60 + 15 ? '16:15' : '09:00');
