/** How a room differs from what it was, as history tells it. */
import type { Revision } from '../../contract/wire/console.ts';
import type { RoomRecord } from '../store/tables.ts';

export type Change = Revision['changes'][number];

/** What a panel's configuration holds of its room (values/room.ts); floor and building also choose settings. */
const FIELDS = ['address', 'name', 'zone', 'capacity', 'building', 'floor'] as const;

/** Only what panels have to follow; empty when they need not. */
export function changesOf(before: RoomRecord, after: RoomRecord): Change[] {
  return FIELDS.filter(field => before[field] !== after[field]).map(field => ({
    scope: null,
    field: `${after.name}: ${field}`,
    before: JSON.stringify(before[field]),
    after: JSON.stringify(after[field]),
  }));
}

/** A directory that was renamed throughout would fill history with thousands of lines. */
const MOST_TOLD = 300;

export function told(changes: readonly Change[]): Change[] {
  const rest = changes.length - MOST_TOLD;
  if (rest <= 0) return [...changes];
  return [...changes.slice(0, MOST_TOLD), { scope: null, field: `${rest} more changes`, before: null, after: null }];
}
