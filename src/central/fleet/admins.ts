import type { Clock } from '../../contract/values/clock.ts';
import { newId } from '../random.ts';
import { audit } from '../store/audit.ts';
import type { Db, Store } from '../store/store.ts';

export type AdminRow = { id: string; username: string; password_hash: string };

export function findAdmin(db: Db, username: string): Promise<AdminRow | undefined> {
  const wanted = username.toLowerCase();
  return db
    .selectFrom('admins')
    .select(['id', 'username', 'password_hash'])
    .where('username', '=', wanted)
    .executeTakeFirst();
}

export async function hasAdmins(db: Db): Promise<boolean> {
  return (await db.selectFrom('admins').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** Makes the admin or gives the one there is another password; every session of theirs ends. `isOwn`: a person chose it. */
export async function setAdmin(
  store: Store,
  clock: Clock,
  username: string,
  passwordHash: string,
  isOwn: boolean,
): Promise<void> {
  const name = username.toLowerCase();
  const password = { password_hash: passwordHash, has_own_password: isOwn ? 1 : 0 };
  await store.transact(async tx => {
    await tx
      .insertInto('admins')
      .values({ id: newId(), username: name, created: clock.now(), ...password })
      .onConflict(c => c.column('username').doUpdateSet(password))
      .execute();
    const admin = await findAdmin(tx, name);
    if (admin !== undefined) await tx.deleteFrom('sessions').where('admin_id', '=', admin.id).execute();
    await audit(tx, clock, { actor: 'central', action: 'admin-set', subject: name });
  });
}
