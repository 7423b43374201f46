/** The panel in English. Its type is what every other language has to fill. */
import type { JoinProblem, RefusalReason } from '../../../src/contract/bridge/view.ts';
import type { ReadProblem } from '../../../src/contract/values/trust.ts';
import { plural } from '../plural.ts';

const count = plural('en-GB');

const readProblems: Record<ReadProblem, string> = {
  unreachable: 'The calendar cannot be reached over the network',
  'captive-portal': 'The network asks for a sign-in before it lets anything through',
  throttled: 'The calendar service asks us to wait',
  'provider-error': 'The calendar service has a fault',
  'sign-in-needed': 'The connection to the calendar has to be renewed in the console',
  'no-token': 'The central server has no access to the calendar yet',
  'no-access': 'The service account may not read this room’s calendar',
  'room-not-found': 'The calendar service does not know this room',
  misunderstood: 'The calendar service gave an answer we do not understand',
};

const refusals: Record<RefusalReason, string> = {
  'slot-taken': 'Somebody else has the room at that time.',
  'lost-race': 'Somebody else booked it a moment earlier.',
  'changed-meanwhile': 'The meeting was changed in the meantime.',
  gone: 'The meeting no longer exists.',
  'not-allowed': 'The room’s calendar does not allow it.',
  invalid: 'The calendar did not accept that time.',
  'too-late': 'The time had passed before the calendar could be reached.',
  'sign-in-needed': 'The connection to the calendar has to be renewed in the console.',
  'no-access': 'The service account may not change this room’s calendar.',
  'provider-error': 'The calendar service has a fault. Please try again.',
};

const joinProblems: Record<JoinProblem, string> = {
  unreachable: 'The central server does not answer.',
  'not-central': 'Something answers at that address, but it is not a Lintel central server.',
  'certificate-changed': 'The central server’s certificate has changed. Ask an administrator before you go on.',
  'too-many-tries': 'Too many tries. Please wait a few minutes.',
  'version-unsupported': 'The central server is of a version this panel does not speak.',
  'key-unknown': 'The central server does not know this licence key.',
  'key-in-use': 'This licence key is in use on another panel.',
  'key-revoked': 'This licence key has been revoked.',
  'room-taken': 'Another panel already stands at this room.',
  rejected: 'An administrator turned this panel down.',
  'code-expired': 'The pairing code has expired.',
  'key-store-unusable':
    'This machine cannot store the panel’s key: neither the keychain nor the data folder can be written.',
};

export const en = {
  status: {
    free: 'Free',
    taken: 'In use',
    soon: 'Starting soon',
    checkIn: 'Check in',
    unknown: 'Not known',
    booking: 'Booking',
  },
  /** The same word when the calendar was last read too long ago to vouch for it. */
  doubtful: (word: string) => `${word}?`,
  asFarAsKnown: 'as far as we know',
  until: (time: string) => `until ${time}`,
  restOfDay: 'for the rest of the day',
  allDay: 'all day',
  range: (from: string, to: string) => `${from}\u2009–\u2009${to}`,
  startsIn: (time: string, duration: string) => `at ${time}, in ${duration}`,
  startsNow: (time: string) => `at ${time}, now`,
  within: (left: string) => `within ${left}`,
  checkInBy: (time: string) => `Please check in by ${time}`,
  freeAt: (time: string) => `Free from ${time}`,
  notFreeToday: 'Not free again today',
  next: 'Next',
  nextNone: 'Nothing more today',
  meeting: {
    private: 'Private',
    untitled: 'Meeting',
    tentative: 'tentative',

    checkedIn: 'checked in',
  },
  overlap: (other: string) => `Double booked with ${other}`,
  unknownLead: 'Neither free nor taken can be claimed',
  unknownPlain: 'The calendar has not been read yet',
  floor: (floor: string) => (/^\d+$/.test(floor) ? `Floor ${floor}` : floor),
  seats: (n: number) => count(n, { one: '# seat', other: '# seats' }),
  stale: {
    age: (age: string) => `Last updated ${age} ago`,
    ageJustNow: 'Last updated less than a minute ago',
    plan: (time: string) => `showing the plan known at ${time}`,
    'agent-silent': 'The panel’s own program does not answer',
  },
  action: {
    book: 'Book',
    bookNow: 'Book now',
    minutes: (n: number) => (n % 60 === 0 ? `${n / 60} h` : `${n} min`),
    untilNext: 'Until next',
    extendBy: (n: string) => `+ ${n}`,
    extend: 'Extend',
    end: 'End now',
    endSure: 'End now?',
    endHint: 'Tap again',
    checkIn: 'Check in',
    dismiss: 'OK',
    takeBack: 'Cancel',
  },
  booking: {
    asked: {
      book: (span: string) => `Booking ${span} …`,
      extend: (end: string) => `Extending to ${end} …`,
      endEarly: 'Ending the meeting …',
      checkIn: 'Checking in …',
    },
    confirmed: {
      book: (span: string) => `Booked ${span}`,
      extend: (end: string) => `Extended to ${end}`,
      endEarly: 'The meeting has ended',
      checkIn: 'Checked in',
    },
    held: {
      book: (span: string) => `Requested ${span}`,
      extend: (end: string) => `Requested: extension to ${end}`,
      endEarly: 'Requested: end now',
      checkIn: 'Requested: check-in',
    },
    refused: {
      book: 'Not booked',
      extend: 'Not extended',
      endEarly: 'Not ended',
      checkIn: 'Not checked in',
    },
    heldDetail: 'It will be done as soon as the calendar answers.',
    unanswered: 'No answer',
    unansweredDetail: 'We do not know whether it was done. Please look again in a moment.',
    askedDetail: 'Waiting for the calendar',
  },
  problem: {
    centralAway: (time: string) => `Central has not answered since ${time}`,
    clockWrong: (by: string) => `This machine’s clock is wrong by ${by}`,
    snapshot: 'The saved day could not be read and was set aside',
    diskFull: 'The disk is full',
    configRefused: 'The new settings could not be applied; the old ones stay',
  },
  readProblems,
  refusals,
  joinProblems,
  starting: {
    title: 'Starting',
    restarting: 'Restarting',
    silent: 'Waiting for the panel’s own program',
  },
  find: {
    title: 'Where is the central server?',
    lead: 'It was not found by itself. Type its address, as it stands in the console.',
    example: 'lintel.example.com',
    connect: 'Connect',
    trying: (url: string) => `Trying ${url} …`,
    tried: (url: string) => `Tried last: ${url}`,
    address: 'Central’s address',
  },
  pairing: {
    title: 'Pair this panel',
    step1: 'Open the console on a computer, or scan the square with a phone',
    step2: 'Under Free MACs, find this code',
    step3: 'The same four words must stand there',
    asking: 'Asking for a code …',
    expiresIn: (left: string) => `Valid for ${left}`,
    expired: 'The code has expired',
    newCode: 'Get a new code',
    mac: 'MAC address',
    noMac: 'none found',
    central: 'Central',
    enterKey: 'Enter licence key',
    qr: 'QR code that opens the console at this pairing code',
  },
  licence: {
    title: 'Enter the licence key',
    lead: '25 characters in five groups. Upper and lower case are the same.',
    field: 'Licence key',
    wrong: 'A character is mistyped or two are swapped. Compare it once more.',
    left: (n: number) => count(n, { one: '# character to go', other: '# characters to go' }),
    good: 'The key is well formed',
    use: 'Use this key',
    checking: 'Checking the key …',
    back: 'Back',
  },
  chooseRoom: {
    title: 'Which room is this?',
    lead: 'The licence key allows these rooms.',
    none: 'No room is free for this key. Ask an administrator.',
  },
  conflict: {
    title: 'Two panels, one identity',
    lead: 'Another machine uses the same identity as this one: perhaps a copied disk. Neither shows a room until an administrator has decided which one stays.',
  },
  revoked: {
    title: 'Taken out of service',
    lead: 'An administrator has removed this panel. It holds no calendar any more.',
    again: 'Pair it again',
  },
  version: {
    title: 'Update needed',
    lead: 'The central server no longer speaks this panel’s version. Update the panel, and it comes back by itself.',
  },
  keyboard: { delete: 'Delete', space: 'Space' },
};

/** What another language's catalogue has to be. */
export type PanelText = typeof en;
