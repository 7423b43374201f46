/** Today's use: when each room is taken. What for and with whom is neither stored nor answered. */
import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import { RoomAddress, RoomId } from '../../contract/values/ids.ts';
import {
  type Duration,
  earliest,
  type Instant,
  instant,
  milliseconds,
  PlainDate,
  plus,
  type Span,
  seconds,
  ZoneName,
} from '../../contract/values/time.ts';
import type { RoomUse, UseOfRooms } from '../../contract/wire/console.ts';
import type { Connections } from '../consent/connections.ts';
import type { Tokens } from '../consent/tokens.ts';
import { Turns } from '../consent/turns.ts';
import type { Context } from '../context.ts';
import { type Busy, MOST_ROOMS, readSchedule } from '../rooms/schedule.ts';
import { type Failed, openTenantGraph, type TenantGraph } from '../rooms/tenant-graph.ts';
import { gravestOf } from './room-check-store.ts';

/** However many admins look, the provider is asked once in this time. */
const HOLDS = seconds(60);
/** What could not be read is tried again sooner. */
const FAILURE_HOLDS = seconds(10);
const NOTHING = { busy: new Map<RoomAddress, Busy>(), holds: FAILURE_HOLDS };
const AT_A_TIME = 4;
/** Days somebody leafs through; older answers go. */
const MOST_KEPT = 100;

type AskedRoom = { id: RoomId; connection: string; address: RoomAddress; zone: ZoneName };
type Read = { at: Instant; busy: ReadonlyMap<RoomAddress, Busy>; holds: Duration };
/** `until`: null while it is under way. */
type Kept = { rooms: string; read: Promise<Read>; until: Instant | null };

/** A day of the calendar: PlainDate lets the thirtieth of February pass. */
export const Day = v.pipe(
  PlainDate,
  v.check(date => {
    const midnight = Date.parse(`${date}T00:00:00Z`);
    return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);
  }, 'there is no such day'),
);

export class RoomUses {
  readonly #context: Context;
  readonly #connections: Connections;
  readonly #tokens: Tokens;
  readonly #kept = new Map<string, Kept>();
  readonly #turns = new Turns();

  constructor(context: Context, connections: Connections, tokens: Tokens) {
    this.#context = context;
    this.#connections = connections;
    this.#tokens = tokens;
  }

  /** Every room's day; null for those that could not be read. */
  async read(date: PlainDate): Promise<UseOfRooms> {
    const rooms = await this.#rooms();
    const byConnection = Map.groupBy(rooms, room => room.connection);
    const now = this.#context.clock.now();
    const reads = new Map(
      await Promise.all([...byConnection].map(async ([id, its]) => [id, await this.#readOnce(id, date, its)] as const)),
    );
    const days = new Map([...new Set(rooms.map(room => room.zone))].map(zone => [zone, dayOf(date, zone)]));
    const uses = rooms.map(
      ({ id, connection, address, zone }): RoomUse => ({
        room: id,
        day: days.get(zone) ?? dayOf(date, zone),
        busy: reads.get(connection)?.busy.get(address) ?? null,
      }),
    );
    return { date, read: earliest(now, ...[...reads.values()].map(read => read.at)), rooms: uses };
  }

  #readOnce(connection: string, date: PlainDate, rooms: readonly AskedRoom[]): Promise<Read> {
    const { clock } = this.#context;
    const key = JSON.stringify([connection, date]);
    const asked = JSON.stringify(rooms.map(({ address, zone }) => `${address} ${zone}`).sort());
    const kept = this.#kept.get(key);
    if (kept?.rooms === asked && (kept.until === null || clock.now() < kept.until)) return kept.read;
    // One at a time for a connection: each read has four batches under way, and no more should be.
    const read = this.#turns.of(connection).take(() => this.#readNow(connection, date, rooms));
    const fresh: Kept = { rooms: asked, read, until: null };
    this.#kept.delete(key);
    this.#kept.set(key, fresh);
    for (const old of [...this.#kept.keys()].slice(0, -MOST_KEPT)) this.#kept.delete(old);
    fresh.read.then(
      ({ at, holds }) => {
        fresh.until = plus(at, holds);
      },
      () => this.#kept.delete(key),
    );
    return fresh.read;
  }

  async #readNow(connection: string, date: PlainDate, rooms: readonly AskedRoom[]): Promise<Read> {
    const tenant = await openTenantGraph(this.#context, this.#connections, this.#tokens, connection);
    const read = tenant.kind === 'open' ? await readAll(tenant, date, rooms) : NOTHING;
    return { ...read, at: this.#context.clock.now() };
  }

  async #rooms(): Promise<AskedRoom[]> {
    const { db } = this.#context.store;
    const rows = await db
      .selectFrom('rooms')
      .select(['id', 'connection_id', 'address', 'zone'])
      .orderBy('id')
      .execute();
    const findings = await gravestOf(db);
    // An application asks through its first rooms: those that it is known to have no rights to come last.
    rows.sort((a, b) => (findings.get(a.id)?.bad ?? 0) - (findings.get(b.id)?.bad ?? 0));
    // Looking a zone up is slow, and thousands of rooms are in a handful of them.
    const zones = new Map([...new Set(rows.map(row => row.zone))].map(zone => [zone, v.parse(ZoneName, zone)]));
    return rows.map(row => ({
      id: v.parse(RoomId, row.id),
      connection: row.connection_id,
      address: v.parse(RoomAddress, row.address),
      zone: zones.get(row.zone) ?? v.parse(ZoneName, row.zone),
    }));
  }
}

/** Rooms of one zone have one day, so they are asked for together. */
async function readAll(tenant: TenantGraph, date: PlainDate, rooms: readonly AskedRoom[]): Promise<Omit<Read, 'at'>> {
  const batches = [...Map.groupBy(rooms, room => room.zone)].flatMap(([zone, its]) => {
    const day = dayOf(date, zone);
    const addresses = its.map(room => room.address);
    return chunks(addresses, MOST_ROOMS).map(some => ({ day, some }));
  });
  const waiting = [...batches];
  const read: Awaited<ReturnType<typeof readSchedule>>[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      read.push(await readSchedule(tenant, next.some, next.day));
    }
  };
  // Graph's limits are a mailbox's, and each batch may go through another one.
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  const failures = read.filter(answer => answer.kind === 'failed');
  return {
    busy: new Map(read.flatMap(answer => (answer.kind === 'read' ? [...answer.busy] : []))),
    holds: failures.length === 0 ? HOLDS : holdsAfter(failures),
  };
}

/** As long as the provider wants to be left alone, where it says so. */
function holdsAfter(failures: readonly Failed[]): Duration {
  const wanted = Math.max(...failures.map(({ retryAfter }) => retryAfter ?? 0));
  return milliseconds(Math.min(Math.max(wanted, FAILURE_HOLDS), HOLDS));
}

/** Midnight to midnight in the zone; 23 or 25 hours long when the clocks change. */
function dayOf(date: PlainDate, zone: ZoneName): Span {
  const day = Temporal.PlainDate.from(date);
  const startOf = (at: Temporal.PlainDate) => instant(at.toZonedDateTime(zone).epochMilliseconds);
  return { start: startOf(day), end: startOf(day.add({ days: 1 })) };
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
