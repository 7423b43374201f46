/** The steps of a connection's test: what each tries, and what to do when it is the one that failed. */
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
