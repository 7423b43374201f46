import { useMemo, useState } from 'preact/hooks';
import type { LicenceKeyRow } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { None } from '../../parts/facts.tsx';
import { Filter, type Tab } from '../../parts/filter.tsx';
import { focusHeading } from '../../parts/page-head.tsx';
import { makeSearch } from '../../parts/search.ts';
import { ShowMore, useFirst } from '../../parts/show-more.tsx';
import { Ago, Foreign, State, type StateTone } from '../../parts/text.tsx';
import { keys as keysWords } from '../../words.ts';
import { RevokeDialog } from './revoke-dialog.tsx';

type KeyState = LicenceKeyRow['state'];
const STATES: Record<KeyState, { word: string; tone: StateTone }> = {
  free: { word: 'Free', tone: 'good' },
  used: { word: 'In use', tone: 'off' },
  revoked: { word: 'Revoked', tone: 'bad' },
};
const STEP = 100;
const search = makeSearch<LicenceKeyRow>(({ hint, note, room, panel }) => [
  hint,
  note,
  room,
  panel?.name,
  panel?.hostname,
  panel?.mac,
]);

export function KeyList({ rows }: { rows: readonly LicenceKeyRow[] }) {
  const [typed, setTyped] = useState('');
  const [show, setShow] = useState<'all' | KeyState>('all');
  const [revoking, setRevoking] = useState<LicenceKeyRow | null>(null);
  const sorted = useMemo(() => rows.toSorted((a, b) => b.created - a.created), [rows]);
  const fitting = useMemo(() => search(sorted, typed), [sorted, typed]);
  const inState = (state: 'all' | KeyState) => fitting.filter(row => state === 'all' || row.state === state);
  const tab = (value: 'all' | KeyState, label: string): Tab<'all' | KeyState> => ({
    value,
    label,
    count: inState(value).length,
  });
  const found = inState(show);
  const { shown, more } = useFirst(found, STEP, `${show} ${typed}`);
  return (
    <>
      <Filter
        label="Find by key, note, room or panel"
        name="find"
        typed={typed}
        onType={setTyped}
        tabs={[tab('all', 'All'), tab('free', 'Free'), tab('used', 'In use'), tab('revoked', 'Revoked')]}
        tab={show}
        onTab={setShow}
      />
      {found.length === 0 ? (
        <p class="nothing" role="status">
          No key fits.
        </p>
      ) : (
        <Table rows={shown} onRevoke={setRevoking} />
      )}
      <ShowMore {...more} what={keysWords} />
      {revoking && (
        <RevokeDialog
          row={revoking}
          onClose={() => setRevoking(null)}
          onRevoked={() => {
            setRevoking(null);
            // The button that opened the dialog is gone: a revoked key has none.
            requestAnimationFrame(focusHeading);
          }}
        />
      )}
    </>
  );
}

const Table = ({ rows, onRevoke }: { rows: readonly LicenceKeyRow[]; onRevoke: (row: LicenceKeyRow) => void }) => (
  <div class="table-box">
    <table class="table">
      <caption class="sr-only">Licence keys</caption>
      <thead>
        <tr>
          <th scope="col">Key</th>
          <th scope="col">State</th>
          <th scope="col" class="wide-only">
            Room and panel
          </th>
          <th scope="col" class="wide-only">
            Note
          </th>
          <th scope="col" class="wide-only">
            Created
          </th>
          <th scope="col">
            <span class="sr-only">Action</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <KeyRow key={row.id} row={row} onRevoke={() => onRevoke(row)} />
        ))}
      </tbody>
    </table>
  </div>
);

function KeyRow({ row, onRevoke }: { row: LicenceKeyRow; onRevoke: () => void }) {
  // Registered for a room by a roll-out: free, but spoken for.
  const isKept = row.state === 'free' && row.room !== null;
  const { word, tone } = isKept ? { word: 'Kept', tone: 'off' as const } : STATES[row.state];
  return (
    <tr>
      <th scope="row">
        <code>{row.hint}</code>
        <div class="narrow-only row-more">
          <Where row={row} />
          {row.note && <Foreign text={row.note} />}
          <Ago at={row.created} />
        </div>
      </th>
      <td>
        <State tone={tone}>{word}</State>
      </td>
      <td class="wide-only">
        <Where row={row} />
      </td>
      <td class="wide-only">
        <Foreign text={row.note} />
      </td>
      <td class="wide-only">
        <Ago at={row.created} />
      </td>
      <td class="action">
        {row.state !== 'revoked' && (
          <Button look="quiet" onPress={onRevoke} label={`Revoke ${row.hint}`}>
            Revoke
          </Button>
        )}
      </td>
    </tr>
  );
}

/** Which panel holds it, or for which room it is kept. */
function Where({ row: { room, panel } }: { row: LicenceKeyRow }) {
  if (!room && !panel) return <None />;
  return (
    <>
      {room && (
        <a href={`#/rooms?find=${encodeURIComponent(room)}`}>
          <Foreign text={room} />
        </a>
      )}
      <div class="row-more">
        {panel ? (
          <span>
            <Foreign text={panel.name ?? panel.hostname} />
            {panel.mac && (
              <>
                {' '}
                <code>{panel.mac}</code>
              </>
            )}
          </span>
        ) : (
          <span>registered, not paired yet</span>
        )}
      </div>
    </>
  );
}
