/** Brings Graph's subscriptions in line with the rooms that want one, some steps at a time. */
import type { RoomId } from '../../contract/values/ids.ts';
import type { Instant } from '../../contract/values/time.ts';
import type { ReadProblem } from '../../contract/values/trust.ts';
import type { Context } from '../context.ts';
import { hashOf, newId, randomBelow } from '../random.ts';
import { type Failed, failed, type Graph, type NoAccess, type TenantGraph } from '../rooms/tenant-graph.ts';
import { findGrant } from '../store/settings.ts';
import type { SettingsRow } from '../store/tables.ts';
import { renew, subscribe, unsubscribe } from './calls.ts';
import { Orphans } from './orphans.ts';
import { madeFor, planSteps, roomOf, type Step } from './plan.ts';
import { Rests } from './rests.ts';
import type { WantedRoom } from './store.ts';
import * as stored from './store.ts';

/** A connection's steps in one go: a thousand rooms take some minutes, and Graph has 500 writes in 20 s for an app. */
const MOST_STEPS = 100;
const AT_A_TIME = 4;
/** After so many failures in a row the next room would fare the same. */
const MOST_FAILURES = 8;
const HOPELESS: readonly ReadProblem[] = ['sign-in-needed', 'no-token', 'throttled'];

export type OpenGraph = (connection: string) => Promise<TenantGraph | Failed | NoAccess>;

export type UpkeepOptions = {
  context: Context;
  /** `https://central.example`, no slash at the end; null: nobody wants a subscription. */
  publicUrl: string | null;
  openGraph: OpenGraph;
  /** A subscription was made: what changed before that, nobody told. */
  made(room: RoomId): void;
};

/** What failed with one connection, for as long as it stays the way it is: with other settings or another grant everything is tried anew. */
type Tended = { as: string; connection: Rests<string>; rooms: Rests<RoomId>; orphans: Orphans };
/** Where steps are taken. */
type Place = { graph: Graph; row: SettingsRow; url: string; orphans: Orphans };
type Run = { done: number; last: Failed | null; end: Failed | null };

export class Upkeep {
  readonly #options: UpkeepOptions;
  readonly #abort = new AbortController();
  readonly #tended = new Map<string, Tended>();
  /** Those that Graph asked to have renewed. */
  readonly #asked = new Set<string>();

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  askRenewal(id: string): void {
    this.#asked.add(id);
  }

  /** Nothing is asked of Graph any more. */
  stop(): void {
    this.#abort.abort();
  }

  /** True: there is more to do soon. */
  async tend(): Promise<boolean> {
    const { db } = this.#options.context.store;
    const rows = await stored.findTended(db);
    const ids = rows.map(row => row.id);
    await stored.keepTroubles(db, ids);
    for (const id of this.#tended.keys()) if (!ids.includes(id)) this.#tended.delete(id);
    // Side by side, so that one tenant that does not answer delays no other.
    return (await Promise.all(rows.map(row => this.#tendOne(row)))).some(Boolean);
  }

  async #tendOne(row: SettingsRow): Promise<boolean> {
    const { context, publicUrl } = this.#options;
    const { store, clock, hub } = context;
    const tended = await this.#stateOf(row);
    const now = clock.now();
    if (tended.connection.isResting(row.id, now)) return false;
    const url = row.change_notifications === 1 ? publicUrl : null;
    if (url !== null && tended.orphans.isDue(now)) {
      const failure = await this.#removeOrphans(row.id, url, tended.orphans, now);
      if (this.#abort.signal.aborted) return false;
      if (failure?.problem === 'throttled') {
        tended.connection.failed(row.id, now, failure.retryAfter);
        return false;
      }
    }
    const steps = planSteps({
      wanted: url === null ? [] : await stored.findWanted(store.db, row.id),
      subscriptions: await stored.listSubscriptions(store.db, row.id),
      madeFor: wanted => madeFor(row, url ?? '', wanted),
      asked: this.#asked,
      now,
    });
    tended.rooms.keep(new Set(steps.map(roomOf)));
    const due = steps.filter(step => !tended.rooms.isResting(roomOf(step), now)).slice(0, MOST_STEPS);
    const run = due.length === 0 ? { done: 0, last: null, end: null } : await this.#run(row, url ?? '', due, tended);
    if (this.#abort.signal.aborted) return false;
    const failure = run.end ?? run.last;
    if (run.end !== null) tended.connection.failed(row.id, now, run.end.retryAfter);
    else if (run.done > 0) tended.connection.worked(row.id);
    if (failure !== null) {
      const { problem, detail } = failure;
      context.log.warn('subscriptions-failing', { connection: row.id, problem, detail });
    }
    // Whoever failed earlier and waits for the next try still stands in there.
    const isSame = failure === null && tended.rooms.size > 0;
    const isNews = !isSame && (await stored.noteTrouble(store.db, row.id, failure?.detail ?? null));
    if (isNews || run.done > 0) hub.topicsChanged('server-settings');
    return due.length > 0 && run.end === null;
  }

  /** Null: done. A failure is no trouble that an admin has to know of: what is left runs out by itself. */
  async #removeOrphans(connection: string, publicUrl: string, orphans: Orphans, now: Instant): Promise<Failed | null> {
    const { context, openGraph } = this.#options;
    const { db } = context.store;
    const { signal } = this.#abort;
    const removed = await orphans.remove({ open: () => openGraph(connection), db, publicUrl, now, signal });
    if (removed.kind === 'failed') {
      const { problem, detail } = removed;
      context.log.info('orphans-not-removed', { connection, problem, detail });
      return removed;
    }
    if (removed.count > 0) context.log.info('orphans-removed', { connection, count: removed.count });
    return null;
  }

  async #run(row: SettingsRow, url: string, steps: readonly Step[], tended: Tended): Promise<Run> {
    const { context, openGraph } = this.#options;
    const run: Run = { done: 0, last: null, end: null };
    const tenant = await openGraph(row.id);
    if (tenant.kind !== 'open') {
      run.end = tenant.kind === 'failed' ? tenant : failed('no-token', 'central has no access token');
      // What ran out needs nobody's leave.
      for (const step of steps) if (step.kind === 'forget') await this.#forget(step.subscription.id);
      return run;
    }
    const place = { graph: tenant.graph, row, url, orphans: tended.orphans };
    const waiting = [...steps];
    let inARow = 0;
    const isOver = () => run.end !== null || this.#abort.signal.aborted;
    const work = async () => {
      for (let step = waiting.shift(); step !== undefined && !isOver(); step = waiting.shift()) {
        const failure = await this.#take(place, step);
        if (this.#abort.signal.aborted) return;
        if (failure === null) {
          tended.rooms.worked(roomOf(step));
          run.done++;
          inARow = 0;
        } else {
          tended.rooms.failed(roomOf(step), context.clock.now(), failure.retryAfter);
          run.last = failure;
          inARow++;
          if (inARow >= MOST_FAILURES || HOPELESS.includes(failure.problem)) run.end = failure;
        }
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    return run;
  }

  /** Null: done. */
  async #take(place: Place, step: Step): Promise<Failed | null> {
    const { context } = this.#options;
    const { graph } = place;
    if (step.kind === 'create') return this.#create(place, step.wanted);
    const { id } = step.subscription;
    if (step.kind === 'renew') {
      const now = context.clock.now();
      const renewed = await renew(graph, id, now, this.#abort.signal);
      if (renewed.kind === 'failed') return renewed;
      this.#asked.delete(id);
      if (renewed.kind === 'gone') {
        await this.#forget(id);
        return this.#create(place, step.wanted);
      }
      await stored.noteRenewed(context.store.db, id, now, renewed.expires);
      return null;
    }
    if (step.kind === 'remove') {
      const removed = await unsubscribe(graph, id, this.#abort.signal);
      if (removed.kind === 'failed') return removed;
    }
    await this.#forget(id);
    return null;
  }

  async #create({ graph, row, url, orphans }: Place, wanted: WantedRoom): Promise<Failed | null> {
    const { context, made } = this.#options;
    const { signal } = this.#abort;
    const now = context.clock.now();
    const clientState = newId();
    const answer = await subscribe(graph, { address: wanted.address, publicUrl: url, clientState, now, signal });
    if (answer.kind === 'failed') {
      if (answer.isOutcomeUnknown) orphans.suspect(now);
      return answer;
    }
    const isKept = await stored.keepSubscription(context.store, {
      id: answer.id,
      room_id: wanted.room,
      connection_id: row.id,
      made_for: madeFor(row, url, wanted),
      client_state_hash: hashOf(clientState),
      created: now,
      expires: answer.expires,
      heard: null,
    });
    if (isKept) made(wanted.room);
    else if ((await unsubscribe(graph, answer.id, signal)).kind === 'failed') orphans.suspect(now);
    return null;
  }

  async #forget(id: string): Promise<void> {
    this.#asked.delete(id);
    await stored.forgetSubscription(this.#options.context.store.db, id);
  }

  async #stateOf(row: SettingsRow): Promise<Tended> {
    const grant = await findGrant(this.#options.context.store.db, row.id);
    const { authority, tenant_id, client_id, graph_base, sign_in, extra_ca, change_notifications } = row;
    const secrets = [row.sealed_client_secret, row.sealed_certificate];
    const settings = [authority, tenant_id, client_id, graph_base, sign_in, extra_ca, change_notifications];
    const as = hashOf(JSON.stringify([settings, secrets, grant?.grant_id ?? null]));
    const known = this.#tended.get(row.id);
    if (known?.as === as) return known;
    const random = () => randomBelow(1000) / 1000;
    const fresh = {
      as,
      connection: new Rests<string>(random),
      rooms: new Rests<RoomId>(random),
      orphans: new Orphans(),
    };
    this.#tended.set(row.id, fresh);
    return fresh;
  }
}
