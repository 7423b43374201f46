/** The steps of a connection's test: what each tries, and what to do when it is the one that failed. */
import { type Instant, instant } from '../../../../src/contract/values/time.ts';
import type { ConnectionTest } from '../../../../src/contract/wire/console.ts';

type Step = ConnectionTest['steps'][number]['step'];
/** In the order in which they are tried. */
export const STEPS: readonly { step: Step; label: string; failed: string; mend: string }[] = [
  {
    step: 'sign-in-service',
    label: 'The sign-in service answers',
    failed: 'The sign-in service does not answer',
    mend: 'Check cloud and tenant ID, and that central may reach the sign-in service through firewall and proxy. If the network inspects TLS, add its CA under Advanced.',
  },
  {
    step: 'access-token',
    label: 'An access token can be had',
    failed: 'No access token can be had',
    mend: 'Get the access token anew; the card Access token says why the last one was refused.',
  },
  {
    step: 'graph',
    label: 'The calendar service answers',
    failed: 'The calendar service does not answer',
    mend: 'Check the Graph address, and that central may reach it through firewall and proxy.',
  },
  {
    step: 'room-list',
    label: 'Rooms are listed',
    failed: 'The rooms cannot be listed',
    mend: 'An administrator must allow Place.Read.All: turn on the calendar integration for the whole organisation.',
  },
  {
    step: 'read-a-room',
    label: 'A room’s calendar can be read',
    failed: 'A room’s calendar cannot be read',
    mend: 'Give the account rights to the room: Room health below has the command for each room.',
  },
  {
    step: 'write-a-room',
    label: 'A room’s calendar can be written',
    failed: 'A room’s calendar cannot be written',
    mend: 'The account may read the room but not book it: Room health below has the command for each room.',
  },
];

type Tried = ConnectionTest['steps'][number];
type Advice = { failed: string; mend: string };

/** Where central's words (central/consent/connection-test.ts) name another cause than the usual one of the step. */
const EXCEPTIONS: readonly { step: Step; said: RegExp; advice: Advice }[] = [
  {
    step: 'access-token',
    said: /^The token lacks /,
    advice: {
      failed: 'The access token lacks a permission',
      mend: 'An administrator must allow it: turn on the calendar integration for the whole organisation, then get the access token anew.',
    },
  },
  {
    step: 'room-list',
    said: /^The directory lists no rooms/,
    advice: {
      failed: 'The directory lists no rooms',
      mend: 'Make room mailboxes in Exchange, or wait a day after making them, then press Save Settings to import them.',
    },
  },
  {
    step: 'read-a-room',
    said: /^No room is imported/,
    advice: {
      failed: 'There is no room to try it with',
      mend: 'Import the rooms first: press Save Settings, then test again.',
    },
  },
];

/** What is wrong and what to do about it; null when all that was tried works. */
export function adviceOnTest({ steps }: ConnectionTest): Advice | null {
  const failed = steps.find(({ isOk }) => !isOk);
  if (failed === undefined) return null;
  const exception = EXCEPTIONS.find(({ step, said }) => step === failed.step && said.test(failed.detail));
  return exception?.advice ?? STEPS.find(({ step }) => step === failed.step) ?? null;
}

const ISO_INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** Central's words, with every instant as this reader knows times. */
export const detailWords = ({ detail }: Tried, dateTime: (at: Instant) => string) =>
  detail.replace(ISO_INSTANT, iso => {
    const at = Date.parse(iso);
    return Number.isNaN(at) ? iso : dateTime(instant(at));
  });
