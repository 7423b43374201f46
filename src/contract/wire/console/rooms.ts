/** Rooms, and which panel shows them. */
import * as v from 'valibot';
import { MacAddress, PanelId, RoomAddress, RoomId } from '../../values/ids.ts';
import { Instant, PlainDate, Span, ZoneName } from '../../values/time.ts';
import { ReadProblem } from '../../values/trust.ts';
import { filled, short } from './common.ts';

export const PanelOfRoom = v.object({
  id: PanelId,
  /** What the admin calls it; null: never named. */
  name: v.nullable(v.string()),
  mac: v.nullable(MacAddress),
  hostname: v.string(),
  address: v.string(),
  agentVersion: v.string(),
  isOnline: v.boolean(),
  lastSeen: v.nullable(Instant),
  lastRead: v.nullable(Instant),
  readProblem: v.nullable(ReadProblem),
  problems: v.array(v.string()),
  /** What it runs, what it should run and since when, and why it would not. */
  configVersion: v.nullable(v.number()),
  targetVersion: v.number(),
  targetSince: v.nullable(Instant),
  configRefused: v.nullable(v.object({ version: v.number(), why: v.string() })),
  isConflict: v.boolean(),
  keyStore: v.picklist(['keychain', 'sealed-file']),
  /** First and last characters of its licence key. */
  licenceKeyHint: v.nullable(v.string()),
});
export type PanelOfRoom = v.InferOutput<typeof PanelOfRoom>;

export const RoomRow = v.object({
  id: RoomId,
  connection: v.object({ id: v.string(), name: v.string() }),
  /** `hand`: added by an admin; an import never flags or changes it. */
  source: v.picklist(['directory', 'hand']),
  address: RoomAddress,
  name: v.string(),
  zone: ZoneName,
  /** Whether an admin chose the zone for this room; an import then leaves it. */
  isZoneOwn: v.boolean(),
  capacity: v.nullable(v.number()),
  building: v.nullable(v.string()),
  floor: v.nullable(v.string()),
  equipment: v.array(v.string()),
  /** Names of the directory's room lists it is in. */
  roomLists: v.array(v.string()),
  /** Changes with the picture; null: none. */
  photo: v.nullable(v.string()),
  /** True when the directory did not list it at the last import; it is kept. */
  isMissing: v.boolean(),
  /** Whether settings of its own override the general ones. */
  hasOwnPolicy: v.boolean(),
  /** Findings of the last room check that are not mere hints. */
  findings: v.number(),
  panel: v.nullable(PanelOfRoom),
});
export type RoomRow = v.InferOutput<typeof RoomRow>;

const text = v.nullable(v.pipe(short, v.nonEmpty()));
const place = {
  name: filled('Name'),
  zone: ZoneName,
  capacity: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000))),
  building: text,
  floor: text,
  equipment: v.pipe(v.array(v.pipe(short, v.nonEmpty())), v.maxLength(30)),
};

/** For where a directory gives no list. */
export const NewRoom = v.object({ connection: v.string(), address: v.pipe(short, v.email(), RoomAddress), ...place });
export type NewRoom = v.InferOutput<typeof NewRoom>;

/** Of a directory's room only the zone can be changed (null: as the directory or the connection says). */
export const RoomEdit = v.variant('source', [
  v.object({ source: v.literal('directory'), zone: v.nullable(ZoneName) }),
  v.object({ source: v.literal('hand'), ...place }),
]);
export type RoomEdit = v.InferOutput<typeof RoomEdit>;

/** `data`: base64, at most 300 KiB of picture. */
export const PhotoInput = v.object({
  mediaType: v.picklist(['image/jpeg', 'image/png', 'image/webp']),
  data: v.pipe(v.string(), v.base64(), v.maxLength(410_000)),
});

/** One room's day as busy spans; what for and with whom stays with the provider. Null spans: it could not be read. */
export const RoomUse = v.object({
  room: RoomId,
  /** Midnight to midnight in the room's zone. */
  day: Span,
  busy: v.nullable(v.array(v.object({ span: Span, isTentative: v.boolean() }))),
});
export type RoomUse = v.InferOutput<typeof RoomUse>;
export const UseOfRooms = v.object({ date: PlainDate, read: Instant, rooms: v.array(RoomUse) });
export type UseOfRooms = v.InferOutput<typeof UseOfRooms>;
