/** Puts the office's mailboxes into the store; those already there stay as they are. */
import type { Mailboxes } from '../store/mailboxes.ts';
import { DOMAIN, PEOPLE, type PersonSeed, SERVICE_ACCOUNT } from './people.ts';
import { BOARD_ROOM, ROOMS, type RoomSeed } from './rooms.ts';

/** Who has a mailbox. */
export type Office = { people: readonly PersonSeed[]; rooms: readonly RoomSeed[] };

export const SAMPLE_OFFICE: Office = { people: [...PEOPLE, SERVICE_ACCOUNT], rooms: [...ROOMS, BOARD_ROOM] };

export const addressOf = (alias: string) => `${alias}@${DOMAIN}`;

export function addMailboxes(mailboxes: Mailboxes, { people, rooms }: Office, makeGuid: () => string) {
  for (const { alias, name } of people) {
    mailboxes.add({ kind: 'user', address: addressOf(alias), id: makeGuid(), name });
  }
  for (const { alias, name, place } of rooms) {
    mailboxes.add({ kind: 'room', address: addressOf(alias), id: makeGuid(), name, place });
  }
}
