/** The rooms of the sample office: fourteen on two floors, and one that Lintel's account was not given. */
import { DEFAULT_PROCESSING, type Place, type RoomProcessing } from '../store/mailboxes.ts';

export type RoomSeed = { alias: string; name: string; place: Place };
type Floor = 1 | 2;

const BUILDING = 'Fjord House';

/** What people find rooms by in Outlook: one list a floor. */
export const ROOM_LISTS: { alias: string; name: string }[] = [
  { alias: 'rooms.floor1', name: `${BUILDING}, 1st floor` },
  { alias: 'rooms.floor2', name: `${BUILDING}, 2nd floor` },
];

function room(
  alias: string,
  name: string,
  floor: Floor,
  capacity: number,
  processing: Partial<RoomProcessing> = {},
  more: Partial<Place> = {},
): RoomSeed {
  return {
    alias,
    name,
    place: {
      capacity,
      building: BUILDING,
      floorNumber: floor,
      floorLabel: floor === 1 ? '1st floor' : '2nd floor',
      nickname: name.split(' ')[0] ?? name,
      hasVideo: capacity >= 6,
      audioDevice: capacity >= 10 ? 'Ceiling microphones' : null,
      displayDevice: capacity >= 4 ? (capacity >= 10 ? 'Projector' : 'Wall screen') : null,
      isWheelChairAccessible: floor === 1,
      roomList: ROOM_LISTS[floor - 1]?.name ?? null,
      isShared: true,
      isWritable: true,
      isListed: true,
      processing: { ...DEFAULT_PROCESSING, ...processing },
      ...more,
    },
  };
}

/** As admins set it who want subjects on the panels and private meetings marked as such. */
const SHOWS_SUBJECTS: Partial<RoomProcessing> = { replacesSubject: false, removesPrivate: false };

/** The first is the one the demo's panel hangs beside. */
export const ROOMS: RoomSeed[] = [
  room('aurora', 'Aurora', 1, 8, SHOWS_SUBJECTS),
  room('birch', 'Birch', 1, 4, SHOWS_SUBJECTS),
  room('cedar', 'Cedar', 1, 6),
  room('dovre', 'Dovre', 1, 12),
  room('elder', 'Elder', 1, 2, SHOWS_SUBJECTS),
  room('fjell', 'Fjell', 1, 20, { removesPrivate: false }),
  room('geiranger', 'Geiranger', 2, 10, SHOWS_SUBJECTS),
  room('heron', 'Heron', 2, 4),
  room('isbre', 'Isbre', 2, 6, SHOWS_SUBJECTS),
  room('juniper', 'Juniper', 2, 5, { removesCancelled: true }),
  room('kestrel', 'Kestrel', 2, 3, SHOWS_SUBJECTS),
  room('lofoten', 'Lofoten', 2, 14, SHOWS_SUBJECTS),
  // Somebody forgot to let the account write.
  room('mistral', 'Mistral', 2, 8, SHOWS_SUBJECTS, { isWritable: false }),
  // Opened last week: in no list yet, and it takes every booking it is sent.
  room('nordlys', 'Nordlys', 2, 4, { ...SHOWS_SUBJECTS, allowsConflicts: true }, { roomList: null }),
];

/** Exists, but neither the service account nor the app has rights to it, and the room finder does not list it. */
export const BOARD_ROOM: RoomSeed = {
  alias: 'board-room',
  name: 'Board Room',
  place: { ...room('', 'Board Room', 2, 16).place, isShared: false, isListed: false },
};
