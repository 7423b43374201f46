/** General settings: saved scope by scope, taken back version by version, followed by the panels they concern. */
import * as v from 'valibot';
import { PanelId, RoomId } from '../../contract/values/ids.ts';
import type { PolicyValues } from '../../contract/values/policy.ts';
import { type PolicyLayer, type PolicyScope, scopeKey } from '../../contract/values/policy-cascade.ts';
import type { Policies, PolicyInput } from '../../contract/wire/console.ts';
import { makePin } from '../../platform/pin.ts';
import type { Context } from '../context.ts';
import { audit } from '../store/audit.ts';
import type { Db } from '../store/store.ts';
import { setTargets } from './config.ts';
import { changesBetween } from './policies-changes.ts';
import { type Cause, newestOfSettings, newestRevision, writeRevision } from './policies-history.ts';
import { layersOfSnapshot, PolicyBook, readLayers } from './policies-layers.ts';
import { type Refusal, refused } from './refusal.ts';

export type Saved = { kind: 'saved'; version: number };
/** `panels`: who must follow; null when nothing changed at all. */
type Applied = Saved & { panels: PanelId[] | null };

export function readPolicies(context: Context): Promise<Policies> {
  return context.store.transact(async tx => ({
    version: await newestRevision(tx),
    layers: await readLayers(context, tx),
  }));
}

/**
 * Makes these values all that the scope says, and has the panels follow for which that changes anything. What changes
 * nothing makes no version. Refused: `changed-meanwhile`, `room-unknown`, `place-unknown`.
 */
export async function savePolicy(context: Context, input: PolicyInput, admin: string): Promise<Saved | Refusal> {
  const layer = { scope: input.scope, values: await withHashedPin(input.values) };
  const outcome = await context.store.transact(async tx => {
    if (input.basedOn < (await newestOfSettings(tx)) || input.basedOn > (await newestRevision(tx))) {
      return refused('changed-meanwhile', 'Somebody else saved meanwhile. Look at what they changed, then save again.');
    }
    const before = await readLayers(context, tx);
    const key = scopeKey(layer.scope);
    const others = before.filter(other => scopeKey(other.scope) !== key);
    const isEmpty = Object.keys(layer.values).length === 0;
    // What is left of a place that is no more can be taken away, but not added to.
    const isLeftOver = isEmpty && others.length < before.length;
    const why = isLeftOver ? null : await whyUnknown(tx, layer.scope);
    if (why !== null) return why;
    return apply(context, tx, before, isEmpty ? others : [...others, layer], { what: 'settings', actor: admin });
  });
  return tellApplied(context, outcome);
}

/** Puts everything back as it was after that version, as a new one. Refused: `version-unknown`. */
export async function rollBack(context: Context, version: number, admin: string): Promise<Saved | Refusal> {
  const outcome = await context.store.transact(async tx => {
    const row = await tx.selectFrom('revisions').select('snapshot').where('version', '=', version).executeTakeFirst();
    if (row === undefined) return refused('version-unknown', 'That version is no longer kept.');
    const rooms = new Set((await tx.selectFrom('rooms').select('id').execute()).map(room => room.id));
    const after = layersOfSnapshot(row.snapshot).filter(({ scope }) => scope.kind !== 'room' || rooms.has(scope.room));
    const before = await readLayers(context, tx);
    return apply(context, tx, before, after, { what: 'roll-back', actor: admin, backTo: version });
  });
  return tellApplied(context, outcome);
}

async function apply(
  context: Context,
  tx: Db,
  before: readonly PolicyLayer[],
  after: readonly PolicyLayer[],
  why: Omit<Cause, 'changes'>,
): Promise<Applied> {
  const changes = changesBetween(before, after);
  if (changes.length === 0) return { kind: 'saved', version: await newestRevision(tx), panels: null };
  const version = await writeRevision(context, tx, { ...why, changes }, before, after);
  await storeLayers(tx, before, after);
  const panels = await followers(tx, new PolicyBook(before), new PolicyBook(after));
  await setTargets(context, tx, panels, version);
  const { actor, backTo = null } = why;
  const action = why.what === 'roll-back' ? 'policy-rolled-back' : 'policy-set';
  const subject = [...new Set(changes.map(({ scope }) => (scope === null ? '' : scopeKey(scope))))].join(' ');
  const detail = { version, backTo, settings: changes.length, panels: panels.length };
  await audit(tx, context.clock, { actor, action, subject, detail });
  return { kind: 'saved', version, panels };
}

async function storeLayers(tx: Db, before: readonly PolicyLayer[], after: readonly PolicyLayer[]): Promise<void> {
  const was = new Map(before.map(layer => [scopeKey(layer.scope), JSON.stringify(layer.values)]));
  for (const { scope, values } of after) {
    const id = scopeKey(scope);
    const body = JSON.stringify(values);
    const isSame = was.get(id) === body;
    was.delete(id);
    if (isSame) continue;
    const columns = { scope: JSON.stringify(scope), body };
    await tx
      .insertInto('policies')
      .values({ id, ...columns })
      .onConflict(c => c.column('id').doUpdateSet(columns))
      .execute();
  }
  for (const id of was.keys()) await tx.deleteFrom('policies').where('id', '=', id).execute();
}

/** Paired panels for whose room something else applies now. */
async function followers(tx: Db, before: PolicyBook, after: PolicyBook): Promise<PanelId[]> {
  const rows = await tx
    .selectFrom('panels')
    .innerJoin('rooms', 'rooms.id', 'panels.room_id')
    .select(['panels.id as panel', 'rooms.id as room', 'rooms.building', 'rooms.floor'])
    .where('panels.stage', '=', 'paired')
    .execute();
  return rows.flatMap(({ panel, room, building, floor }) => {
    const placed = { id: v.parse(RoomId, room), building, floor };
    return before.textFor(placed) === after.textFor(placed) ? [] : [v.parse(PanelId, panel)];
  });
}

async function whyUnknown(tx: Db, scope: PolicyScope): Promise<Refusal | null> {
  if (scope.kind === 'general') return null;
  const rooms = tx.selectFrom('rooms').select('id').limit(1);
  if (scope.kind === 'room') {
    const room = await rooms.where('id', '=', scope.room).executeTakeFirst();
    return room === undefined ? refused('room-unknown', 'There is no such room any more.') : null;
  }
  const inBuilding = rooms.where('building', scope.building === null ? 'is' : '=', scope.building);
  const found = await (scope.kind === 'floor'
    ? inBuilding.where('floor', '=', scope.floor)
    : inBuilding
  ).executeTakeFirst();
  if (found !== undefined) return null;
  return refused(
    'place-unknown',
    `No room is in that ${scope.kind} any more. Choose another one, or import the rooms.`,
  );
}

async function withHashedPin(values: PolicyInput['values']): Promise<PolicyValues> {
  const { pin, ...rest } = values;
  if (pin === undefined) return rest;
  return { ...rest, pin: pin !== null && 'digits' in pin ? await makePin(pin.digits) : pin };
}

function tellApplied(context: Context, outcome: Applied | Refusal): Saved | Refusal {
  if (outcome.kind === 'refused') return outcome;
  const { panels, version } = outcome;
  if (panels !== null) {
    context.hub.panelsChanged(panels);
    // Rooms show whether they have settings of their own.
    context.hub.topicsChanged('general-settings', 'rooms');
  }
  return { kind: 'saved', version };
}
