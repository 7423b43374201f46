/** What is different between two states of the settings, told so that history may show it to anybody who logs in. */

import { POLICY_FIELDS, type PolicyField } from '../../contract/values/policy.ts';
import { type PolicyLayer, scopeKey } from '../../contract/values/policy-cascade.ts';
import type { Revision } from '../../contract/wire/console.ts';

export type Change = Revision['changes'][number];

/** Of these only that they are set: one is a secret, the other large. */
const UNTOLD: readonly PolicyField[] = ['pin', 'logo'];

/** Scope by scope, in the order of their keys; within one in the order of the settings. */
export function changesBetween(before: readonly PolicyLayer[], after: readonly PolicyLayer[]): Change[] {
  const was = byKey(before);
  const is = byKey(after);
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap(key => {
    const scope = (is.get(key) ?? was.get(key))?.scope ?? null;
    return POLICY_FIELDS.flatMap(field => {
      const told = tell(field, textOf(was.get(key), field), textOf(is.get(key), field));
      return told === null ? [] : [{ scope, field, ...told }];
    });
  });
}

/** Null: the layer says nothing; what applies is inherited. */
function textOf(layer: PolicyLayer | undefined, field: PolicyField): string | null {
  const value = layer?.values[field];
  return value === undefined ? null : JSON.stringify(value);
}

function tell(field: PolicyField, before: string | null, after: string | null) {
  if (before === after) return null;
  if (!UNTOLD.includes(field)) return { before, after };
  const isOther = before !== null && before !== 'null';
  return { before: veiled(before, 'set'), after: veiled(after, isOther ? 'changed' : 'set') };
}

/** The word in the place of a value that is not told. */
export const veiled = (text: string | null, word: string) => (text === null || text === 'null' ? text : word);

const byKey = (layers: readonly PolicyLayer[]) => new Map(layers.map(layer => [scopeKey(layer.scope), layer]));
