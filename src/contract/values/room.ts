import * as v from 'valibot';
import { RoomAddress, RoomId } from './ids.ts';
import { ZoneName } from './time.ts';

/** A bookable room as central hands it to panels. */
export const Room = v.object({
  id: RoomId,
  address: RoomAddress,
  name: v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)),
  zone: ZoneName,
  capacity: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))),
  building: v.nullable(v.string()),
  floor: v.nullable(v.string()),
});
export type Room = v.InferOutput<typeof Room>;

/** A room that another room's panel may offer instead; `equipment` as the directory or an admin says it. */
export const OfferedRoom = v.object({ ...Room.entries, equipment: v.array(v.string()) });
export type OfferedRoom = v.InferOutput<typeof OfferedRoom>;
