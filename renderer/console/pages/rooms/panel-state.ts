/** What a room's panel is worth at a glance: one word, and what somebody should mend. */
import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import type { StateTone } from '../../parts/text.tsx';
import { panelProblem, ROOM_PROBLEMS } from '../../words.ts';

export type PanelSummary = { tone: StateTone; word: string; problems: string[]; notes: string[] };

export function summarise(room: RoomRow): PanelSummary {
  const { panel } = room;
  const problems = room.isMissing ? ['No longer in the directory'] : [];
  if (!panel) return { tone: 'off', word: 'No panel', problems, notes: [] };
  if (panel.readProblem) problems.push(ROOM_PROBLEMS[panel.readProblem]);
  if (panel.configRefused !== null) problems.push(`Refuses its configuration: ${panel.configRefused}`);
  // A read problem or a refused configuration already stands there in better words.
  problems.push(...panel.problems.filter(kind => kind !== 'config-refused').map(panelProblem));
  const isBehind = panel.configRefused === null && panel.configVersion !== panel.targetVersion;
  const notes = isBehind ? ['Not on the newest configuration yet'] : [];
  if (panel.isConflict) return { tone: 'bad', word: 'Identity conflict', problems, notes };
  if (!panel.isOnline) return { tone: 'bad', word: 'Offline', problems, notes };
  return { tone: problems.length > 0 ? 'warn' : 'good', word: 'Online', problems, notes };
}

export const needsAttention = (room: RoomRow) => {
  const { tone, problems } = summarise(room);
  return tone === 'bad' || tone === 'warn' || problems.length > 0;
};

/** `Tower A, floor 2`; null when the directory tells neither. */
export const placeOf = (room: RoomRow) =>
  [room.building, room.floor && floorName(room.floor)].filter(Boolean).join(', ') || null;

const floorName = (floor: string) => (/^-?\d+$/.test(floor) ? `floor ${floor}` : floor);
