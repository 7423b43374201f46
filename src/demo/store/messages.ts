/** Mail the tenant would have sent: declines to organisers, cancellations to attendees. Kept for the control page. */
import * as v from 'valibot';
import { Instant } from '../../contract/values/time.ts';
import type { Db } from './database.ts';

export const Message = v.object({
  at: Instant,
  sender: v.string(),
  recipient: v.string(),
  kind: v.picklist(['invitation', 'accepted', 'tentativelyAccepted', 'declined', 'cancelled', 'changed']),
  subject: v.string(),
  comment: v.string(),
});
export type Message = v.InferOutput<typeof Message>;

export interface Messages {
  send(message: Message): void;
  /** Newest first. */
  latest(count: number): Message[];
}

export function makeMessages(db: Db): Messages {
  const insert = db.prepare('insert into message (at, sender, recipient, kind, subject, comment) values (?,?,?,?,?,?)');
  const read = db.prepare('select at, sender, recipient, kind, subject, comment from message order by id desc limit ?');
  return {
    send: m => void insert.run(m.at, m.sender, m.recipient, m.kind, m.subject, m.comment),
    latest: count => read.all(count).map(row => v.parse(Message, row)),
  };
}
