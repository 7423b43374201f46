/** Every change that panels had to follow, with what was different, and the way back. */
import { useState } from 'preact/hooks';
import type { Revision, RoomRow } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { Loading } from '../../parts/page-head.tsx';
import { Foreign, State, When } from '../../parts/text.tsx';
import { useConsole, useResources } from '../../state/console.ts';
import type { Failure } from '../../state/http.ts';
import { panels } from '../../words.ts';
import { connectionChange } from './connection-words.ts';
import { settingOf } from './fields.tsx';
import { followingOf } from './pushed.tsx';
import { scopeName } from './scope.ts';

const WHAT: Record<Revision['what'], string> = {
  settings: 'Settings saved',
  'roll-back': 'Rolled back',
  rooms: 'Rooms changed',
  connection: 'Server settings changed',
  panel: 'Panel changed',
};

const PANEL_FIELDS: ReadonlyMap<string, string> = new Map([
  ['panelName', 'Name'],
  ['room', 'Room'],
]);

export function History({ rooms }: { rooms: readonly RoomRow[] }) {
  const { policyHistory, policies, rooms: roomList, api } = useConsole();
  useResources(policyHistory);
  const [asked, setAsked] = useState<Revision | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [done, setDone] = useState<number | null>(null);
  const known = policyHistory.value.value;
  if (!known) return <Loading failure={policyHistory.failure.value} onRetry={policyHistory.refresh} />;

  async function rollBack(revision: Revision) {
    setBusy(true);
    const answer = await api.rollBack(revision.version);
    setBusy(false);
    if (answer.kind !== 'ok') return setFailure(answer);
    setAsked(null);
    setDone(revision.version);
    for (const resource of [policyHistory, policies, roomList]) resource.refresh();
  }
  function ask(revision: Revision) {
    setFailure(null);
    setDone(null);
    setAsked(revision);
  }

  return (
    <>
      {done !== null && (
        <Notice tone="good" isAnswer>
          The settings are as they were in version {done} again, and sent to the panels.
        </Notice>
      )}
      <Refusals rooms={rooms} known={known} onRollBack={ask} />
      {known.length === 0 ? (
        <p class="nothing">Nothing was changed yet. Every change will stand here, with the way back.</p>
      ) : (
        <ol class="history">
          {known.map((revision, index) => (
            <Entry key={revision.version} revision={revision} rooms={rooms} isNewest={index === 0} onRollBack={ask} />
          ))}
        </ol>
      )}
      {asked && (
        <Confirm
          title={`Roll back to version ${asked.version}?`}
          verb="Roll back"
          isBusy={isBusy}
          failure={failure && <FailureNotice failure={failure} />}
          onConfirm={() => void rollBack(asked)}
          onClose={() => setAsked(null)}
        >
          <p>
            The settings of all rooms, buildings and floors become what they were after version {asked.version}. Nothing
            is lost: this makes a new version, and it can be rolled back in turn. Rooms and server settings stay as they
            are.
          </p>
        </Confirm>
      )}
    </>
  );
}

type RefusalsProps = { rooms: readonly RoomRow[]; known: readonly Revision[]; onRollBack: (to: Revision) => void };

/** What panels would not run, first of all: it is the reason to come here. */
function Refusals({ rooms, known, onRollBack }: RefusalsProps) {
  const refused = rooms.flatMap(room =>
    room.panel?.configRefused && followingOf(room.panel) === 'refused' ? [{ room, why: room.panel.configRefused }] : [],
  );
  if (refused.length === 0) return null;
  const oldest = Math.min(...refused.map(({ why }) => why.version));
  const before = known.find(revision => revision.version < oldest);
  return (
    <Notice
      tone="bad"
      title={`${panels(refused.length)} refused the newest settings`}
      action={before && <Button onPress={() => onRollBack(before)}>Roll back to version {before.version}</Button>}
    >
      <ul class="behind">
        {refused.map(({ room, why }) => (
          <li key={room.id}>
            <Foreign text={room.name} /> (version {why.version}): <Foreign text={why.why} />
          </li>
        ))}
      </ul>
      They go on with the last ones they could run.
    </Notice>
  );
}

type EntryProps = {
  revision: Revision;
  rooms: readonly RoomRow[];
  isNewest: boolean;
  onRollBack: (to: Revision) => void;
};

function Entry({ revision, rooms, isNewest, onRollBack }: EntryProps) {
  const { version, at, by, what, backTo, changes } = revision;
  return (
    <li class="card">
      <div class="history-head">
        <h2>
          <span class="history-version">{version}</span> {version === 0 ? 'As installed' : WHAT[what]}
          {backTo !== null && ` to version ${backTo}`}
        </h2>
        <Running revision={revision} rooms={rooms} isNewest={isNewest} />
        {!isNewest && (
          <Button look="quiet" onPress={() => onRollBack(revision)}>
            Roll back to version {version}
          </Button>
        )}
      </div>
      <p class="soft">
        <Foreign text={by} />, <When at={at} />
      </p>
      {changes.length > 0 && (
        <table class="changes">
          <caption class="sr-only">What version {version} changed</caption>
          <thead class="sr-only">
            <tr>
              <th scope="col">Where and what</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(change => {
              const { where, label, words } = describe(what, change, rooms);
              const nothing = change.scope === null ? 'none' : 'inherited';
              return (
                <tr key={JSON.stringify([change.scope, change.field])}>
                  <th scope="row">
                    {where !== null && (
                      <>
                        <Foreign text={where} />:{' '}
                      </>
                    )}
                    <Foreign text={label} />
                  </th>
                  <td>
                    <Value text={change.before} nothing={nothing} words={words} />
                  </td>
                  <td>
                    <Value text={change.after} nothing={nothing} words={words} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </li>
  );
}

type Described = { where: string | null; label: string; words?: ((value: unknown) => string) | undefined };

function describe(
  what: Revision['what'],
  { scope, field }: Revision['changes'][number],
  rooms: readonly RoomRow[],
): Described {
  if (scope !== null) {
    const setting = settingOf(field);
    return { where: scopeName(scope, rooms), label: setting?.label ?? field, words: setting?.words };
  }
  if (what === 'connection') return connectionChange(field);
  return { where: null, label: (what === 'panel' && PANEL_FIELDS.get(field)) || field };
}

type ValueProps = { text: string | null; nothing: string; words: ((value: unknown) => string) | undefined };

/** Values come as JSON; what is not one of ours is shown as it is. */
function Value({ text, nothing, words }: ValueProps) {
  if (text === null) return <span class="soft">{nothing}</span>;
  try {
    const value: unknown = JSON.parse(text);
    return <Foreign text={words && typeof value !== 'string' ? words(value) : wordsOf(value, words)} />;
  } catch {
    return <Foreign text={text} />;
  }
}

/** A PIN or a logo comes as the word `set` or `changed`. */
function wordsOf(value: unknown, words: ((value: unknown) => string) | undefined): string {
  if (value === 'set' || value === 'changed') return value;
  if (words) return words(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

type RunningProps = { revision: Revision; rooms: readonly RoomRow[]; isNewest: boolean };

function Running({ revision: { panels: follow }, rooms, isNewest }: RunningProps) {
  if (follow.target === 0) {
    if (!isNewest) return <State tone="off">replaced</State>;
    // Nothing is newer, so nothing replaced it; it may concern rooms without a panel only.
    return rooms.some(({ panel }) => panel) ? null : <State tone="off">no panel yet</State>;
  }
  if (follow.refused > 0) return <State tone="bad">{`${follow.refused} of ${panels(follow.target)} refused`}</State>;
  if (follow.running < follow.target) {
    return <State tone="warn">{`runs on ${follow.running} of ${panels(follow.target)}`}</State>;
  }
  return <State tone="good">{`runs on ${panels(follow.target)}`}</State>;
}
