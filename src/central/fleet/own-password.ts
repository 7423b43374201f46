import type { Context } from '../context.ts';
import { audit } from '../store/audit.ts';
import type { AdminRow } from './admins.ts';

/**
 * Gives an admin the password they chose; every session of theirs but this one ends. False: somebody changed it since
 * `admin` was read, so that what was checked against it is no longer true.
 */
export async function changeOwnPassword(
  context: Context,
  admin: AdminRow,
  passwordHash: string,
  keptSession: string,
): Promise<boolean> {
  const isChanged = await context.store.transact(async tx => {
    const changed = await tx
      .updateTable('admins')
      .set({ password_hash: passwordHash, has_own_password: 1 })
      .where('id', '=', admin.id)
      .where('password_hash', '=', admin.password_hash)
      .executeTakeFirstOrThrow();
    if (changed.numUpdatedRows === 0n) return false;
    await tx.deleteFrom('sessions').where('admin_id', '=', admin.id).where('id_hash', '!=', keptSession).execute();
    const { username } = admin;
    await audit(tx, context.clock, { actor: username, action: 'password-changed', subject: username });
    return true;
  });
  if (isChanged) context.hub.topicsChanged('set-up');
  return isChanged;
}
