/** Calendars a mailbox has beside its own. Their events are stored under a key of their own. */
import * as v from 'valibot';
import type { Db } from './database.ts';

const Row = v.pipe(
  v.object({ id: v.string(), mailbox: v.string(), name: v.string() }),
  v.transform(row => ({ ...row, key: `${row.mailbox}#${row.id}` })),
);
/** `key`: what its events have for a mailbox. */
export type ExtraCalendar = v.InferOutput<typeof Row>;

export interface Calendars {
  ofMailbox(address: string): ExtraCalendar[];
  find(address: string, id: string): ExtraCalendar | null;
  add(calendar: Omit<ExtraCalendar, 'key'>): ExtraCalendar;
}

export function makeCalendars(db: Db): Calendars {
  const list = db.prepare('select id, mailbox, name from calendar where mailbox = ? order by rowid');
  const one = db.prepare('select id, mailbox, name from calendar where mailbox = ? and id = ?');
  const insert = db.prepare('insert into calendar (id, mailbox, name) values (?, ?, ?)');
  return {
    ofMailbox: address => list.all(address).map(row => v.parse(Row, row)),
    find(address, id) {
      const row = one.get(address, id);
      return row === undefined ? null : v.parse(Row, row);
    },
    add(calendar) {
      insert.run(calendar.id, calendar.mailbox, calendar.name);
      return v.parse(Row, calendar);
    },
  };
}
