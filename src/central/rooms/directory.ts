/** Reads the tenant's rooms and room lists from Microsoft Graph's places (learn.microsoft.com, place-list). */
import * as v from 'valibot';
import { RoomAddress } from '../../contract/values/ids.ts';
import { askAll, type Failed, type Graph } from './tenant-graph.ts';

export type ListedRoom = {
  address: RoomAddress;
  name: string;
  capacity: number | null;
  building: string | null;
  floor: string | null;
  equipment: string[];
};
export type RoomLists = {
  /** Names of the lists that were read, by the address of a room in them. */
  byRoom: ReadonlyMap<RoomAddress, readonly string[]>;
  /** Lists whose rooms could not be read; `all`: nobody knows which lists there are. */
  unread: 'all' | ReadonlySet<string>;
  /** What went wrong; null when nothing did. */
  problem: string | null;
};
/** `skipped`: entries that cannot be booked, because they have no address, or one that nobody can write. */
export type DirectoryRead = { kind: 'listed'; rooms: ListedRoom[]; skipped: number; lists: RoomLists };

const MOST_PAGES = 200;
const LONGEST = 200;
const MOST_EQUIPMENT = 30;
/** As when an admin adds a room; more is a slip, and PostgreSQL's integers end somewhere. */
const MOST_SEATS = 100_000;

const words = v.nullish(v.pipe(v.string(), v.trim()));
/** Int32 in the schema, but a string in Microsoft's own samples. */
const Seats = v.nullish(v.union([v.number(), v.pipe(v.string(), v.trim(), v.nonEmpty(), v.transform(Number))]));
const odd = <T>(schema: v.GenericSchema<unknown, T>) => v.fallback(v.nullish(schema, null), null);
const Place = v.looseObject({
  displayName: words,
  emailAddress: v.pipe(v.string(), v.trim(), RoomAddress),
  capacity: odd(Seats),
  building: odd(words),
  floorLabel: odd(words),
  floorNumber: odd(v.union([v.number(), v.string()])),
  audioDeviceName: odd(words),
  videoDeviceName: odd(words),
  displayDeviceName: odd(words),
  isWheelChairAccessible: odd(v.boolean()),
  tags: odd(v.array(v.string())),
});
type Place = v.InferOutput<typeof Place>;
const List = v.looseObject({ displayName: words, emailAddress: v.pipe(v.string(), v.trim(), v.nonEmpty()) });
const Member = v.looseObject({ emailAddress: v.pipe(v.string(), v.trim(), RoomAddress) });

/** The rooms or the reason why not; room lists are extra, and their failure loses no room. */
export async function readDirectory(graph: Graph, signal?: AbortSignal): Promise<DirectoryRead | Failed> {
  const read = await askAll(
    graph,
    { name: 'rooms', path: '/places/microsoft.graph.room?$top=100', signal },
    MOST_PAGES,
  );
  if (read.kind === 'failed') return read;
  const rooms = new Map<RoomAddress, ListedRoom>();
  let skipped = 0;
  for (const item of read.items) {
    const place = v.safeParse(Place, item);
    if (place.success) rooms.set(place.output.emailAddress, toRoom(place.output));
    else skipped++;
  }
  return { kind: 'listed', rooms: [...rooms.values()], skipped, lists: await readLists(graph, signal) };
}

async function readLists(graph: Graph, signal?: AbortSignal): Promise<RoomLists> {
  const path = '/places/microsoft.graph.roomlist?$top=100';
  const read = await askAll(graph, { name: 'room-lists', path, signal }, MOST_PAGES);
  if (read.kind === 'failed') return { byRoom: new Map(), unread: 'all', problem: read.detail };
  const lists = read.items.flatMap(item => {
    const list = v.safeParse(List, item);
    return list.success ? [list.output] : [];
  });
  // Graph lets four through at a time; the rest wait their turn.
  const members = await Promise.all(lists.map(list => readMembers(graph, list.emailAddress, signal)));
  const byRoom = new Map<RoomAddress, string[]>();
  const unread = new Set<string>();
  let problem: string | null = null;
  for (const [index, list] of lists.entries()) {
    const name = cut(list.displayName) ?? list.emailAddress;
    const answer = members[index];
    if (answer?.kind === 'all') for (const address of addressesIn(answer.items)) noteList(byRoom, address, name);
    else {
      unread.add(name);
      problem ??= answer?.detail ?? null;
    }
  }
  return { byRoom, unread, problem };
}

/** By the list's address, not its id. */
function readMembers(graph: Graph, list: string, signal?: AbortSignal) {
  const path = `/places/${encodeURIComponent(list)}/microsoft.graph.roomlist/rooms?$top=100`;
  return askAll(graph, { name: 'rooms-of-list', path, signal }, MOST_PAGES);
}

function addressesIn(items: readonly unknown[]): Set<RoomAddress> {
  const members = items.map(item => v.safeParse(Member, item));
  return new Set(members.flatMap(member => (member.success ? [member.output.emailAddress] : [])));
}

function noteList(byRoom: Map<RoomAddress, string[]>, address: RoomAddress, name: string) {
  const known = byRoom.get(address) ?? [];
  if (!known.includes(name)) byRoom.set(address, [...known, name].sort());
}

function toRoom(place: Place): ListedRoom {
  const { emailAddress, capacity, floorNumber } = place;
  return {
    address: emailAddress,
    name: cut(place.displayName) ?? emailAddress.slice(0, LONGEST),
    capacity: isCapacity(capacity) ? capacity : null,
    building: cut(place.building),
    floor: cut(place.floorLabel) ?? (floorNumber === null ? null : cut(String(floorNumber))),
    equipment: equipmentOf(place),
  };
}

const isCapacity = (seats: unknown): seats is number =>
  typeof seats === 'number' && Number.isInteger(seats) && seats >= 0 && seats <= MOST_SEATS;

/** The devices by their names, what the tags say, each once whatever its capitals. */
function equipmentOf(place: Place): string[] {
  const { audioDeviceName, videoDeviceName, displayDeviceName, isWheelChairAccessible, tags } = place;
  const access = isWheelChairAccessible === true ? 'Wheelchair accessible' : null;
  const all = [displayDeviceName, videoDeviceName, audioDeviceName, ...(tags ?? []), access];
  const words = all.flatMap(text => cut(text) ?? []);
  return [...new Map(words.map(word => [word.toLowerCase(), word])).values()].slice(0, MOST_EQUIPMENT);
}

/** One line that fits the tables; null when nothing is left of it. */
function cut(text: string | null | undefined): string | null {
  const line = (text ?? '')
    .toWellFormed()
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return line === '' ? null : line.slice(0, LONGEST).toWellFormed().trim();
}
