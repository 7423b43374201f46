/** The rooms of the sample office: twelve on two floors, and one that Lintel's account was not given. */
import { DEFAULT_PROCESSING, type Place, type RoomProcessing } from '../store/mailboxes.ts';

type RoomSeed = { alias: string; name: string; place: Place };

const BUILDING = 'Fjord House';

function room(
  alias: string,
  name: string,
  floor: 1 | 2,
  capacity: number,
  processing: Partial<RoomProcessing> = {},
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
      isShared: true,
      isListed: true,
      processing: { ...DEFAULT_PROCESSING, ...processing },
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
];

/** Exists, but neither the service account nor the app has rights to it, and the room finder does not list it. */
export const BOARD_ROOM: RoomSeed = {
  alias: 'board-room',
  name: 'Board Room',
  place: { ...room('', 'Board Room', 2, 16).place, isShared: false, isListed: false },
};
