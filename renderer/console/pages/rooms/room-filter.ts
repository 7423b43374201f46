/** Which rooms are asked for. Pure, so that two thousand of them can be told apart at every key. */
import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import { makeSearch } from '../../parts/search.ts';
import { needsAttention } from './panel-state.ts';

export type Show = 'all' | 'attention' | 'no-panel' | 'missing';
export type RoomFilter = {
  typed: string;
  show: Show;
  /** Empty: any. */
  building: string;
  floor: string;
  /** As typed; not a number: any. */
  seats: string;
  equipment: string;
  connection: string;
};
export const NO_FILTER: RoomFilter = {
  typed: '',
  show: 'all',
  building: '',
  floor: '',
  seats: '',
  equipment: '',
  connection: '',
};

const SHOWS: Record<Show, (room: RoomRow) => boolean> = {
  all: () => true,
  attention: needsAttention,
  'no-panel': room => room.panel === null,
  missing: room => room.isMissing,
};

const search = makeSearch<RoomRow>(({ name, address, building, floor, equipment, roomLists, connection, panel }) => [
  name,
  address,
  building,
  floor && `floor ${floor}`,
  ...equipment,
  ...roomLists,
  connection.name,
  panel?.name,
  panel?.hostname,
  panel?.mac,
]);

const seatsOf = (typed: string) => (/^\s*\d+\s*$/.test(typed) ? Number(typed) : 0);

/** How many filters beside the search and the tabs are set. */
export const filtersSet = ({ building, floor, seats, equipment, connection }: RoomFilter) =>
  [building, floor, equipment, connection].filter(Boolean).length + (seatsOf(seats) > 0 ? 1 : 0);

/** Everything but the tab, so that each tab can say how many it would show. */
export function narrowed(rooms: readonly RoomRow[], filter: RoomFilter): readonly RoomRow[] {
  const seats = seatsOf(filter.seats);
  const fits = (room: RoomRow) =>
    (filter.building === '' || room.building === filter.building) &&
    (filter.floor === '' || room.floor === filter.floor) &&
    (seats === 0 || (room.capacity ?? 0) >= seats) &&
    (filter.equipment === '' || room.equipment.includes(filter.equipment)) &&
    (filter.connection === '' || room.connection.id === filter.connection);
  return search(filtersSet(filter) === 0 ? rooms : rooms.filter(fits), filter.typed);
}

export const shownAs = (rooms: readonly RoomRow[], show: Show) => (show === 'all' ? rooms : rooms.filter(SHOWS[show]));

/** What can be chosen; floors are those of the chosen building. */
export function choicesOf(rooms: readonly RoomRow[], building: string) {
  const inBuilding = building === '' ? rooms : rooms.filter(room => room.building === building);
  const connections = new Map(rooms.map(({ connection }) => [connection.id, connection.name]));
  return {
    buildings: distinct(rooms.map(room => room.building)),
    floors: distinct(inBuilding.map(room => room.floor)),
    equipment: distinct(rooms.flatMap(room => room.equipment)),
    connections: [...connections].map(([id, name]) => ({ id, name })),
  };
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
export const byName = (a: RoomRow, b: RoomRow) => collator.compare(a.name, b.name);
const distinct = (values: readonly (string | null)[]) =>
  [...new Set(values.filter((value): value is string => Boolean(value)))].sort(collator.compare);
