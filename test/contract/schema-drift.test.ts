/**
 * The shape of every message of bridge and wire, recorded. When this fails you changed what travels between programs of
 * different age: is it compatible (new optional field), or must WIRE_VERSION or BRIDGE_VERSION be bumped? Then record
 * anew with: npm run unit -- test/contract/schema-drift -u
 */
import { describe, expect, it } from 'vitest';
import { BRIDGE_VERSION } from '../../src/contract/bridge/bridge.ts';
import * as intent from '../../src/contract/bridge/intent.ts';
import * as view from '../../src/contract/bridge/view.ts';
import * as config from '../../src/contract/values/config.ts';
import * as calendarWire from '../../src/contract/wire/calendar.ts';
import * as consoleWire from '../../src/contract/wire/console.ts';
import * as panelWire from '../../src/contract/wire/panel.ts';
import * as remembered from '../../src/core/remembered.ts';

/** A schema as plain text: its type, and what is below it. Checks count by their kind and requirement. */
function shape(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null || !('type' in schema)) return undefined;
  const s: Record<string, unknown> = { ...schema };
  const pipe = Array.isArray(s.pipe) ? s.pipe.slice(1).map(pipeStep) : undefined;
  const base = Array.isArray(s.pipe) ? shape(s.pipe[0]) : undefined;
  if (base !== undefined) return pipe && pipe.length > 0 ? [base, ...pipe] : base;
  if (s.type === 'object')
    return Object.fromEntries(Object.entries(s.entries as object).map(([k, e]) => [k, shape(e)]));
  if (s.type === 'variant' || s.type === 'union') return { [String(s.type)]: (s.options as unknown[]).map(shape) };
  if (s.type === 'array') return { array: shape(s.item) };
  if (s.type === 'picklist') return { oneOf: s.options };
  if (s.type === 'literal') return { is: s.literal };
  if ('wrapped' in s) return { [String(s.type)]: shape(s.wrapped) };
  return s.type;
}

function pipeStep(step: unknown): unknown {
  const { type, requirement, name } = step as { type: string; requirement?: unknown; name?: string };
  if (type === 'brand') return `brand ${name}`;
  return typeof requirement === 'number' || typeof requirement === 'string'
    ? `${type} ${requirement}`
    : requirement instanceof RegExp
      ? `${type} ${requirement}`
      : type;
}

const shapes = (module: object) =>
  Object.fromEntries(
    Object.entries(module).flatMap(([name, value]) => (shape(value) === undefined ? [] : [[name, shape(value)]])),
  );

describe('what travels keeps its shape', () => {
  it.each([
    ['bridge', { version: BRIDGE_VERSION, ...shapes(view), ...shapes(intent) }],
    ['panel wire', { version: panelWire.WIRE_VERSION, ...shapes(panelWire), ...shapes(config) }],
    ['calendar wire', shapes(calendarWire)],
    ['console wire', shapes(consoleWire)],
    ['files on the panel', shapes(remembered)],
  ])('%s', async (name, recorded) => {
    await expect(`${JSON.stringify(recorded, null, 1)}\n`).toMatchFileSnapshot(
      `recorded/${name.replaceAll(' ', '-')}.json`,
    );
  });
});
