/** The set-up for the first visit: each step read from the state of things, so that it can be left and taken up again. */
import type { SetUp } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { audit } from '../store/audit.ts';
import type { Db } from '../store/store.ts';

/** In `meta`: it was left for good. */
const DISMISSED = 'set-up-dismissed';

/** As it is for this admin, by name. */
export async function readSetUp(context: Context, admin: string): Promise<SetUp> {
  const { db } = context.store;
  const { count } = db.fn;
  const own = await db.selectFrom('admins').select('has_own_password').where('username', '=', admin).executeTakeFirst();
  const rooms = await db.selectFrom('rooms').select(count('id').as('n')).executeTakeFirstOrThrow();
  const panels = await db
    .selectFrom('panels')
    .select(count('id').as('n'))
    .where('stage', '=', 'paired')
    .executeTakeFirstOrThrow();
  const dismissed = await db.selectFrom('meta').select('value').where('name', '=', DISMISSED).executeTakeFirst();
  return {
    hasOwnPassword: own?.has_own_password === 1,
    connection: await connectionStep(db),
    rooms: Number(rooms.n),
    panels: Number(panels.n),
    isDismissed: dismissed?.value === 'yes',
  };
}

export async function dismissSetUp(context: Context, isDismissed: boolean, admin: string): Promise<void> {
  const value = isDismissed ? 'yes' : 'no';
  await context.store.transact(async tx => {
    await tx
      .insertInto('meta')
      .values({ name: DISMISSED, value })
      .onConflict(c => c.column('name').doUpdateSet({ value }))
      .execute();
    await audit(tx, context.clock, { actor: admin, action: 'set-up-left', subject: 'set-up', detail: { isDismissed } });
  });
  context.hub.topicsChanged('set-up');
}

async function connectionStep(db: Db): Promise<SetUp['connection']> {
  const grant = await db
    .selectFrom('grants')
    .innerJoin('settings', 'settings.id', 'grants.id')
    .select('grants.id')
    .where('grants.grant_id', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  if (grant !== undefined) return 'connected';
  const saved = await db.selectFrom('settings').select('id').limit(1).executeTakeFirst();
  return saved === undefined ? 'none' : 'saved';
}
