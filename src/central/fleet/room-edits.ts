/** What admins change of rooms themselves. A directory's room is the directory's; only its zone can be chosen here. */
import * as v from 'valibot';
import { RoomId } from '../../contract/values/ids.ts';
import { scopeKey } from '../../contract/values/policy-cascade.ts';
import { DEFAULT_CONNECTION, type NewRoom, type RoomEdit } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { newId } from '../random.ts';
import { audit } from '../store/audit.ts';
import { type Db, isUniqueViolation } from '../store/store.ts';
import type { RoomRecord } from '../store/tables.ts';
import { bumpConfigs, tellConfigs } from './config.ts';
import { type Refusal, refused } from './refusal.ts';
import { changesOf } from './room-changes.ts';

export type RoomDone = { kind: 'done'; id: RoomId };

export async function addRoom(context: Context, input: NewRoom, admin: string): Promise<RoomDone | Refusal> {
  const { connection, address, equipment, ...place } = input;
  const id = v.parse(RoomId, newId());
  const insert = (tx: Db) => {
    const columns = { id, connection_id: connection, source: 'hand' as const, is_zone_own: 1, is_missing: 0 };
    return tx
      .insertInto('rooms')
      .values({ ...columns, ...place, address, equipment: JSON.stringify(equipment) })
      .execute();
  };
  const work = async (tx: Db): Promise<RoomDone | Refusal> => {
    if (!(await exists(tx, connection))) return refused('connection-unknown', 'There are no such server settings.');
    const taken = await holderOf(tx, address);
    if (taken !== null) return taken;
    await insert(tx);
    await audit(tx, context.clock, {
      actor: admin,
      action: 'room-added',
      subject: id,
      detail: { address, connection },
    });
    return { kind: 'done', id };
  };
  const outcome = await twiceWhenTaken(context, work);
  if (outcome.kind === 'done') context.hub.topicsChanged('rooms', 'set-up');
  return outcome;
}

export async function changeRoom(
  context: Context,
  id: RoomId,
  edit: RoomEdit,
  admin: string,
): Promise<RoomDone | Refusal> {
  const outcome = await context.store.transact(async tx => {
    const old = await find(tx, id);
    if (old === null) return unknown();
    if (old.source !== edit.source) return refused('room-of-directory', whose(old));
    const next: RoomRecord = { ...old, ...(await columnsOf(tx, old, edit)) };
    await tx.updateTable('rooms').set(next).where('id', '=', id).execute();
    const changes = changesOf(old, next);
    const fields = changes.map(({ field }) => field.slice(next.name.length + 2)).join(', ');
    await audit(tx, context.clock, { actor: admin, action: 'room-changed', subject: id, detail: { fields } });
    const rooms = changes.length > 0 ? [id] : [];
    return {
      kind: 'done' as const,
      panels: await bumpConfigs(context, tx, rooms, { what: 'rooms', actor: admin, changes }),
    };
  });
  if (outcome.kind === 'refused') return outcome;
  tellConfigs(context, outcome.panels);
  context.hub.topicsChanged('rooms');
  return { kind: 'done', id };
}

/** Photo, checks and a registration for it go with it, and so do settings of its own. */
export async function removeRoom(context: Context, id: RoomId, admin: string): Promise<RoomDone | Refusal> {
  const outcome = await context.store.transact(async (tx): Promise<RoomDone | Refusal> => {
    const room = await find(tx, id);
    if (room === null) return unknown();
    const panel = await tx
      .selectFrom('panels')
      .select(['name', 'hostname'])
      .where('room_id', '=', id)
      .executeTakeFirst();
    if (panel !== undefined) {
      const name = panel.name ?? panel.hostname;
      return refused('room-has-panel', `The panel ${name} shows this room. Unpair it or move it first.`);
    }
    if (room.source === 'directory' && room.is_missing === 0) {
      return refused('room-in-directory', 'The directory lists this room: the next import would bring it back.');
    }
    await tx
      .deleteFrom('policies')
      .where('id', '=', scopeKey({ kind: 'room', room: id }))
      .execute();
    await tx.deleteFrom('rooms').where('id', '=', id).execute();
    const detail = { address: room.address, name: room.name };
    await audit(tx, context.clock, { actor: admin, action: 'room-removed', subject: id, detail });
    return { kind: 'done', id };
  });
  if (outcome.kind === 'done') context.hub.topicsChanged('rooms', 'free-macs', 'general-settings', 'set-up');
  return outcome;
}

export const unknown = () => refused('room-unknown', 'There is no such room.');

async function find(tx: Db, id: RoomId): Promise<RoomRecord | null> {
  return (await tx.selectFrom('rooms').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

const whose = ({ source }: RoomRecord) =>
  source === 'directory'
    ? 'This room comes from the directory: all but its time zone is changed there.'
    : 'This room was added by hand: no directory knows its time zone.';

async function columnsOf(tx: Db, old: RoomRecord, edit: RoomEdit): Promise<Partial<RoomRecord>> {
  if (edit.source === 'hand') {
    const { name, zone, capacity, building, floor, equipment } = edit;
    return { name, zone, capacity, building, floor, equipment: JSON.stringify(equipment) };
  }
  if (edit.zone !== null) return { zone: edit.zone, is_zone_own: 1 };
  const settings = await tx
    .selectFrom('settings')
    .select('default_zone')
    .where('id', '=', old.connection_id)
    .executeTakeFirst();
  return { zone: settings?.default_zone ?? old.zone, is_zone_own: 0 };
}

/** The default connection takes rooms before anything is saved in it. */
async function exists(tx: Db, connection: string): Promise<boolean> {
  if (connection === DEFAULT_CONNECTION) return true;
  const row = await tx.selectFrom('settings').select('id').where('id', '=', connection).executeTakeFirst();
  return row !== undefined;
}

async function holderOf(tx: Db, address: string): Promise<Refusal | null> {
  const row = await tx
    .selectFrom('rooms')
    .leftJoin('settings', 'settings.id', 'rooms.connection_id')
    .select(['rooms.name', 'settings.name as connection'])
    .where('rooms.address', '=', address)
    .executeTakeFirst();
  if (row === undefined) return null;
  const holder = row.connection ?? 'Default';
  return refused('address-taken', `${address} is the room ${row.name} of the server settings “${holder}” already.`);
}

/** Somebody else may add the address between our look and our write; the second time it is seen. */
async function twiceWhenTaken<T>(context: Context, work: (tx: Db) => Promise<T>): Promise<T> {
  try {
    return await context.store.transact(work);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return context.store.transact(work);
  }
}
