/** What a room's panel is worth at a glance: one word, and what somebody should mend. */
import type { PanelOfRoom, RoomRow } from '../../../../src/contract/wire/console.ts';
import type { StateTone } from '../../parts/text.tsx';
import { panelProblem, ROOM_PROBLEMS } from '../../words.ts';

export type PanelSummary = { tone: StateTone; word: string; problems: string[] };

export function summarise({ panel, isMissing }: Pick<RoomRow, 'panel' | 'isMissing'>): PanelSummary {
  const problems = isMissing ? ['No longer in the directory'] : [];
  if (!panel) return { tone: 'off', word: 'No panel', problems };
  problems.push(...panelProblems(panel));
  if (panel.isConflict) return { tone: 'bad', word: 'Identity conflict', problems };
  if (!panel.isOnline) return { tone: 'bad', word: 'Offline', problems };
  return { tone: problems.length > 0 || panel.configRefused ? 'warn' : 'good', word: 'Online', problems };
}

/** A refused configuration is told with its version, see config-line.tsx. */
export function panelProblems(panel: PanelOfRoom): string[] {
  const read = panel.readProblem ? [ROOM_PROBLEMS[panel.readProblem]] : [];
  return [...read, ...panel.problems.filter(kind => kind !== 'config-refused').map(panelProblem)];
}

export const needsAttention = (room: RoomRow) => {
  const { tone, problems } = summarise(room);
  return tone === 'bad' || tone === 'warn' || problems.length > 0 || room.findings > 0;
};

/** What an admin knows the panel by: the name it was given, else what it calls itself. */
export const panelName = ({ name, hostname }: Pick<PanelOfRoom, 'name' | 'hostname'>) => name ?? hostname;

/** `Tower A, floor 2`; null when the directory tells neither. */
export const placeOf = (room: Pick<RoomRow, 'building' | 'floor'>) =>
  [room.building, room.floor && floorName(room.floor)].filter(Boolean).join(', ') || null;

const floorName = (floor: string) => (/^-?\d+$/.test(floor) ? `floor ${floor}` : floor);
