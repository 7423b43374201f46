/** Rooms as a Combobox offers them. */
import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import type { Option } from '../../parts/options.ts';
import { count } from '../../words.ts';
import { placeOf } from './panel-state.ts';
import { byName } from './room-filter.ts';

/** Rooms that still want a panel come first; by name within both. Vanished rooms are not offered. */
export function roomOptions(rooms: readonly RoomRow[]): Option[] {
  const times = new Map<string, number>();
  for (const { name } of rooms) times.set(name, (times.get(name) ?? 0) + 1);
  return rooms
    .filter(room => !room.isMissing)
    .sort((a, b) => Number(a.panel !== null) - Number(b.panel !== null) || byName(a, b))
    .map(room => ({
      value: room.id,
      label: room.name,
      detail: detailOf(room, (times.get(room.name) ?? 0) > 1 ? room.address : null),
      keywords: room.address,
    }));
}

function detailOf(room: RoomRow, address: string | null): string {
  return [room.panel ? 'has a panel' : null, placeOf(room), seats(room.capacity), address].filter(Boolean).join(' · ');
}

/** `8 seats`; null when nobody knows. */
export const seats = (capacity: number | null) =>
  capacity === null ? null : count(capacity, { one: '# seat', other: '# seats' });
