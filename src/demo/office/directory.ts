/** Puts the office's mailboxes into the store; those already there stay as they are. */
import type { Mailboxes } from '../store/mailboxes.ts';
import { makeGuid } from '../store/secrets.ts';
import { DOMAIN, PEOPLE, SERVICE_ACCOUNT } from './people.ts';
import { BOARD_ROOM, ROOMS } from './rooms.ts';

export const addressOf = (alias: string) => `${alias}@${DOMAIN}`;

export function addMailboxes(mailboxes: Mailboxes) {
  for (const { alias, name } of [...PEOPLE, SERVICE_ACCOUNT]) {
    mailboxes.add({ kind: 'user', address: addressOf(alias), id: makeGuid(), name });
  }
  for (const { alias, name, place } of [...ROOMS, BOARD_ROOM]) {
    mailboxes.add({ kind: 'room', address: addressOf(alias), id: makeGuid(), name, place });
  }
}
