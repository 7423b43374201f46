/** The database's shape, step by step; a step that was ever released is never edited. Written once for both engines. */
import { type Kysely, type Migration, Migrator, sql } from 'kysely';

// A migration must not know the tables' types of today: they move on, it does not.
// biome-ignore lint/suspicious/noExplicitAny: kysely's own signature
type AnyDb = Kysely<any>;

export async function migrate(db: AnyDb): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

const MIGRATIONS: Record<string, Migration> = {
  '0001-first': { up: first },
  '0002-six-pages': { up: sixPages },
  '0003-calendar': { up: calendar },
};

async function first(db: AnyDb): Promise<void> {
  await db.schema
    .createTable('meta')
    .addColumn('name', 'text', c => c.primaryKey())
    .addColumn('value', 'text', c => c.notNull())
    .execute();
  await db.schema
    .createTable('admins')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('username', 'text', c => c.notNull().unique())
    .addColumn('password_hash', 'text', c => c.notNull())
    .addColumn('created', 'bigint', c => c.notNull())
    .execute();
  await db.schema
    .createTable('sessions')
    .addColumn('id_hash', 'text', c => c.primaryKey())
    .addColumn('admin_id', 'text', c => c.notNull().references('admins.id').onDelete('cascade'))
    .addColumn('created', 'bigint', c => c.notNull())
    .addColumn('last_used', 'bigint', c => c.notNull())
    .execute();
  await db.schema
    .createTable('settings')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('server_type', 'text', c => c.notNull())
    .addColumn('authority', 'text', c => c.notNull())
    .addColumn('graph_base', 'text', c => c.notNull())
    .addColumn('tenant_id', 'text', c => c.notNull())
    .addColumn('client_id', 'text', c => c.notNull())
    .addColumn('sealed_client_secret', 'text')
    .addColumn('service_account', 'text')
    .addColumn('default_zone', 'text', c => c.notNull())
    .addColumn('extra_ca', 'text')
    .addColumn('import_problem', 'text')
    .execute();
  await db.schema
    .createTable('grants')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('sealed_cache', 'text')
    .addColumn('home_account_id', 'text')
    .addColumn('account', 'text')
    .addColumn('scopes', 'text')
    .addColumn('issued', 'bigint')
    .addColumn('expires', 'bigint')
    .addColumn('problem', 'text')
    .execute();
  await db.schema
    .createTable('sign_ins')
    .addColumn('state_hash', 'text', c => c.primaryKey())
    .addColumn('browser_hash', 'text', c => c.notNull())
    .addColumn('sealed_verifier', 'text', c => c.notNull())
    .addColumn('nonce', 'text', c => c.notNull())
    .addColumn('redirect_uri', 'text', c => c.notNull())
    .addColumn('admin', 'text', c => c.notNull())
    .addColumn('expires', 'bigint', c => c.notNull())
    .execute();
  await db.schema
    .createTable('policies')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('body', 'text', c => c.notNull())
    .execute();
  await db.schema
    .createTable('rooms')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('address', 'text', c => c.notNull().unique())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('zone', 'text', c => c.notNull())
    .addColumn('capacity', 'integer')
    .addColumn('building', 'text')
    .addColumn('floor', 'text')
    .addColumn('is_missing', 'integer', c => c.notNull().check(sql`is_missing in (0, 1)`))
    .execute();
  await db.schema
    .createTable('panels')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('stage', 'text', c => c.notNull())
    .addColumn('code', 'text')
    .addColumn('code_expires', 'bigint')
    // Unique: however two approvals race, a room never has two panels.
    .addColumn('room_id', 'text', c => c.unique().references('rooms.id'))
    .addColumn('config_version', 'bigint', c => c.notNull())
    .addColumn('boot', 'text')
    .addColumn('superseded_boots', 'text', c => c.notNull())
    .addColumn('starts', 'bigint', c => c.notNull())
    .addColumn('mac', 'text')
    .addColumn('machine_id', 'text')
    .addColumn('hostname', 'text', c => c.notNull())
    .addColumn('address', 'text', c => c.notNull())
    .addColumn('agent_version', 'text', c => c.notNull())
    .addColumn('key_store', 'text', c => c.notNull())
    .addColumn('first_seen', 'bigint', c => c.notNull())
    .addColumn('last_seen', 'bigint', c => c.notNull())
    .addColumn('running_version', 'bigint')
    .addColumn('config_refused', 'text')
    .addColumn('last_read', 'bigint')
    .addColumn('read_problem', 'text')
    .addColumn('problems', 'text', c => c.notNull())
    .execute();
  await db.schema
    .createTable('licence_keys')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('hash', 'text', c => c.notNull().unique())
    .addColumn('hint', 'text', c => c.notNull())
    .addColumn('note', 'text', c => c.notNull())
    .addColumn('created', 'bigint', c => c.notNull())
    .addColumn('state', 'text', c => c.notNull())
    .addColumn('panel_id', 'text', c => c.unique().references('panels.id'))
    .execute();
  await db.schema
    .createTable('audit')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('at', 'bigint', c => c.notNull())
    .addColumn('actor', 'text', c => c.notNull())
    .addColumn('action', 'text', c => c.notNull())
    .addColumn('subject', 'text', c => c.notNull())
    .addColumn('detail', 'text', c => c.notNull())
    .execute();
  await db.schema.createIndex('audit_at').on('audit').column('at').execute();
  await db.schema.createIndex('panels_stage').on('panels').column('stage').execute();
}

/** Several connections, settings by scope with their history, rooms by hand, roll-outs. */
async function sixPages(db: AnyDb): Promise<void> {
  const add = async (table: string, column: string, type: 'text' | 'bigint' | 'integer', usual?: string | number) => {
    await db.schema
      .alterTable(table)
      .addColumn(column, type, c => (usual === undefined ? c : c.notNull().defaultTo(usual)))
      .execute();
  };
  await add('admins', 'has_own_password', 'integer', 0);
  await add('settings', 'name', 'text', 'Default');
  await add('settings', 'created', 'bigint', 0);
  await add('settings', 'sign_in', 'text', 'delegated');
  await add('settings', 'client_secret_expires', 'text');
  await add('settings', 'certificate', 'text');
  await add('settings', 'sealed_certificate', 'text');
  await add('settings', 'consent', 'text');
  await add('grants', 'grant_id', 'text');
  await db.updateTable('grants').set({ grant_id: 'first' }).where('sealed_cache', 'is not', null).execute();
  await add('sign_ins', 'connection_id', 'text', 'default');
  await add('rooms', 'connection_id', 'text', 'default');
  await add('rooms', 'source', 'text', 'directory');
  await add('rooms', 'is_zone_own', 'integer', 0);
  await add('rooms', 'equipment', 'text', '[]');
  await add('rooms', 'room_lists', 'text', '[]');
  await add('panels', 'name', 'text');
  await add('panels', 'config_since', 'bigint');
  await add('panels', 'config_refused_version', 'bigint');
  await add('policies', 'scope', 'text', '{"kind":"general"}');
  await db.updateTable('policies').set({ id: 'general' }).where('id', '=', 'default').execute();
  await db.schema
    .createTable('revisions')
    .addColumn('version', 'bigint', c => c.primaryKey())
    .addColumn('at', 'bigint', c => c.notNull())
    .addColumn('actor', 'text', c => c.notNull())
    .addColumn('what', 'text', c => c.notNull())
    .addColumn('back_to', 'bigint')
    .addColumn('changes', 'text', c => c.notNull())
    .addColumn('snapshot', 'text', c => c.notNull())
    .execute();
  await db.schema
    .createTable('room_photos')
    .addColumn('room_id', 'text', c => c.primaryKey().references('rooms.id').onDelete('cascade'))
    .addColumn('version', 'text', c => c.notNull())
    .addColumn('media_type', 'text', c => c.notNull())
    .addColumn('body', 'text', c => c.notNull())
    .execute();
  await db.schema
    .createTable('room_checks')
    .addColumn('room_id', 'text', c => c.primaryKey().references('rooms.id').onDelete('cascade'))
    .addColumn('checked', 'bigint', c => c.notNull())
    .addColumn('body', 'text', c => c.notNull())
    .execute();
  await db.schema
    .createTable('registrations')
    .addColumn('mac', 'text', c => c.primaryKey())
    // Unique: a room is registered for one panel.
    .addColumn('room_id', 'text', c => c.notNull().unique().references('rooms.id').onDelete('cascade'))
    .addColumn('licence_key_id', 'text', c => c.unique().references('licence_keys.id'))
    .addColumn('created', 'bigint', c => c.notNull())
    .addColumn('actor', 'text', c => c.notNull())
    .execute();
  await db.schema.createIndex('rooms_connection').on('rooms').column('connection_id').execute();
  await db.schema.createIndex('panels_mac').on('panels').column('mac').execute();
}

/** Relay, change notifications, public holidays. */
async function calendar(db: AnyDb): Promise<void> {
  await db.schema
    .alterTable('settings')
    .addColumn('access', 'text', c => c.notNull().defaultTo('direct'))
    .execute();
  await db.schema
    .alterTable('settings')
    .addColumn('change_notifications', 'integer', c => c.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('settings').addColumn('holiday_calendar', 'text').execute();
  await db.schema.alterTable('settings').addColumn('holidays', 'text').execute();
  await db.schema
    .createTable('subscriptions')
    .addColumn('id', 'text', c => c.primaryKey())
    // Unique: one a room. It stays when the room goes, until Graph was told.
    .addColumn('room_id', 'text', c => c.notNull().unique())
    .addColumn('connection_id', 'text', c => c.notNull())
    .addColumn('made_for', 'text', c => c.notNull())
    .addColumn('client_state_hash', 'text', c => c.notNull())
    .addColumn('created', 'bigint', c => c.notNull())
    .addColumn('expires', 'bigint', c => c.notNull())
    .addColumn('heard', 'bigint')
    .execute();
}
