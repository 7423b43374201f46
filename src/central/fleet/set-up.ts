/** The set-up for the first visit: each step read from the state of things, so that it can be left and taken up again. */
import { DEFAULT_CONNECTION, type SetUp } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { audit } from '../store/audit.ts';
import type { Db } from '../store/store.ts';

/** In `meta`: it was left for good. */
const DISMISSED = 'set-up-dismissed';

/**
 * As it is for this admin, by name. It is about the default connection: a demo beside it sets nothing up. Once everything
 * was done it counts as left for good; what breaks later is told by alerts.
 */
export async function readSetUp(context: Context, admin: string): Promise<SetUp> {
  const { db } = context.store;
  const { count } = db.fn;
  const own = await db.selectFrom('admins').select('has_own_password').where('username', '=', admin).executeTakeFirst();
  const rooms = await db
    .selectFrom('rooms')
    .select(count('id').as('n'))
    .where('connection_id', '=', DEFAULT_CONNECTION)
    .executeTakeFirstOrThrow();
  const panels = await db
    .selectFrom('panels')
    .innerJoin('rooms', 'rooms.id', 'panels.room_id')
    .select(count('panels.id').as('n'))
    .where('panels.stage', '=', 'paired')
    .where('rooms.connection_id', '=', DEFAULT_CONNECTION)
    .executeTakeFirstOrThrow();
  const dismissed = await db.selectFrom('meta').select('value').where('name', '=', DISMISSED).executeTakeFirst();
  const state: SetUp = {
    hasOwnPassword: own?.has_own_password === 1,
    connection: await connectionStep(db),
    rooms: Number(rooms.n),
    panels: Number(panels.n),
    isDismissed: dismissed?.value === 'yes',
  };
  const isDone = state.hasOwnPassword && state.connection === 'connected' && state.rooms > 0 && state.panels > 0;
  if (isDone && !state.isDismissed) await remember(db, 'yes');
  return state;
}

export async function dismissSetUp(context: Context, isDismissed: boolean, admin: string): Promise<void> {
  const value = isDismissed ? 'yes' : 'no';
  await context.store.transact(async tx => {
    await remember(tx, value);
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
    .where('settings.id', '=', DEFAULT_CONNECTION)
    .executeTakeFirst();
  if (grant !== undefined) return 'connected';
  const saved = await db.selectFrom('settings').select('id').where('id', '=', DEFAULT_CONNECTION).executeTakeFirst();
  return saved === undefined ? 'none' : 'saved';
}

async function remember(db: Db, value: 'yes' | 'no'): Promise<void> {
  await db
    .insertInto('meta')
    .values({ name: DISMISSED, value })
    .onConflict(c => c.column('name').doUpdateSet({ value }))
    .execute();
}
