import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import { count } from '../../words.ts';

/** `2 findings`: what the last room check would mend. */
const findings = (n: number) => count(n, { one: '# finding', other: '# findings' });

/** What is particular about a room, in a word each. */
export function Markers({ room }: { room: RoomRow }) {
  const marks = [
    room.isMissing && { text: 'Not in the directory', tone: 'warn' },
    room.findings > 0 && { text: findings(room.findings), tone: 'warn' },
    room.hasOwnPolicy && { text: 'Own settings', tone: 'plain' },
    room.source === 'hand' && { text: 'Added by hand', tone: 'plain' },
  ].filter(mark => mark !== false);
  if (marks.length === 0) return null;
  return (
    <ul class="markers">
      {marks.map(({ text, tone }) => (
        <li key={text} class={`marker marker-${tone}`}>
          {text}
        </li>
      ))}
    </ul>
  );
}
