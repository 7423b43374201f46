import * as v from 'valibot';
import type { Clock } from '../../contract/values/clock.ts';
import { Login } from '../../contract/wire/console.ts';
import { StartError } from '../../platform/start-error.ts';
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

/** As it is kept and compared. Throws StartError `bad-setting` when nobody could log in with it. */
function checkUsername(username: string): string {
  const parsed = v.safeParse(v.pipe(Login.entries.username, v.nonEmpty()), username);
  if (parsed.success) return parsed.output.toLowerCase();
  throw new StartError(
    'bad-setting',
    'the admin’s user name is empty, longer than 200 characters or holds a control character',
    'Choose another one, such as a short word or a mail address.',
  );
}

/** Makes the admin or gives the one there is another password; every session of theirs ends. `isOwn`: a person chose it. */
export async function setAdmin(
  store: Store,
  clock: Clock,
  username: string,
  passwordHash: string,
  isOwn: boolean,
): Promise<void> {
  const name = checkUsername(username);
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
