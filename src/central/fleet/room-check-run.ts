/** One look at every room of a connection. */
import * as v from 'valibot';
import { sleep } from '../../contract/values/clock.ts';
import { RoomId } from '../../contract/values/ids.ts';
import { type Duration, hours, milliseconds, plus, type Span, seconds } from '../../contract/values/time.ts';
import type { ReadProblem } from '../../contract/values/trust.ts';
import type { RoomCheck } from '../../contract/wire/console.ts';
import type { Connections } from '../consent/connections.ts';
import { isApplication } from '../consent/rights.ts';
import type { Tokens } from '../consent/tokens.ts';
import type { Context } from '../context.ts';
import { lookAtMailbox, type MailboxLook } from '../rooms/mailbox-look.ts';
import { type Failed, type NoAccess, openTenantGraph, type TenantGraph } from '../rooms/tenant-graph.ts';
import type { RoomRecord, SettingsRow } from '../store/tables.ts';
import { readRoomChecks, storeRoomCheck } from './room-check-store.ts';
import type { Reader } from './room-commands.ts';
import { findingsOf } from './room-findings.ts';
import { makeListFinder } from './room-lists.ts';
import { toRoom } from './rooms.ts';

const AT_A_TIME = 4;
const REACH = hours(14 * 24);
/** The longest the provider's wish to be left alone is obeyed within a look; longer, and the rest is left for another. */
const LONGEST_WAIT = seconds(120);
/** What says nothing about the room itself. */
const PASSING: readonly ReadProblem[] = [
  'unreachable',
  'captive-portal',
  'throttled',
  'provider-error',
  'misunderstood',
];
/** After one of these the next room would fare the same. */
const HOPELESS: readonly ReadProblem[] = ['sign-in-needed', 'no-token'];
/** After so many rooms in a row without any answer nobody is there; each of thousands would wait for its deadline. */
const MOST_UNANSWERED = 8;

/** `stopped`: central is closing. */
export type Looked = { kind: 'looked' } | { kind: 'stopped' } | NoAccess | Failed;

/** Stores a check for every room it could look at. Does nothing without a token; stops early when `signal` says so. */
export async function checkRooms(
  context: Context,
  connections: Connections,
  tokens: Tokens,
  connectionId: string,
  signal: AbortSignal,
): Promise<Looked> {
  const tenant = await openTenantGraph(context, connections, tokens, connectionId);
  if (tenant.kind !== 'open') return tenant;
  const { db } = context.store;
  const rooms = await db.selectFrom('rooms').selectAll().where('connection_id', '=', connectionId).execute();
  const before = new Map((await readRoomChecks(db, connectionId)).map(check => [check.room, check]));
  const reader = await readerOf(context, tenant.settings);
  const listOf = makeListFinder(rooms);
  const waiting = [...rooms];
  let end: Failed | null = null;
  let unanswered = 0;
  let checked = 0;
  const work = async () => {
    for (let room = waiting.shift(); room !== undefined && end === null && !signal.aborted; room = waiting.shift()) {
      const look = await lookPatiently(context, tenant, room, signal);
      if (signal.aborted) return;
      unanswered = isUnanswered(look) ? unanswered + 1 : 0;
      if (look.events.kind === 'failed' && (isHopeless(look.events) || unanswered >= MOST_UNANSWERED))
        end = look.events;
      if (end !== null) return;
      const check = judge(context, room, look, reader, listOf(room), before.get(v.parse(RoomId, room.id)));
      await storeRoomCheck(context.store, check);
      checked++;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  if (signal.aborted) return { kind: 'stopped' };
  context.hub.topicsChanged('rooms', 'server-settings');
  context.log.info('rooms-checked', { connection: connectionId, rooms: checked, left: rooms.length - checked });
  return end ?? { kind: 'looked' };
}

const isUnanswered = ({ events }: MailboxLook) =>
  events.kind === 'failed' && (events.problem === 'unreachable' || events.problem === 'captive-portal');

const isHopeless = ({ problem, retryAfter }: Failed) =>
  HOPELESS.includes(problem) || (problem === 'throttled' && retryAfter !== null && retryAfter > LONGEST_WAIT);

/** Told to wait, it waits and asks once more. */
async function lookPatiently(
  context: Context,
  { graph }: TenantGraph,
  row: RoomRecord,
  signal: AbortSignal,
): Promise<MailboxLook> {
  const { address } = toRoom(row);
  const now = context.clock.now();
  const window: Span = { start: plus(now, milliseconds(-REACH)), end: plus(now, REACH) };
  const look = await lookAtMailbox(graph, address, window, signal);
  const wait = look.events.kind === 'failed' && look.events.problem === 'throttled' ? look.events.retryAfter : null;
  if (wait === null || wait > LONGEST_WAIT || signal.aborted) return look;
  await sleep(context.clock, waitOf(wait), signal).catch(() => {});
  return signal.aborted ? look : lookAtMailbox(graph, address, window, signal);
}

const waitOf = (wait: Duration) => milliseconds(Math.max(wait, 500));

/** A passing trouble leaves what an earlier look found. */
function judge(
  context: Context,
  row: RoomRecord,
  look: MailboxLook,
  reader: Reader,
  missingList: string | null,
  before: RoomCheck | undefined,
): RoomCheck {
  const room = toRoom(row);
  const problem = look.events.kind === 'failed' ? look.events.problem : null;
  if (before !== undefined && problem !== null && PASSING.includes(problem)) {
    return { ...before, name: room.name, address: room.address, problem };
  }
  const events = look.events.kind === 'seen' ? look.events.events : null;
  const { canEdit } = look;
  return {
    room: room.id,
    name: room.name,
    address: room.address,
    checked: context.clock.now(),
    canRead: events !== null,
    canWrite: events === null ? null : canEdit,
    problem,
    findings: findingsOf({ room: room.address, reader, events, problem, canEdit, missingList }),
  };
}

/** The account that the admin named, or the one that signed in. */
async function readerOf({ store }: Context, settings: SettingsRow): Promise<Reader> {
  if (isApplication(settings.sign_in)) return { kind: 'application', clientId: settings.client_id };
  if (settings.service_account) return { kind: 'account', account: settings.service_account };
  const grant = await store.db.selectFrom('grants').select('account').where('id', '=', settings.id).executeTakeFirst();
  return { kind: 'account', account: grant?.account ?? null };
}
