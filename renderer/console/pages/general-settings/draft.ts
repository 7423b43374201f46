/** What is being edited: one scope's own values, and what comes out for that scope with them. */
import * as v from 'valibot';
import { POLICY_FIELDS, Policy, type PolicyField } from '../../../../src/contract/values/policy.ts';
import {
  appliesTo,
  cascade,
  type Origins,
  type PlacedRoom,
  type PolicyLayer,
  type PolicyScope,
  scopeKey,
} from '../../../../src/contract/values/policy-cascade.ts';
import { NewPin, type PolicyInput, type RoomRow } from '../../../../src/contract/wire/console.ts';

export type Values = PolicyInput['values'];
/** `basedOn`: the version that was looked at when the first change was typed. */
export type Draft = { scope: PolicyScope; values: Values; basedOn: number };

/** All that is unsaved on the page, by scope (scopeKey). */
export type Drafts = Readonly<Record<string, Draft>>;

/** The drafts with one more, or without (`draft` null). */
export function withDraft(drafts: Drafts, scope: PolicyScope, draft: Draft | null): Drafts {
  const { [scopeKey(scope)]: _, ...others } = drafts;
  return draft ? { ...others, [scopeKey(scope)]: draft } : others;
}

export const ownValues = (layers: readonly PolicyLayer[], scope: PolicyScope): Values =>
  layers.find(layer => scopeKey(layer.scope) === scopeKey(scope))?.values ?? {};

/** Somewhere the scope applies, and nothing more particular does. */
function placeIn(scope: PolicyScope, rooms: readonly RoomRow[]): PlacedRoom {
  const nowhere = { id: '' as PlacedRoom['id'], building: null, floor: null };
  switch (scope.kind) {
    case 'general':
      return nowhere;
    case 'building':
      return { ...nowhere, building: scope.building };
    case 'floor':
      return { ...nowhere, building: scope.building, floor: scope.floor };
    case 'room':
      return rooms.find(room => room.id === scope.room) ?? { ...nowhere, id: scope.room };
  }
}

/** What applies in the scope: `inherited` without its own values, `policy` and `origins` with those that are being edited. */
export function comesOut(
  layers: readonly PolicyLayer[],
  scope: PolicyScope,
  values: Values,
  rooms: readonly RoomRow[],
) {
  const place = placeIn(scope, rooms);
  const above = layers.filter(layer => scopeKey(layer.scope) !== scopeKey(scope) && appliesTo(layer.scope, place));
  const { policy: inherited, origins: inheritedFrom } = cascade(above);
  const policy: Record<PolicyField, unknown> = { ...inherited };
  const origins: Origins = { ...inheritedFrom };
  for (const field of POLICY_FIELDS) {
    if (values[field] === undefined) continue;
    policy[field] = values[field];
    origins[field] = scope;
  }
  return { inherited, inheritedFrom, policy, origins };
}

export const isSame = (a: Values, b: Values) =>
  POLICY_FIELDS.every(field => JSON.stringify(a[field]) === JSON.stringify(b[field]));

/** What is wrong with each value, in words for a person. */
export function errorsIn(values: Values, rangeOf: (field: PolicyField) => string | null) {
  const errors: Partial<Record<PolicyField, string>> = {};
  for (const field of POLICY_FIELDS) {
    if (values[field] === undefined) continue;
    const schema = field === 'pin' ? v.nullable(v.union([NewPin, Policy.entries.pin])) : Policy.entries[field];
    const parsed = v.safeParse(schema, values[field]);
    if (parsed.success) continue;
    const issue = parsed.issues[0];
    errors[field] = rangeOf(field) ?? sentence(issue.kind === 'validation' ? issue.message : 'This is not right');
  }
  return errors;
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
