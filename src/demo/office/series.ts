/** The office's recurring meetings. */
import type { Recurrence } from '../calendar/recurrence.ts';

export type PlannedSeries = {
  room: string;
  from: string;
  minutes: number;
  subject: string;
  organizer: string;
  pattern: Recurrence['pattern'];
  /** On the day it is made, the organiser has moved the occurrence by this many minutes. */
  movedToday?: number;
};

type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday';
const WORKDAYS: Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const weekly = (...daysOfWeek: Weekday[]): Recurrence['pattern'] => ({
  type: 'weekly',
  interval: 1,
  daysOfWeek,
  firstDayOfWeek: 'monday',
});

export function planSeries(demoRoom: string, standUp: string): PlannedSeries[] {
  return [
    {
      room: demoRoom,
      from: standUp,
      minutes: 15,
      subject: 'Stand-up Harbour',
      organizer: 'ingrid.solberg',
      pattern: weekly(...WORKDAYS),
    },
    {
      room: 'cedar',
      from: '09:15',
      minutes: 15,
      subject: 'Stand-up Payments',
      organizer: 'lukasz.wisniewski',
      pattern: weekly(...WORKDAYS),
    },
    {
      room: 'geiranger',
      from: '09:30',
      minutes: 15,
      subject: 'Stand-up Platform',
      organizer: 'priya.raghunathan',
      pattern: weekly(...WORKDAYS),
    },
    {
      room: 'isbre',
      from: '10:00',
      minutes: 60,
      subject: 'Planning',
      organizer: 'ase.brathen',
      pattern: weekly('monday', 'wednesday', 'friday'),
    },
    {
      room: 'lofoten',
      from: '14:00',
      minutes: 30,
      subject: 'Product sync',
      organizer: 'zofia.novakova',
      pattern: weekly(...WORKDAYS),
      movedToday: 30,
    },
    {
      room: 'kestrel',
      from: '13:00',
      minutes: 30,
      subject: 'Mentoring',
      organizer: 'kenji.tanaka',
      pattern: weekly(...WORKDAYS),
    },
    {
      room: 'heron',
      from: '07:45',
      minutes: 15,
      subject: 'Facilities round',
      organizer: 'bjorn.aegisson',
      pattern: { type: 'daily', interval: 1 },
    },
    {
      room: 'fjell',
      from: '15:30',
      minutes: 60,
      subject: 'All hands',
      organizer: 'amara.okafor',
      pattern: { type: 'relativeMonthly', interval: 1, daysOfWeek: ['thursday'], index: 'last' },
    },
  ];
}
