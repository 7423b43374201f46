/** The fields of a room that is added or edited by hand, as typed, and what they mean. */
import * as v from 'valibot';
import { NewRoom, type RoomRow } from '../../../../src/contract/wire/console.ts';

/** In the order they stand on the page: the first wrong one gets the focus. */
export type RoomDraft = {
  name: string;
  address: string;
  connection: string;
  zone: string;
  capacity: string;
  building: string;
  floor: string;
  /** Separated by commas or lines. */
  equipment: string;
};
export type RoomErrors = Partial<Record<keyof RoomDraft, string>>;

export const newDraft = (connection: string, zone: string): RoomDraft => ({
  name: '',
  address: '',
  connection,
  zone,
  capacity: '',
  building: '',
  floor: '',
  equipment: '',
});

export const draftOf = (room: RoomRow): RoomDraft => ({
  name: room.name,
  address: room.address,
  connection: room.connection.id,
  zone: room.zone,
  capacity: room.capacity === null ? '' : String(room.capacity),
  building: room.building ?? '',
  floor: room.floor ?? '',
  equipment: room.equipment.join(', '),
});

const WORDS: Record<keyof RoomDraft, string> = {
  connection: 'Choose the server that has its calendar',
  address: 'An e-mail address, such as room-1@example.com',
  name: 'Name is missing',
  zone: 'Choose a time zone',
  capacity: 'A whole number from 0 to 100,000',
  building: 'At most 200 characters',
  floor: 'At most 200 characters',
  equipment: 'At most 30 things, each of at most 200 characters',
};

export type ParsedRoom = { kind: 'ok'; room: NewRoom } | { kind: 'wrong'; errors: RoomErrors };

export function parseRoom(draft: RoomDraft): ParsedRoom {
  const orNull = (text: string) => (text.trim() === '' ? null : text);
  const seats = draft.capacity.trim();
  const equipment = draft.equipment.split(/[,;\n]/).map(part => part.trim());
  const parsed = v.safeParse(NewRoom, {
    ...draft,
    capacity: seats === '' ? null : /^\d+$/.test(seats) ? Number(seats) : Number.NaN,
    building: orNull(draft.building),
    floor: orNull(draft.floor),
    equipment: [...new Set(equipment)].filter(Boolean),
  });
  if (parsed.success) return { kind: 'ok', room: parsed.output };
  const errors: RoomErrors = {};
  for (const issue of parsed.issues) {
    const field = issue.path?.[0]?.key as keyof RoomDraft | undefined;
    if (field !== undefined) errors[field] = WORDS[field];
  }
  return { kind: 'wrong', errors };
}
