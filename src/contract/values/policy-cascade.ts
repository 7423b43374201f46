/** Which setting wins: the room's, else its floor's, its building's, the general one, the default. */
import * as v from 'valibot';
import { RoomId } from './ids.ts';
import { DEFAULT_POLICY, POLICY_FIELDS, type Policy, type PolicyField, PolicyValues } from './policy.ts';

const place = v.pipe(v.string(), v.nonEmpty(), v.maxLength(200));

export const PolicyScope = v.variant('kind', [
  v.object({ kind: v.literal('general') }),
  v.object({ kind: v.literal('building'), building: place }),
  v.object({ kind: v.literal('floor'), building: v.nullable(place), floor: place }),
  v.object({ kind: v.literal('room'), room: RoomId }),
]);
export type PolicyScope = v.InferOutput<typeof PolicyScope>;

export const PolicyLayer = v.object({ scope: PolicyScope, values: PolicyValues });
export type PolicyLayer = v.InferOutput<typeof PolicyLayer>;

export type PlacedRoom = { id: RoomId; building: string | null; floor: string | null };

const ORDER = ['general', 'building', 'floor', 'room'] as const;

/** One text for one scope: the key it is stored under, and what two scopes are compared by. */
export function scopeKey(scope: PolicyScope): string {
  switch (scope.kind) {
    case 'general':
      return 'general';
    case 'building':
      return JSON.stringify(['building', scope.building]);
    case 'floor':
      return JSON.stringify(['floor', scope.building, scope.floor]);
    case 'room':
      return JSON.stringify(['room', scope.room]);
  }
}

export function appliesTo(scope: PolicyScope, room: PlacedRoom): boolean {
  switch (scope.kind) {
    case 'general':
      return true;
    case 'building':
      return room.building === scope.building;
    case 'floor':
      return room.building === scope.building && room.floor === scope.floor;
    case 'room':
      return room.id === scope.room;
  }
}

/** Where each value comes from; null: the default. */
export type Origins = Record<PolicyField, PolicyScope | null>;

/** What these layers make together, the more particular over the more general, whatever their order here. */
export function cascade(layers: readonly PolicyLayer[]): { policy: Policy; origins: Origins } {
  const sorted = layers.toSorted((a, b) => ORDER.indexOf(a.scope.kind) - ORDER.indexOf(b.scope.kind));
  const policy: Policy = { ...DEFAULT_POLICY };
  const origins = Object.fromEntries(POLICY_FIELDS.map(field => [field, null])) as Origins;
  for (const { scope, values } of sorted) {
    for (const field of POLICY_FIELDS) {
      if (values[field] === undefined) continue;
      Object.assign(policy, { [field]: values[field] });
      origins[field] = scope;
    }
  }
  return { policy, origins };
}

export const policyFor = (layers: readonly PolicyLayer[], room: PlacedRoom): Policy =>
  cascade(layers.filter(layer => appliesTo(layer.scope, room))).policy;
