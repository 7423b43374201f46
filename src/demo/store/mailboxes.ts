/** Mailboxes: people, the service account and rooms. A room also says how it treats invitations. */
import * as v from 'valibot';
import type { Db } from './database.ts';

/** Set-CalendarProcessing's switches, with Exchange's defaults for AutoAccept. */
export const RoomProcessing = v.object({
  /** AddOrganizerToSubject and DeleteSubject: the organiser's name takes the subject's place. */
  replacesSubject: v.boolean(),
  /** RemovePrivateProperty: the private flag is cleared on the room's copy. */
  removesPrivate: v.boolean(),
  /** RemoveCanceledMeetings: a cancelled meeting disappears instead of staying marked as cancelled. */
  removesCancelled: v.boolean(),
  allowsConflicts: v.boolean(),
  /** PreserveDeclinedMeetings: what was declined stays, marked as such. Absent in a data directory of an earlier version. */
  keepsDeclined: v.optional(v.boolean(), false),
});
export type RoomProcessing = v.InferOutput<typeof RoomProcessing>;

/** Some of the switches. */
export const ProcessingChange = v.object({
  replacesSubject: v.exactOptional(v.boolean()),
  removesPrivate: v.exactOptional(v.boolean()),
  removesCancelled: v.exactOptional(v.boolean()),
  allowsConflicts: v.exactOptional(v.boolean()),
  keepsDeclined: v.exactOptional(v.boolean()),
});
export type ProcessingChange = v.InferOutput<typeof ProcessingChange>;

export const DEFAULT_PROCESSING: RoomProcessing = {
  replacesSubject: true,
  removesPrivate: true,
  removesCancelled: false,
  allowsConflicts: false,
  keepsDeclined: false,
};

export const Place = v.object({
  capacity: v.number(),
  building: v.string(),
  floorNumber: v.number(),
  floorLabel: v.string(),
  nickname: v.string(),
  hasVideo: v.boolean(),
  // Absent in a data directory of an earlier version.
  audioDevice: v.optional(v.nullable(v.string()), null),
  displayDevice: v.optional(v.nullable(v.string()), null),
  isWheelChairAccessible: v.optional(v.boolean(), true),
  /** Display name of the room list it is in; null: in none. */
  roomList: v.optional(v.nullable(v.string()), null),
  /** Whether the service account (or the app) was given rights to this mailbox. */
  isShared: v.boolean(),
  /** Whether the service account may also write; the app always may, where it has rights. */
  isWritable: v.optional(v.boolean(), true),
  /** Whether the directory lists it. */
  isListed: v.boolean(),
  processing: RoomProcessing,
});
export type Place = v.InferOutput<typeof Place>;

const PlaceJson = v.pipe(v.string(), v.parseJson(), Place);
const Row = v.variant('kind', [
  v.object({ kind: v.literal('user'), address: v.string(), id: v.string(), name: v.string() }),
  v.object({ kind: v.literal('room'), address: v.string(), id: v.string(), name: v.string(), place: PlaceJson }),
]);
export type Mailbox = v.InferOutput<typeof Row>;
export type RoomMailbox = Extract<Mailbox, { kind: 'room' }>;

export interface Mailboxes {
  /** By address (any case) or object id; null when there is none. */
  find(key: string): Mailbox | null;
  rooms(): RoomMailbox[];
  all(): Mailbox[];
  /** Adds one that is not there yet. */
  add(mailbox: Mailbox): void;
  changeProcessing(address: string, change: ProcessingChange): void;
}

export function makeMailboxes(db: Db): Mailboxes {
  const byKey = db.prepare('select * from mailbox where address = ? or id = ?');
  const every = db.prepare('select * from mailbox order by rowid');
  const insert = db.prepare('insert or ignore into mailbox (address, id, kind, name, place) values (?, ?, ?, ?, ?)');
  const setPlace = db.prepare('update mailbox set place = ? where address = ?');
  const find = (key: string) => {
    const row = byKey.get(key.toLowerCase(), key.toLowerCase());
    return row === undefined ? null : v.parse(Row, row);
  };
  const all = () => every.all().map(row => v.parse(Row, row));
  return {
    find,
    all,
    rooms: () => all().filter(mailbox => mailbox.kind === 'room'),
    add(mailbox) {
      const place = mailbox.kind === 'room' ? JSON.stringify(mailbox.place) : null;
      insert.run(mailbox.address, mailbox.id, mailbox.kind, mailbox.name, place);
    },
    changeProcessing(address, change) {
      const room = find(address);
      if (room?.kind !== 'room') return;
      const place: Place = { ...room.place, processing: { ...room.place.processing, ...change } };
      setPlace.run(JSON.stringify(place), room.address);
    },
  };
}
