/** Console sessions, kept on the server: a random cookie, of which the database knows only the hash. */
import type { Clock } from '../../contract/values/clock.ts';
import { hours, minutes } from '../../contract/values/time.ts';
import { hashOf, newSecret } from '../random.ts';
import type { Store } from '../store/store.ts';

export const SESSION_COOKIE = '__Host-lintel';
const IDLE = minutes(30);
const ABSOLUTE = hours(8);
/** How precisely the last use is kept; spares a write per click. */
const USE_NOTED_EVERY = minutes(1);

export type FoundSession = { hash: string; adminId: string; admin: string };

export class Sessions {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** A new one with every log-in. Answers with the cookie's value. */
  async begin(adminId: string): Promise<string> {
    const secret = newSecret();
    const now = this.#clock.now();
    await this.#store.db
      .insertInto('sessions')
      .values({ id_hash: hashOf(secret), admin_id: adminId, created: now, last_used: now })
      .execute();
    return secret;
  }

  /** The session of this cookie, if it still lasts; using it keeps it from idling out. */
  async use(secret: string): Promise<FoundSession | null> {
    const hash = hashOf(secret);
    const found = await this.#find(hash);
    if (found === null) return null;
    const now = this.#clock.now();
    await this.#store.db
      .updateTable('sessions')
      .set({ last_used: now })
      .where('id_hash', '=', hash)
      .where('last_used', '<', now - USE_NOTED_EVERY)
      .execute();
    return found;
  }

  /** Whether it still lasts, without counting as a use: an open page alone must not keep it alive. */
  async lasts(hash: string): Promise<boolean> {
    return (await this.#find(hash)) !== null;
  }

  async end(hash: string): Promise<void> {
    await this.#store.db.deleteFrom('sessions').where('id_hash', '=', hash).execute();
  }

  async sweep(): Promise<void> {
    const { idle, absolute } = this.#limits();
    await this.#store.db
      .deleteFrom('sessions')
      .where(where => where.or([where('created', '<=', absolute), where('last_used', '<=', idle)]))
      .execute();
  }

  async #find(hash: string): Promise<FoundSession | null> {
    const { idle, absolute } = this.#limits();
    const row = await this.#store.db
      .selectFrom('sessions')
      .innerJoin('admins', 'admins.id', 'sessions.admin_id')
      .select(['admins.id as adminId', 'admins.username as admin'])
      .where('id_hash', '=', hash)
      .where('sessions.created', '>', absolute)
      .where('last_used', '>', idle)
      .executeTakeFirst();
    return row === undefined ? null : { hash, ...row };
  }

  #limits() {
    const now = this.#clock.now();
    return { idle: now - IDLE, absolute: now - ABSOLUTE };
  }
}
