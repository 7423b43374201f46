/** Roll-outs: a table of MACs and rooms, looked at in a dry run, then done. */
import type * as v from 'valibot';
import type { RollOutAnswer, RollOutInput } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { seatsOf } from '../domain/licence-file.ts';
import { readRollOut } from '../domain/roll-out-csv.ts';
import {
  type CodeSaid,
  type Fleet,
  type Planned,
  planRollOut,
  type RollOutItem,
  toItem,
} from '../domain/roll-out-plan.ts';
import { audit } from '../store/audit.ts';
import type { Db } from '../store/store.ts';
import { type CodeDesk, tooManyTries } from './code-desk.ts';
import { codeHolders } from './codes.ts';
import { countSeatsUsed, readLicenceState } from './entitlement.ts';
import { pairRegistered } from './pairing.ts';
import { type Refusal, refused } from './refusal.ts';

/** Engines limit the parameters of a statement. */
const ROWS_AT_ONCE = 1000;

/**
 * Codes are tried at the desk in a dry run, too, for its verdict tells whether they are right. Every row that is not
 * refused is registered; those with a right code are paired after that, each by itself.
 */
export async function rollOut(
  context: Context,
  desk: CodeDesk,
  { csv, isDryRun }: v.InferOutput<typeof RollOutInput>,
  admin: string,
): Promise<({ kind: 'answer' } & RollOutAnswer) | Refusal> {
  const read = readRollOut(csv);
  if (read.kind === 'unreadable') return refused('invalid', `This table cannot be read: ${read.why}.`);
  const items = read.lines.map(toItem);
  const codes = await tryCodes(context, desk, items, admin);
  const planned = await context.store.transact(async tx => {
    const plan = planRollOut(items, await readFleet(context, tx), codes);
    if (!isDryRun) await register(context, tx, plan, admin);
    return plan;
  });
  const codeOf = new Map(items.map(item => [item.line, item.code]));
  const rows: RollOutAnswer['rows'] = [];
  for (const { row, pairs } of planned) {
    if (isDryRun || pairs === null) {
      rows.push(row);
      continue;
    }
    const code = codeOf.get(row.line) ?? '';
    const outcome = await pairRegistered(context, pairs, code, admin, { isGlassRead: true });
    rows.push(outcome.kind === 'paired' ? row : { ...row, verdict: 'registers', message: outcome.message });
  }
  const count = (verdict: RollOutAnswer['rows'][number]['verdict']) =>
    rows.filter(row => row.verdict === verdict).length;
  if (!isDryRun) context.hub.topicsChanged('free-macs', 'licence-keys');
  return {
    kind: 'answer',
    isDryRun,
    rows,
    paired: count('pairs'),
    registered: count('registers'),
    refused: count('refused'),
  };
}

/** By line. Whoever reports the row's MAC and shows its code right now; there may be several who report it. */
async function tryCodes(context: Context, desk: CodeDesk, items: readonly RollOutItem[], admin: string) {
  const said = new Map<number, CodeSaid>();
  if (!items.some(item => item.code !== '')) return said;
  for (const { line, code, parsedMac } of items) {
    if (code === '' || parsedMac === null) continue;
    const holders = await codeHolders(context, parsedMac);
    if (holders.length === 0) {
      said.set(line, { kind: 'no', why: 'No panel with this MAC address shows a code right now.' });
      continue;
    }
    const tried = await desk.try(code, admin, async () => holders);
    if (tried.kind === 'right') said.set(line, tried);
    else if (tried.kind === 'wrong') said.set(line, { kind: 'no', why: 'The panel shows another code.' });
    else said.set(line, { kind: 'no', why: `The code was not looked at. ${tooManyTries(tried.retryAfter).message}` });
  }
  return said;
}

async function readFleet(context: Context, tx: Db): Promise<Fleet> {
  const seats = seatsOf(await readLicenceState(context, tx));
  return {
    rooms: await tx.selectFrom('rooms').select(['id', 'name', 'address', 'is_missing']).execute(),
    panels: await tx.selectFrom('panels').select(['id', 'mac', 'room_id']).where('room_id', 'is not', null).execute(),
    keys: await tx.selectFrom('licence_keys').select(['id', 'hash', 'state', 'panel_id']).execute(),
    registrations: await tx.selectFrom('registrations').select(['mac', 'room_id', 'licence_key_id']).execute(),
    seatsLeft: seats === null ? null : seats - (await countSeatsUsed(tx)),
  };
}

async function register(context: Context, tx: Db, planned: readonly Planned[], admin: string): Promise<void> {
  const created = context.clock.now();
  const values = planned.flatMap(({ registration }) =>
    registration === null
      ? []
      : [
          {
            mac: registration.mac,
            room_id: registration.room,
            licence_key_id: registration.licenceKeyId,
            created,
            actor: admin,
          },
        ],
  );
  for (let at = 0; at < values.length; at += ROWS_AT_ONCE) {
    const some = values.slice(at, at + ROWS_AT_ONCE);
    // A MAC that moves to another room, or gets another key: its old row goes first.
    await tx
      .deleteFrom('registrations')
      .where(
        'mac',
        'in',
        some.map(row => row.mac),
      )
      .execute();
    await tx.insertInto('registrations').values(some).execute();
  }
  const count = (verdict: string) => planned.filter(({ row }) => row.verdict === verdict).length;
  const detail = { rows: planned.length, registered: values.length, refused: count('refused') };
  await audit(tx, context.clock, { actor: admin, action: 'roll-out-imported', subject: 'registrations', detail });
}
