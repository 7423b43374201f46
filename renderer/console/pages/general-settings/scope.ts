/** Scopes in words and as choices. */
import type { PolicyLayer, PolicyScope } from '../../../../src/contract/values/policy-cascade.ts';
import { scopeKey } from '../../../../src/contract/values/policy-cascade.ts';
import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import type { Option } from '../../parts/options.ts';

export const GENERAL: PolicyScope = { kind: 'general' };

export type ScopeChoice = { scope: PolicyScope; option: Option; isOwn: boolean };

/** Every scope there is: general, each building, each floor, each room; those with settings of their own say so. */
export function scopesOf(rooms: readonly RoomRow[], layers: readonly PolicyLayer[]): ScopeChoice[] {
  const own = new Set(layers.map(layer => scopeKey(layer.scope)));
  const scopes = new Map<string, PolicyScope>([[scopeKey(GENERAL), GENERAL]]);
  const add = (scope: PolicyScope) => scopes.set(scopeKey(scope), scope);
  const sorted = rooms.toSorted((a, b) => collator.compare(`${a.building} ${a.floor}`, `${b.building} ${b.floor}`));
  for (const { building } of sorted) if (building !== null) add({ kind: 'building', building });
  for (const { building, floor } of sorted) if (floor !== null) add({ kind: 'floor', building, floor });
  for (const room of rooms.toSorted((a, b) => collator.compare(a.name, b.name))) add({ kind: 'room', room: room.id });
  // Of a building or room that is gone its settings are still there to be seen and removed.
  for (const { scope } of layers) add(scope);
  return [...scopes].map(([key, scope]) => ({
    scope,
    isOwn: own.has(key),
    option: {
      value: key,
      label: scopeName(scope, rooms),
      detail: [KINDS[scope.kind], own.has(key) && scope.kind !== 'general' ? 'has settings of its own' : '']
        .filter(Boolean)
        .join(', '),
    },
  }));
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const KINDS = { general: 'everywhere', building: 'building', floor: 'floor', room: 'room' };

export function scopeName(scope: PolicyScope, rooms: readonly RoomRow[]): string {
  switch (scope.kind) {
    case 'general':
      return 'All rooms';
    case 'building':
      return scope.building;
    case 'floor':
      return floorName(scope.building, scope.floor);
    case 'room':
      return rooms.find(room => room.id === scope.room)?.name ?? 'a room that is gone';
  }
}

/** `Oslo, floor 2`; a label such as `1st floor` says already what it is. */
function floorName(building: string | null, floor: string): string {
  const isSaid = /\bfloor\b/i.test(floor);
  if (building === null) return isSaid ? floor : `Floor ${floor}`;
  return isSaid ? `${building}, ${floor}` : `${building}, floor ${floor}`;
}

/** The scope behind an address's `scope=`; null when it names none that exists. */
export const findScope = (choices: readonly ScopeChoice[], key: string | null): PolicyScope | null =>
  key === null ? GENERAL : (choices.find(choice => choice.option.value === key)?.scope ?? null);

export const hrefOfScope = (scope: PolicyScope) =>
  scope.kind === 'general' ? '#/general-settings' : `#/general-settings?scope=${encodeURIComponent(scopeKey(scope))}`;
