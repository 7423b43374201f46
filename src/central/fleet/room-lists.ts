import { stringsOf } from '../store/panels.ts';
import type { RoomRecord } from '../store/tables.ts';

/**
 * Tells the room list a room should be in, by what its neighbours are in: those of its floor, else of its building, else
 * all. Null when it is in one, when the directory knows no lists, and for rooms the directory does not list.
 */
export function makeListFinder(rooms: readonly RoomRecord[]): (room: RoomRecord) => string | null {
  const onFloor = new Map<string, string[]>();
  const inBuilding = new Map<string, string[]>();
  const anywhere: string[] = [];
  for (const room of rooms) {
    const lists = stringsOf(room.room_lists);
    anywhere.push(...lists);
    note(inBuilding, buildingOf(room), lists);
    note(onFloor, floorOf(room), lists);
  }
  return room => {
    if (room.source === 'hand' || room.is_missing === 1 || stringsOf(room.room_lists).length > 0) return null;
    const near = [onFloor.get(floorOf(room) ?? ''), inBuilding.get(buildingOf(room) ?? '')];
    return commonest(near.find(lists => lists !== undefined && lists.length > 0) ?? anywhere);
  };
}

const buildingOf = ({ building }: RoomRecord) => building;
const floorOf = ({ building, floor }: RoomRecord) =>
  building === null || floor === null ? null : JSON.stringify([building, floor]);

function note(byPlace: Map<string, string[]>, place: string | null, lists: readonly string[]) {
  if (place !== null) byPlace.set(place, [...(byPlace.get(place) ?? []), ...lists]);
}

function commonest(names: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [first] = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return first?.[0] ?? null;
}
