/** What MACs were registered for. A MAC is no proof: a registration alone lets nobody in. */
import * as v from 'valibot';
import type { MacAddress } from '../../contract/values/ids.ts';
import { RegistrationRow } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { writeRollOut } from '../domain/roll-out-csv.ts';
import type { Db } from '../store/store.ts';
import { dropRegistration } from './pair.ts';
import { type Refusal, refused } from './refusal.ts';

export async function listRegistrations(db: Db): Promise<RegistrationRow[]> {
  const rows = await db
    .selectFrom('registrations')
    .innerJoin('rooms', 'rooms.id', 'registrations.room_id')
    .leftJoin('licence_keys', 'licence_keys.id', 'registrations.licence_key_id')
    .select(['registrations.mac', 'rooms.id', 'rooms.name', 'licence_keys.hint', 'registrations.created'])
    .orderBy('rooms.name')
    .orderBy('registrations.mac')
    .execute();
  return rows.map(({ mac, id, name, hint, created }) =>
    v.parse(RegistrationRow, { mac, room: { id, name }, licenceKeyHint: hint, created }),
  );
}

export async function deleteRegistration(
  context: Context,
  mac: MacAddress,
  admin: string,
): Promise<{ kind: 'done' } | Refusal> {
  const isGone = await context.store.transact(tx => dropRegistration(context, tx, mac, admin));
  if (!isGone) return refused('registration-unknown', 'Nothing is registered for this MAC address any more.');
  context.hub.topicsChanged('free-macs', 'licence-keys');
  return { kind: 'done' };
}

/** Panels with a room and registrations; importing it again changes nothing. Panels that told no MAC are left out. */
export async function exportRollOut(db: Db): Promise<string> {
  const paired = await db
    .selectFrom('panels')
    .innerJoin('rooms', 'rooms.id', 'panels.room_id')
    .select(['panels.mac', 'rooms.address'])
    .where('panels.mac', 'is not', null)
    .execute();
  const kept = await db
    .selectFrom('registrations')
    .innerJoin('rooms', 'rooms.id', 'registrations.room_id')
    .select(['registrations.mac', 'rooms.address'])
    .execute();
  const rows = [...paired, ...kept].map(({ mac, address }) => ({ mac: mac ?? '', room: address }));
  return writeRollOut(rows.sort((a, b) => (a.room < b.room ? -1 : 1)));
}
