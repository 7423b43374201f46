/** A room's calendar over Microsoft Graph v1.0. facts/calendar-apis.md section 1 says what it relies on. */
import type { Clock } from '../../contract/values/clock.ts';
import type { RoomAddress } from '../../contract/values/ids.ts';
import type { Privacy } from '../../contract/values/policy.ts';
import type { ZoneName } from '../../contract/values/time.ts';
import type { RoomCalendar } from '../room-calendar.ts';
import { book } from './book.ts';
import { cancel, changeEnd, decline } from './change.ts';
import { openConnection } from './connection.ts';
import { makeCreationReader } from './creation.ts';
import { listed, type Mailbox, readWindow } from './list.ts';
import type { GraphFetch, TokenSource } from './ports.ts';

export type GraphCalendarOptions = {
  fetch: GraphFetch;
  /** Of the chosen cloud, without `/v1.0`: `https://graph.microsoft.com`. The token is sent to this origin only. */
  graphBase: string;
  room: RoomAddress;
  /** The room's own zone, in which all-day events are dates. */
  zone: ZoneName;
  token: TokenSource;
  clock: Clock;
  /** Applied here, once: what is hidden never leaves the provider. */
  privacy: Privacy;
  /** In 0..1, to spread repeats; without it they come after a fixed pause. */
  random?: () => number;
};

/** Holds no timer and no connection between calls; there is nothing to stop. */
export function makeGraphCalendar(options: GraphCalendarOptions): RoomCalendar {
  const { room, zone, privacy, random = () => 0.5 } = options;
  const connection = openConnection({ ...options, random });
  const mailbox: Mailbox = { connection, room, rules: { zone, privacy } };
  const readCreation = makeCreationReader(mailbox);

  return {
    async list(window, signal) {
      const read = await readWindow(mailbox, window, signal);
      if (read.kind === 'failed') return read;
      await readCreation(read.placed, signal);
      return listed(read);
    },
    book: (request, signal) => book(mailbox, request, signal),
    changeEnd: (event, version, end, signal) => changeEnd(mailbox, event, version, end, signal),
    cancel: (event, version, signal) => cancel(mailbox, event, version, signal),
    decline: (event, comment, signal) => decline(mailbox, event, comment, signal),
  };
}
