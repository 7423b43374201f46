/**
 * What becomes of each row of a roll-out. Pure: the fleet as it is and the rows in, a verdict for each row out. A dry run
 * shows them, the real run does them.
 */
import * as v from 'valibot';
import { MacAddress, type PanelId } from '../../contract/values/ids.ts';
import { LicenceKey } from '../../contract/values/licence-key.ts';
import type { RollOutRow } from '../../contract/wire/console.ts';
import { licenceKeyHash } from './licence.ts';
import type { RollOutLine } from './roll-out-csv.ts';

export type Fleet = {
  rooms: readonly { id: string; name: string; address: string; is_missing: number }[];
  /** Those that have a room. */
  panels: readonly { id: string; mac: string | null; room_id: string | null }[];
  keys: readonly { id: string; hash: string; state: 'free' | 'used' | 'revoked'; panel_id: string | null }[];
  registrations: readonly { mac: string; room_id: string; licence_key_id: string | null }[];
  /** Panels that may be paired yet; null: any number. */
  seatsLeft: number | null;
};

/** What the desk said of a row's code; null: the row has none. */
export type CodeSaid = { kind: 'right'; panel: PanelId } | { kind: 'no'; why: string } | null;
/** A row of which the mac and the key are understood. */
export type RollOutItem = RollOutLine & { parsedMac: MacAddress | null; keyHash: string | null };
export type Planned = {
  row: RollOutRow;
  /** What to write; null for a row that changes nothing. */
  registration: { mac: MacAddress; room: string; licenceKeyId: string | null } | null;
  /** Whom to pair with it at once. */
  pairs: PanelId | null;
};

export function toItem(line: RollOutLine): RollOutItem {
  const mac = v.safeParse(MacAddress, line.mac);
  const key = v.safeParse(LicenceKey, line.key);
  const keyHash = line.key === '' ? null : key.success ? licenceKeyHash(key.output) : MISTYPED;
  return { ...line, parsedMac: mac.success ? mac.output : null, keyHash };
}

const MISTYPED = 'mistyped';

export function planRollOut(
  items: readonly RollOutItem[],
  fleet: Fleet,
  codes: ReadonlyMap<number, CodeSaid>,
): Planned[] {
  const book = new Book(fleet);
  const resolved = items.map(item => ({ item, found: book.findRoom(item.room) }));
  const repeated = {
    mac: linesBy(resolved, ({ item }) => item.parsedMac),
    room: linesBy(resolved, ({ found }) => ('id' in found ? found.id : null)),
    key: linesBy(resolved, ({ item }) => (item.keyHash === MISTYPED ? null : item.keyHash)),
  };
  return resolved.map(({ item, found }) => {
    const refuse = (message: string) => outcome(item, 'refused', message, null, null);
    const { parsedMac: mac, keyHash } = item;
    if (mac === null) return refuse('This is not a MAC address.');
    if (!('id' in found)) return refuse(found.why);
    const twice = [
      alsoIn(item.line, repeated.mac.get(mac), 'MAC address'),
      alsoIn(item.line, repeated.room.get(found.id), 'room'),
      keyHash === null ? null : alsoIn(item.line, repeated.key.get(keyHash), 'licence key'),
    ].find(message => message !== null);
    if (twice) return refuse(twice);
    const key = book.findKey(keyHash, mac, found.id);
    if ('why' in key) return refuse(key.why);
    const stands = book.whatStands(mac, found, keyHash === null ? null : key.id);
    if (stands.kind === 'no') return refuse(stands.why);
    if (stands.kind === 'paired') return outcome(item, 'unchanged', 'Paired with this room already.', null, null);
    // An empty cell leaves a registered key as it is.
    const licenceKeyId = keyHash === null ? stands.licenceKeyId : key.id;
    const registration = { mac, room: found.id, licenceKeyId };
    const code = codes.get(item.line) ?? null;
    if (code?.kind === 'right') {
      const why = book.takeSeat(licenceKeyId);
      if (why === null) return outcome(item, 'pairs', '', registration, code.panel);
      return outcome(item, 'registers', `Its code is right, but ${why}`, registration, null);
    }
    const message = code?.kind === 'no' ? code.why : '';
    if (stands.kind === 'registered') {
      return outcome(item, 'unchanged', message || 'Registered already.', null, null);
    }
    return outcome(item, 'registers', message, registration, null);
  });
}

/** The fleet, to look things up in. */
class Book {
  readonly #rooms;
  readonly #byAddress;
  readonly #byName;
  readonly #keys;
  readonly #panelInRoom;
  readonly #panelOfMac;
  readonly #keptByRoom;
  readonly #keptByMac;
  readonly #keptByKey;
  #seatsLeft: number;
  #freeKeys: number;

  constructor(fleet: Fleet) {
    this.#rooms = new Map(fleet.rooms.map(room => [room.id, room]));
    this.#byAddress = new Map(fleet.rooms.map(room => [room.address.toLowerCase(), room]));
    this.#byName = Map.groupBy(fleet.rooms, room => fold(room.name));
    this.#keys = new Map(fleet.keys.map(key => [key.hash, key]));
    this.#panelInRoom = new Map(fleet.panels.map(panel => [panel.room_id, panel]));
    this.#panelOfMac = new Map(fleet.panels.map(panel => [panel.mac, panel]));
    this.#keptByRoom = new Map(fleet.registrations.map(row => [row.room_id, row]));
    this.#keptByMac = new Map(fleet.registrations.map(row => [row.mac, row]));
    this.#keptByKey = new Map(fleet.registrations.map(row => [row.licence_key_id, row]));
    this.#seatsLeft = fleet.seatsLeft ?? Number.POSITIVE_INFINITY;
    this.#freeKeys = fleet.keys.filter(key => key.state === 'free' && !this.#keptByKey.has(key.id)).length;
  }

  findRoom(text: string): { id: string; name: string } | { why: string } {
    if (text === '') return { why: 'The room is missing.' };
    const named = this.#byName.get(fold(text)) ?? [];
    const room = this.#byAddress.get(text.toLowerCase()) ?? named[0];
    if (room === undefined) return { why: 'There is no room with this address or name.' };
    const isByName = room.address.toLowerCase() !== text.toLowerCase();
    if (isByName && named.length > 1) return { why: `${named.length} rooms have this name. Use the room’s address.` };
    if (room.is_missing === 1) return { why: 'The directory no longer lists this room.' };
    return room;
  }

  findKey(hash: string | null, mac: string, room: string): { id: string } | { why: string } {
    if (hash === null) return { id: '' };
    if (hash === MISTYPED) return { why: 'The licence key is mistyped: a character is wrong, missing or swapped.' };
    const key = this.#keys.get(hash);
    if (key === undefined) return { why: 'There is no such licence key.' };
    if (key.state === 'revoked') return { why: 'This licence key was revoked.' };
    if (key.state === 'used') {
      const holder = this.#panelInRoom.get(room);
      return holder?.mac === mac && holder.id === key.panel_id ? key : { why: 'Another panel uses this licence key.' };
    }
    const kept = this.#keptByKey.get(key.id);
    if (kept === undefined || kept.mac === mac) return key;
    return { why: `This licence key is registered for the MAC address ${kept.mac}.` };
  }

  whatStands(
    mac: string,
    room: { id: string; name: string },
    key: string | null,
  ):
    | { kind: 'no'; why: string }
    | { kind: 'paired' }
    | { kind: 'registered' | 'nothing'; licenceKeyId: string | null } {
    const holder = this.#panelInRoom.get(room.id);
    if (holder !== undefined && holder.mac === mac) return { kind: 'paired' };
    if (holder !== undefined)
      return { kind: 'no', why: `${room.name} has a panel already. Unpair or replace that one.` };
    const elsewhere = this.#panelOfMac.get(mac);
    if (elsewhere !== undefined) {
      const name = this.#rooms.get(elsewhere.room_id ?? '')?.name ?? 'another room';
      return { kind: 'no', why: `The panel with this MAC address is paired with ${name}. Move it there instead.` };
    }
    const kept = this.#keptByRoom.get(room.id);
    if (kept !== undefined && kept.mac !== mac) {
      return { kind: 'no', why: `${room.name} is registered for the MAC address ${kept.mac} already.` };
    }
    const own = this.#keptByMac.get(mac);
    const isSame = own !== undefined && own.room_id === room.id && (key === null || key === own.licence_key_id);
    return { kind: isSame ? 'registered' : 'nothing', licenceKeyId: own?.licence_key_id ?? null };
  }

  /** Null: there is a seat and a key for it. */
  takeSeat(key: string | null): string | null {
    if (this.#seatsLeft < 1) return 'the licence has no seat left.';
    if (key === null && this.#freeKeys < 1) return 'there is no free licence key left.';
    this.#seatsLeft--;
    if (key === null) this.#freeKeys--;
    return null;
  }
}

const fold = (name: string) => name.trim().replaceAll(/\s+/g, ' ').toLowerCase();

function linesBy<T extends { item: RollOutItem }>(rows: readonly T[], keyOf: (row: T) => string | null) {
  const lines = new Map<string, number[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === null) continue;
    const known = lines.get(key);
    if (known) known.push(row.item.line);
    else lines.set(key, [row.item.line]);
  }
  return lines;
}

/** Which of them is right only a person can know, so all are refused. */
function alsoIn(line: number, lines: readonly number[] | undefined, what: string): string | null {
  if (lines === undefined || lines.length < 2) return null;
  // A column filled with one value would make a message of thousands.
  const all = [...new Set([...lines.slice(0, 5), line])].sort((a, b) => a - b);
  return `The same ${what} stands in the lines ${all.slice(0, -1).join(', ')} and ${all.at(-1)}.`;
}

function outcome(
  { line, mac, parsedMac, room }: RollOutItem,
  verdict: RollOutRow['verdict'],
  message: string,
  registration: Planned['registration'],
  pairs: PanelId | null,
): Planned {
  return { row: { line, mac: parsedMac ?? mac, room, verdict, message }, registration, pairs };
}
