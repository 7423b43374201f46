/** Who runs what was saved, who does not yet, and why. */
import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import { Ago, Foreign, State, type StateTone } from '../../parts/text.tsx';
import { panels } from '../../words.ts';

type Panel = NonNullable<RoomRow['panel']>;
export type Following = 'runs' | 'on-its-way' | 'offline' | 'refused';

export function followingOf(panel: Panel): Following {
  if (panel.configVersion === panel.targetVersion) return 'runs';
  if (panel.configRefused !== null) return 'refused';
  return panel.isOnline ? 'on-its-way' : 'offline';
}

const WORDS: Record<Exclude<Following, 'runs'>, [StateTone, string]> = {
  'on-its-way': ['warn', 'On its way'],
  offline: ['off', 'Offline: follows when it is back'],
  refused: ['bad', 'Refused'],
};
const MOST_SHOWN = 20;

export function Pushed({ rooms }: { rooms: readonly RoomRow[] }) {
  const all = rooms.flatMap(room => (room.panel ? [{ room, panel: room.panel }] : []));
  const behind = all.filter(({ panel }) => followingOf(panel) !== 'runs');
  return (
    <section class="card" aria-labelledby="pushed-title">
      <h2 id="pushed-title" class="card-head">
        On the panels
      </h2>
      <p role="status">
        {all.length === 0 && 'No panel is paired yet.'}
        {all.length > 0 && behind.length === 0 && (
          <State tone="good">
            {all.length === 1 ? 'The panel runs' : `All ${all.length} panels run`} these settings
          </State>
        )}
        {behind.length > 0 && `${all.length - behind.length} of ${panels(all.length)} run the newest settings.`}
      </p>
      {behind.length > 0 && (
        <ul class="behind">
          {behind.slice(0, MOST_SHOWN).map(({ room, panel }) => (
            <Behind key={room.id} room={room} panel={panel} />
          ))}
        </ul>
      )}
      {behind.length > MOST_SHOWN && <p class="soft">and {behind.length - MOST_SHOWN} more.</p>}
      <a href="#/general-settings/history">History of settings</a>
    </section>
  );
}

function Behind({ room, panel }: { room: RoomRow; panel: Panel }) {
  const following = followingOf(panel);
  if (following === 'runs') return null;
  const [tone, words] = WORDS[following];
  return (
    <li>
      <a href={`#/rooms?room=${encodeURIComponent(room.id)}`}>
        <Foreign text={room.name} />
      </a>{' '}
      <State tone={tone}>{words}</State>
      {following === 'refused' && panel.configRefused && (
        <p class="soft">
          <Foreign text={panel.configRefused.why} />
        </p>
      )}
      {following === 'offline' && panel.lastSeen !== null && (
        <p class="soft">
          seen <Ago at={panel.lastSeen} />
        </p>
      )}
    </li>
  );
}
