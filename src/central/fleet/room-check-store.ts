/** What the last look at each room's mailbox found. */
import * as v from 'valibot';
import { Finding, RoomCheck } from '../../contract/wire/console.ts';
import type { Db, Store } from '../store/store.ts';

const StoredCheck = v.pipe(v.string(), v.parseJson(), RoomCheck);
const StoredFindings = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ findings: v.array(v.object({ severity: Finding.entries.severity })) }),
);

/** Of one connection's rooms, under the names they have now, by name. Rooms nobody looked at yet are left out. */
export async function readRoomChecks(db: Db, connectionId: string): Promise<RoomCheck[]> {
  const rows = await db
    .selectFrom('room_checks')
    .innerJoin('rooms', 'rooms.id', 'room_checks.room_id')
    .select(['room_checks.body', 'rooms.name'])
    .where('rooms.connection_id', '=', connectionId)
    .execute();
  const checks = rows.map(({ body, name }) => ({ ...v.parse(StoredCheck, body), name }));
  return checks.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** Nothing, when the room was removed meanwhile. */
export async function storeRoomCheck(store: Store, check: RoomCheck): Promise<void> {
  const columns = { checked: check.checked, body: JSON.stringify(check) };
  await store.transact(async tx => {
    const room = await tx.selectFrom('rooms').select('id').where('id', '=', check.room).executeTakeFirst();
    if (room === undefined) return;
    await tx
      .insertInto('room_checks')
      .values({ room_id: check.room, ...columns })
      .onConflict(c => c.column('room_id').doUpdateSet(columns))
      .execute();
  });
}

/** How many findings each room has that are more than hints, and how many of them keep its panel from working. */
export async function gravestOf(db: Db): Promise<Map<string, { warnings: number; bad: number }>> {
  const rows = await db.selectFrom('room_checks').select(['room_id', 'body']).execute();
  return new Map(
    rows.map(({ room_id, body }) => {
      const { findings } = v.parse(StoredFindings, body);
      const count = (...severities: string[]) =>
        findings.filter(finding => severities.includes(finding.severity)).length;
      return [room_id, { warnings: count('warn', 'bad'), bad: count('bad') }];
    }),
  );
}
