/** A room's calendar over Microsoft Graph v1.0. facts/calendar-apis.md section 1 says what it relies on. */
import type { Clock } from '../../contract/values/clock.ts';
import type { Inviter } from '../../contract/values/config.ts';
import type { RoomAddress } from '../../contract/values/ids.ts';
import type { Privacy } from '../../contract/values/policy.ts';
import type { ZoneName } from '../../contract/values/time.ts';
import type { RoomCalendar } from '../room-calendar.ts';
import { book } from './book.ts';
import { cancel, changeEnd, decline } from './change.ts';
import { openConnection } from './connection.ts';
import { makeCreationReader } from './creation.ts';
import type { Gates } from './gate.ts';
import { makeInvitations } from './invitations.ts';
import { listed, type Mailbox, mailboxPath, readWindow } from './list.ts';
import type { GraphFetch, TokenSource } from './ports.ts';
import { readSchedules } from './schedule.ts';

export type GraphCalendarOptions = {
  fetch: GraphFetch;
  /** Of the chosen cloud, without `/v1.0`: `https://graph.microsoft.com`. The token is sent to this origin only. */
  graphBase: string;
  room: RoomAddress;
  /** As people call it, for invitations. */
  roomName: string;
  /** The room's own zone, in which all-day events are dates. */
  zone: ZoneName;
  token: TokenSource;
  clock: Clock;
  /** Applied here, once: what is hidden never leaves the provider. */
  privacy: Privacy;
  /** Whose calendar invitations are sent from; null when rooms are not invited. */
  inviter: Inviter | null;
  /** In 0..1, to spread repeats; without it they come after a fixed pause. */
  random?: () => number;
  /** Shared by the rooms of one tenant where one process reads many. */
  gates?: Gates;
};

/** Holds no timer and no connection between calls; there is nothing to stop. */
export function makeGraphCalendar(options: GraphCalendarOptions): RoomCalendar {
  const { room, roomName, zone, privacy, inviter, random = () => 0.5 } = options;
  const connection = openConnection({ ...options, random });
  const rules = { zone, privacy, inviter: inviter?.address ?? null };
  const mailbox: Mailbox = { connection, path: mailboxPath(room), rules };
  const readCreation = makeCreationReader(mailbox);
  // The signed-in account is asked as itself: its address need not be its sign-in name.
  const sender = inviter && {
    ...mailbox,
    path: inviter.isSignedIn ? '/me' : mailboxPath(inviter.address),
  };
  // An application has no /me, but rights to this room, or nothing else would work either.
  const scheduleOwner = inviter?.isSignedIn ? '/me' : mailbox.path;

  return {
    async list(window, signal) {
      const read = await readWindow(mailbox, window, signal);
      if (read.kind === 'failed') return read;
      return listed({ ...read, placed: await readCreation(read.placed, signal) });
    },
    book: (request, signal) => book(mailbox, request, signal),
    changeEnd: (event, version, end, signal) => changeEnd(mailbox, event, version, end, signal),
    cancel: (event, version, signal) => cancel(mailbox, event, version, signal),
    decline: (event, comment, signal) => decline(mailbox, event, comment, signal),
    declineSeries: (series, comment, signal) => decline(mailbox, series, comment, signal),
    schedule: (rooms, window, signal) => readSchedules(connection, scheduleOwner, rooms, window, signal),
    invitations: sender && makeInvitations(sender, { mailbox, address: room, name: roomName }),
  };
}
