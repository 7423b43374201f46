/** Every setting: what it is called, what it means, its unit and range, its control, and its value in words. */
import type { ComponentChildren } from 'preact';
import type { Policy, PolicyField } from '../../../../src/contract/values/policy.ts';
import type { Duration } from '../../../../src/contract/values/time.ts';
import type { FieldIds } from '../../parts/field.tsx';
import { Choice, type ControlProps, Lengths, Line, TimeSpan, UNITS, YesNo } from './controls.tsx';
import {
  CheckIn,
  DimmingControl,
  Hours,
  LogoControl,
  type Pin,
  PinControl,
  PrivacyControl,
  Strikes,
} from './special-controls.tsx';

export type Setting = {
  field: PolicyField;
  label: string;
  meaning: string;
  /** Said when the value is out of it. */
  range: string | null;
  words(value: unknown): string;
  control(ids: FieldIds, value: unknown, onChange: (value: unknown) => void): ComponentChildren;
};

type Definition<F extends PolicyField> = {
  field: F;
  label: string;
  meaning: string;
  range?: string;
  words: (value: Policy[F]) => string;
  Control: (props: ControlProps<Policy[F]>) => ComponentChildren;
};

/** The only place where a value meets its field's type: values come from the policy under the same name. */
function setting<F extends PolicyField>({ range, words, Control, ...rest }: Definition<F>): Setting {
  return {
    ...rest,
    range: range ?? null,
    words: value => words(value as Policy[F]),
    control: (ids, value, onChange) => (
      <Control {...ids} name={rest.field} value={value as Policy[F]} onChange={onChange} />
    ),
  };
}

type Named<T extends string> = readonly (readonly [T, string])[];

/** One of several, each in words. */
function choice<F extends PolicyField>(
  definition: Omit<Definition<F>, 'words' | 'Control'>,
  options: Named<Extract<Policy[F], string>>,
): Setting {
  return setting<F>({
    ...definition,
    words: value => options.find(([key]) => key === value)?.[1] ?? String(value),
    Control: ({ value, onChange, ...ids }) => (
      <Choice
        {...ids}
        value={String(value)}
        options={options}
        onChange={chosen => {
          const option = options.find(([key]) => key === chosen);
          if (option) onChange(option[0]);
        }}
      />
    ),
  });
}

const minutesOf = (length: Duration) => Math.round((length / UNITS.minutes) * 10) / 10;
const inMinutes = (length: Duration) => `${minutesOf(length)} min`;
const listed = (lengths: Duration[]) => `${lengths.map(minutesOf).join(', ')} min`;
const LENGTHS = 'One to six lengths between 5 and 480 minutes, such as 15, 30, 60';

export const GROUPS: { title: string; about: string; settings: Setting[] }[] = [
  {
    title: 'Look',
    about: 'What the panel looks like, and the language it speaks.',
    settings: [
      choice({ field: 'language', label: 'Language', meaning: 'Of everything the panel says.' }, [
        ['en', 'English'],
        ['de', 'Deutsch'],
        ['nb', 'Norsk bokmål'],
      ]),
      choice({ field: 'hourCycle', label: 'Clock', meaning: 'How times of day are written.' }, [
        ['24h', '24 hours (14:30)'],
        ['12h', '12 hours (2:30 pm)'],
      ]),
      choice({ field: 'theme', label: 'Theme', meaning: 'Dark is easier on the eye in dim corridors.' }, [
        ['light', 'Light'],
        ['dark', 'Dark'],
      ]),
      setting({
        field: 'logo',
        label: 'Logo',
        meaning: 'Stands in a corner of the panel, on a light plate. PNG, JPEG, WebP or SVG, at most 24 KiB.',
        words: value => (value === null ? 'none' : 'a picture'),
        Control: LogoControl,
      }),
      setting({
        field: 'helpContact',
        label: 'Help contact',
        meaning: 'Whom to call when something does not work. Stands small on the panel; at most 80 characters.',
        range: 'At most 80 characters',
        words: value => value ?? 'none',
        Control: props => <Line {...props} placeholder="Reception, phone 1234" />,
      }),
    ],
  },
  {
    title: 'Booking',
    about: 'What people may do at the door.',
    settings: [
      choice(
        {
          field: 'bookingMode',
          label: 'Booking at the panel',
          meaning:
            'Direct writes into the room’s own calendar, at once. Inviting asks the room from the service account, so that its own booking policy in Exchange decides; the panel shows it as asked until the room has answered.',
        },
        [
          ['direct', 'Direct: written at once'],
          ['invite', 'Invite the room: its booking policy decides'],
          ['off', 'Off: the panel only shows'],
        ],
      ),
      setting({
        field: 'walkUps',
        label: 'Lengths offered',
        meaning: 'Buttons for booking on the spot, shortest first.',
        range: LENGTHS,
        words: listed,
        Control: Lengths,
      }),
      setting({
        field: 'longestBooking',
        label: 'Longest booking',
        meaning: 'Nothing booked at the door gets longer than this, extensions included.',
        range: 'From 15 to 1440 minutes',
        words: inMinutes,
        Control: props => <TimeSpan {...props} unit="minutes" min={15} max={1440} />,
      }),
      setting({
        field: 'extensions',
        label: 'Extensions offered',
        meaning: 'By how much a booking made at the door can be made longer.',
        range: LENGTHS,
        words: listed,
        Control: Lengths,
      }),
      choice(
        {
          field: 'endEarly',
          label: 'Ending early',
          meaning:
            'What somebody at the door may end before time. Shortening changes the room’s calendar only: the organiser’s own still shows the old end.',
        },
        [
          ['own', 'Only what was booked at the door'],
          ['shorten', 'Other meetings too: shorten them in the room’s calendar'],
          ['decline', 'Other meetings too: the room declines, the organiser is told'],
          ['off', 'Nothing'],
        ],
      ),
      setting({
        field: 'canFindRoom',
        label: 'Other rooms',
        meaning: 'Whether the panel shows which other rooms are free now, and books one of them.',
        words: value => (value ? 'offered' : 'not offered'),
        Control: props => <YesNo {...props} yes="Offered" no="Not offered" />,
      }),
      setting({
        field: 'isTentativeBusy',
        label: 'Tentative meetings',
        meaning: 'Whether a meeting that is only tentative takes the room.',
        words: value => (value ? 'take the room' : 'leave the room free'),
        Control: props => <YesNo {...props} yes="Take the room" no="Leave the room free" />,
      }),
      setting({
        field: 'startingSoon',
        label: 'Starting soon',
        meaning: 'How long before a meeting the panel says that it starts soon.',
        range: 'From 0 to 60 minutes',
        words: inMinutes,
        Control: props => <TimeSpan {...props} unit="minutes" min={0} max={60} />,
      }),
    ],
  },
  {
    title: 'Check-in',
    about: 'So that rooms nobody comes to are seen.',
    settings: [
      setting({
        field: 'checkIn',
        label: 'Check-in',
        meaning: 'Asks people to confirm at the panel that they came.',
        range: 'Opens 0 to 60 minutes before the start; 1 to 60 minutes after it',
        words: value =>
          value.kind === 'off'
            ? 'off'
            : `from ${inMinutes(value.opensBefore)} before to ${inMinutes(value.grace)} after the start`,
        Control: CheckIn,
      }),
      choice(
        {
          field: 'noShow',
          label: 'Nobody came',
          meaning:
            'When the time to check in is over. Released once, by the room’s own panel, and only if that has offered the check-in without a break, with a fresh calendar; the organiser is told why.',
        },
        [
          ['keep', 'Keep the meeting'],
          ['release', 'Release the room'],
        ],
      ),
      setting({
        field: 'neverReleaseFrom',
        label: 'Never released',
        meaning: 'Meetings this long or longer stay, whoever came. All-day meetings always stay.',
        range: 'From 30 to 1440 minutes',
        words: value => `from ${inMinutes(value)}`,
        Control: props => <TimeSpan {...props} unit="minutes" min={30} max={1440} />,
      }),
      setting({
        field: 'strikes',
        label: 'Series nobody comes to',
        meaning:
          'Counts no-shows in a row of one series. Days of the public holiday calendar (Server Settings) do not count.',
        range: 'From 2 to 10 times in a row',
        words: value =>
          value.kind === 'off'
            ? 'nothing happens'
            : `${value.kind === 'tell' ? 'organiser told' : 'rest declined'} after ${value.after} in a row`,
        Control: Strikes,
      }),
    ],
  },
  {
    title: 'Privacy',
    about: 'What the corridor may read. Meetings marked private or confidential are always masked.',
    settings: [
      setting({
        field: 'privacy',
        label: 'Shown on the panel',
        meaning: 'What is hidden never reaches the panel’s screen, its disk or its log.',
        words: value =>
          [
            `subjects ${value.subjects}`,
            `organisers ${value.organizers}`,
            value.isPersonalPrivate ? 'personal masked' : 'personal shown',
          ].join(', '),
        Control: PrivacyControl,
      }),
    ],
  },
  {
    title: 'Day and night',
    about: 'In each room’s own time zone.',
    settings: [
      setting({
        field: 'workingHours',
        label: 'Working hours',
        meaning: 'When people are usually there.',
        words: ({ days, start, end }) => `${days.length} days a week, ${start} to ${end}`,
        Control: Hours,
      }),
      setting({
        field: 'dimming',
        label: 'Dim the screen',
        meaning: 'Saves the display. Never while a meeting is on; the first touch only wakes it.',
        range: 'From 5 to 80 %',
        words: value => (value.kind === 'off' ? 'never' : `to ${value.brightness} % outside working hours`),
        Control: DimmingControl,
      }),
    ],
  },
  {
    title: 'Panel',
    about: 'For those who look after the panels.',
    settings: [
      {
        field: 'pin',
        label: 'Panel access PIN',
        meaning:
          '4 to 8 digits, asked before the panel’s service page opens (hold the clock for three seconds). Without one the page shows facts only.',
        range: 'A PIN has 4 to 8 digits',
        words: value => (value === null ? 'none' : 'set'),
        // Beside the stored hash it may hold the digits of a new one.
        control: (ids, value, onChange) => <PinControl {...ids} name="pin" value={value as Pin} onChange={onChange} />,
      },
      setting({
        field: 'pollEvery',
        label: 'Read the calendar every',
        meaning: 'More often shows changes sooner and asks the provider more. 30 seconds suit most.',
        range: 'From 5 to 600 seconds',
        words: value => `${value / UNITS.seconds} s`,
        Control: props => <TimeSpan {...props} unit="seconds" min={5} max={600} />,
      }),
    ],
  },
];

export const settingOf = (field: string): Setting | undefined =>
  GROUPS.flatMap(group => group.settings).find(found => found.field === field);
