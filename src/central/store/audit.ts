import type { Clock } from '../../contract/values/clock.ts';
import { newId } from '../random.ts';
import type { Db } from './store.ts';

export type AuditEntry = {
  /** An admin's name, a panel's id, or `central`. */
  actor: string;
  /** Past tense: `panel-approved`. */
  action: string;
  /** What it was done to: a panel, a room, a licence key's id. */
  subject: string;
  /** Holds no secret. */
  detail?: Record<string, string | number | boolean | null>;
};

/** Writes one line of history, inside the transaction that did the thing. */
export async function audit(db: Db, clock: Clock, entry: AuditEntry): Promise<void> {
  const { actor, action, subject, detail = {} } = entry;
  await db
    .insertInto('audit')
    .values({ id: newId(), at: clock.now(), actor, action, subject, detail: JSON.stringify(detail) })
    .execute();
}
