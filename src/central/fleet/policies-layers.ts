/** The layers of settings, as the database has them. */
import * as v from 'valibot';
import { POLICY_FIELDS, Policy, type PolicyValues } from '../../contract/values/policy.ts';
import {
  appliesTo,
  type PlacedRoom,
  type PolicyLayer,
  PolicyScope,
  policyFor,
  scopeKey,
} from '../../contract/values/policy-cascade.ts';
import type { Context } from '../context.ts';
import type { Db, Store } from '../store/store.ts';

type StoredLayer = { scope: string; body: string };
type Understood = { layer: PolicyLayer | null; dropped: readonly string[] };

/** What each store's texts mean: a logo is looked through once, not with every panel that connects. */
const understood = new WeakMap<Store, Map<string, Understood>>();

/**
 * All layers, in the order of their keys. What another version left and this one cannot use is left out, setting by
 * setting, with a line in the log: central must come up, and panels must get the rest.
 */
export async function readLayers(context: Pick<Context, 'store' | 'log'>, db: Db): Promise<PolicyLayer[]> {
  const rows = await db.selectFrom('policies').select(['scope', 'body']).orderBy('id').execute();
  const before = understood.get(context.store);
  const now = new Map<string, Understood>();
  const layers: PolicyLayer[] = [];
  for (const row of rows) {
    const text = `${row.scope} ${row.body}`;
    const known = before?.get(text);
    const { layer, dropped } = known ?? understand(row);
    if (known === undefined && dropped.length > 0) {
      context.log.warn('settings-unusable', { scope: row.scope, fields: dropped.join(', ') });
    }
    now.set(text, { layer, dropped });
    if (layer !== null) layers.push(layer);
  }
  understood.set(context.store, now);
  return layers;
}

function understand(row: StoredLayer): Understood {
  const scope = v.safeParse(v.pipe(v.string(), v.parseJson(), PolicyScope), row.scope);
  const body = v.safeParse(v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown())), row.body);
  if (!scope.success || !body.success) return { layer: null, dropped: ['all'] };
  const { values, dropped } = usableValues(body.output);
  return { layer: { scope: scope.output, values }, dropped };
}

/** The settings of a snapshot that still mean something; what does not is left out. */
export function layersOfSnapshot(text: string): PolicyLayer[] {
  const Stored = v.array(v.object({ scope: v.unknown(), values: v.record(v.string(), v.unknown()) }));
  return v.parse(v.pipe(v.string(), v.parseJson(), Stored), text).flatMap(({ scope, values }) => {
    const parsed = v.safeParse(PolicyScope, scope);
    return parsed.success ? [{ scope: parsed.output, values: usableValues(values).values }] : [];
  });
}

function usableValues(body: Record<string, unknown>): { values: PolicyValues; dropped: string[] } {
  const values: PolicyValues = {};
  const dropped: string[] = [];
  for (const field of POLICY_FIELDS) {
    if (body[field] === undefined) continue;
    const parsed = v.safeParse(Policy.entries[field], body[field]);
    if (parsed.success) Object.assign(values, { [field]: parsed.output });
    else dropped.push(field);
  }
  return { values, dropped };
}

/** Looks up what applies to a room; rooms on one floor without settings of their own share one policy, made once. */
export class PolicyBook {
  readonly #layers: ReadonlyMap<string, PolicyLayer>;
  readonly #ownRooms: ReadonlySet<string>;
  readonly #texts = new Map<string, string>();

  constructor(layers: readonly PolicyLayer[]) {
    this.#layers = new Map(layers.map(layer => [scopeKey(layer.scope), layer]));
    this.#ownRooms = new Set(layers.flatMap(({ scope }) => (scope.kind === 'room' ? [scope.room] : [])));
  }

  /** The room's policy as JSON. */
  textFor(room: PlacedRoom): string {
    const sharers = JSON.stringify([room.building, room.floor, this.#ownRooms.has(room.id) ? room.id : null]);
    const known = this.#texts.get(sharers);
    if (known !== undefined) return known;
    const layers = scopesOf(room).flatMap(scope => this.#layers.get(scopeKey(scope)) ?? []);
    const text = JSON.stringify(policyFor(layers, room));
    this.#texts.set(sharers, text);
    return text;
  }
}

/** The scopes that can apply to a room (appliesTo), so that nobody goes through all layers for each. */
function scopesOf(room: PlacedRoom): PolicyScope[] {
  const { building, floor } = room;
  const scopes: (PolicyScope | null)[] = [
    { kind: 'general' },
    building === null ? null : { kind: 'building', building },
    floor === null ? null : { kind: 'floor', building, floor },
    { kind: 'room', room: room.id },
  ];
  return scopes.filter(scope => scope !== null).filter(scope => appliesTo(scope, room));
}
