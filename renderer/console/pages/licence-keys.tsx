import { useState } from 'preact/hooks';
import type { LicenceKeyRow } from '../../../src/contract/wire/console.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Filter, type Tab } from '../parts/filter.tsx';
import { FailureNotice } from '../parts/notice.tsx';
import { matches } from '../parts/options.ts';
import { Loading, PageHead } from '../parts/page-head.tsx';
import { Ago, Foreign, State, type StateTone } from '../parts/text.tsx';
import { useConsole, useResources } from '../state/console.ts';
import type { Failure } from '../state/http.ts';
import { NewKeys } from './new-keys.tsx';

type KeyState = LicenceKeyRow['state'];
const STATES: Record<KeyState, { word: string; tone: StateTone }> = {
  free: { word: 'Free', tone: 'good' },
  used: { word: 'In use', tone: 'off' },
  revoked: { word: 'Revoked', tone: 'bad' },
};

export function LicenceKeysPage() {
  const { licenceKeys } = useConsole();
  useResources(licenceKeys);
  const [isCreating, setCreating] = useState(false);
  const known = licenceKeys.value.value;
  return (
    <div class="page">
      <PageHead
        title="Licence Keys"
        action={
          known?.length !== 0 && (
            <Button look="primary" icon="plus" isDisabled={isCreating} onPress={() => setCreating(true)}>
              Create keys
            </Button>
          )
        }
      >
        One key lets one panel join: pick it when you approve a panel, or type it on the panel itself.
      </PageHead>
      {isCreating && <NewKeys onDone={() => setCreating(false)} />}
      {!known && <Loading failure={licenceKeys.failure.value} onRetry={licenceKeys.refresh} />}
      {known?.length === 0 && !isCreating && (
        <EmptyState
          icon="key"
          title="No licence keys yet"
          action={
            <Button look="primary" icon="plus" onPress={() => setCreating(true)}>
              Create keys
            </Button>
          }
        >
          <p>Every panel is paired under a licence key. Create as many as you have panels.</p>
        </EmptyState>
      )}
      {known && known.length > 0 && <KeyList rows={known} />}
    </div>
  );
}

function KeyList({ rows }: { rows: LicenceKeyRow[] }) {
  const [typed, setTyped] = useState('');
  const [show, setShow] = useState<'all' | KeyState>('all');
  const [revoking, setRevoking] = useState<LicenceKeyRow | null>(null);
  const tabs: Tab<'all' | KeyState>[] = [
    { value: 'all', label: 'All', count: rows.length },
    { value: 'free', label: 'Free', count: rows.filter(row => row.state === 'free').length },
    { value: 'used', label: 'In use', count: rows.filter(row => row.state === 'used').length },
    { value: 'revoked', label: 'Revoked', count: rows.filter(row => row.state === 'revoked').length },
  ];
  const shown = rows
    .filter(row => (show === 'all' || row.state === show) && matches(typed, row.hint, row.note, row.room))
    .sort((a, b) => b.created - a.created);
  return (
    <>
      <Filter label="Find a key" name="find" typed={typed} onType={setTyped} tabs={tabs} tab={show} onTab={setShow} />
      {shown.length === 0 ? (
        <p class="nothing" role="status">
          No key fits.
        </p>
      ) : (
        <div class="table-box">
          <table class="table">
            <caption class="sr-only">Licence keys</caption>
            <thead>
              <tr>
                <th scope="col">Key</th>
                <th scope="col">State</th>
                <th scope="col" class="wide-only">
                  Room
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
              {shown.map(row => (
                <KeyRow key={row.id} row={row} onRevoke={() => setRevoking(row)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {revoking && <RevokeDialog row={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}

function KeyRow({ row, onRevoke }: { row: LicenceKeyRow; onRevoke: () => void }) {
  const { word, tone } = STATES[row.state];
  return (
    <tr>
      <th scope="row">
        <code>{row.hint}</code>
        <div class="narrow-only row-more">
          {row.room && <Foreign text={row.room} />}
          {row.note && <Foreign text={row.note} />}
          <Ago at={row.created} />
        </div>
      </th>
      <td>
        <State tone={tone}>{word}</State>
      </td>
      <td class="wide-only">{row.room && <Foreign text={row.room} />}</td>
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

function RevokeDialog({ row, onClose }: { row: LicenceKeyRow; onClose: () => void }) {
  const { api, licenceKeys, overview } = useConsole();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  async function revoke() {
    setBusy(true);
    const answer = await api.revokeLicenceKey(row.id);
    setBusy(false);
    if (answer.kind !== 'ok') return setFailure(answer);
    const known = licenceKeys.value.value ?? [];
    licenceKeys.value.value = known.map(other => (other.id === answer.value.id ? answer.value : other));
    overview.refresh();
    onClose();
  }
  return (
    <Confirm
      title={`Revoke the key ${row.hint}?`}
      verb="Revoke"
      isBusy={isBusy}
      failure={failure && <FailureNotice failure={failure} />}
      onConfirm={() => void revoke()}
      onClose={onClose}
    >
      {row.room ? (
        <p>
          The panel of <Foreign text={row.room} /> was paired under it and loses the room. A revoked key never becomes
          valid again.
        </p>
      ) : (
        <p>No panel can be paired under it any more. A revoked key never becomes valid again.</p>
      )}
    </Confirm>
  );
}
