/** Rows of the event table. Knows nothing of meetings: that is calendar's business. */
import * as v from 'valibot';
import { Instant, type Span } from '../../contract/values/time.ts';
import { Content, type StoredEvent } from '../calendar/model.ts';
import type { Db } from './database.ts';

const Row = v.pipe(
  v.object({
    id: v.string(),
    mailbox: v.string(),
    uid: v.string(),
    type: v.picklist(['singleInstance', 'seriesMaster', 'exception']),
    master_id: v.nullable(v.string()),
    original_date: v.nullable(v.string()),
    is_removed: v.number(),
    content: v.pipe(v.string(), v.parseJson(), Content),
    transaction_id: v.nullable(v.string()),
    created_at: Instant,
    modified_at: Instant,
    revision: v.number(),
  }),
  v.transform(
    (row): StoredEvent => ({
      id: row.id,
      mailbox: row.mailbox,
      uid: row.uid,
      type: row.type,
      masterId: row.master_id,
      originalDate: row.original_date,
      isRemoved: row.is_removed !== 0,
      content: row.content,
      transactionId: row.transaction_id,
      createdAt: row.created_at,
      modifiedAt: row.modified_at,
      revision: row.revision,
    }),
  ),
);

export interface Events {
  /** Stored times overlap the window; removed exceptions and series are left out. */
  overlapping(mailbox: string, window: Span): StoredEvent[];
  series(mailbox: string): StoredEvent[];
  /** All of the mailbox that are not part of a series. */
  ofMailbox(mailbox: string): StoredEvent[];
  exceptions(masterId: string): StoredEvent[];
  find(mailbox: string, id: string): StoredEvent | null;
  byTransaction(mailbox: string, transactionId: string): StoredEvent | null;
  /** Copies of one meeting in all mailboxes; exceptions are left out. */
  copies(uid: string): StoredEvent[];
  /** Adds or replaces. `span` is what the content's times mean in the mailbox's zone. */
  put(event: StoredEvent, span: Span): void;
  /** With a series go its exceptions. */
  remove(event: StoredEvent): void;
  atomically<T>(work: () => T): T;
}

const COLUMNS = `(id, mailbox, uid, type, master_id, original_date, is_removed, start_at, end_at, content,
  transaction_id, created_at, modified_at, revision)`;

export function makeEvents(db: Db): Events {
  const select = (where: string) => db.prepare(`select * from event where ${where}`);
  const inWindow = select(
    `mailbox = ? and type <> 'seriesMaster' and is_removed = 0 and start_at < ? and (end_at > ? or start_at >= ?)`,
  );
  const masters = select(`mailbox = ? and type = 'seriesMaster'`);
  const tops = select(`mailbox = ? and type <> 'exception' order by start_at, id`);
  const ofMaster = select('master_id = ?');
  const one = select('mailbox = ? and id = ?');
  const oneByTransaction = select('mailbox = ? and transaction_id = ?');
  const byUid = select(`uid = ? and type <> 'exception'`);
  const insert = db.prepare(`insert or replace into event ${COLUMNS} values (${Array(14).fill('?').join(', ')})`);
  const erase = db.prepare('delete from event where id = ? or master_id = ?');

  const many = (rows: unknown[]) => rows.map(row => v.parse(Row, row));
  const single = (row: unknown) => (row === undefined ? null : v.parse(Row, row));
  return {
    overlapping: (mailbox, { start, end }) => many(inWindow.all(mailbox, end, start, start)),
    series: mailbox => many(masters.all(mailbox)),
    ofMailbox: mailbox => many(tops.all(mailbox)),
    exceptions: masterId => many(ofMaster.all(masterId)),
    find: (mailbox, id) => single(one.get(mailbox, id)),
    byTransaction: (mailbox, transactionId) => single(oneByTransaction.get(mailbox, transactionId)),
    copies: uid => many(byUid.all(uid)),
    put(event, span) {
      insert.run(
        event.id,
        event.mailbox,
        event.uid,
        event.type,
        event.masterId,
        event.originalDate,
        event.isRemoved ? 1 : 0,
        span.start,
        span.end,
        JSON.stringify(event.content),
        event.transactionId,
        event.createdAt,
        event.modifiedAt,
        event.revision,
      );
    },
    remove: ({ id }) => void erase.run(id, id),
    atomically: work => db.transaction(work).immediate(),
  };
}
