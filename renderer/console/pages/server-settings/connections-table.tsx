/** Connections beside the default one: what each is, how it is, and what can be done to it. */
import { useState } from 'preact/hooks';
import type { ConnectionRow } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Button } from '../../parts/button.tsx';
import { None } from '../../parts/facts.tsx';
import { Foreign, State, type StateTone } from '../../parts/text.tsx';
import { useConsole } from '../../state/console.ts';
import { rooms } from '../../words.ts';
import { DeleteConnection } from './delete-connection.tsx';
import { Countdown } from './health-line.tsx';
import { SERVER_TYPES } from './kinds.ts';
import { hrefOfConnection } from './links.ts';
import { TestDialog } from './test-dialog.tsx';

export const CONNECTION_STATES: Record<ConnectionRow['state'], { tone: StateTone; word: string }> = {
  ok: { tone: 'good', word: 'Works' },
  'not-set': { tone: 'off', word: 'Not set up' },
  'sign-in-needed': { tone: 'bad', word: 'Sign-in needed' },
  unreachable: { tone: 'bad', word: 'Unreachable' },
};

export function ConnectionsTable({ connections }: { connections: readonly ConnectionRow[] }) {
  const { draft } = useConsole();
  const [asked, setAsked] = useState<{ what: 'test' | 'delete'; row: ConnectionRow } | null>(null);
  const close = () => setAsked(null);
  return (
    <>
      <div class="table-box">
        <table class="table connections-table">
          <caption class="sr-only">Further connections</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" class="wide-only">
                ID
              </th>
              <th scope="col" class="wide-only">
                Server type
              </th>
              <th scope="col" class="wide-only">
                Settings
              </th>
              <th scope="col">State</th>
              <th scope="col" class="wide-only number">
                Rooms
              </th>
              <th scope="col" class="wide-only">
                Next expiry
              </th>
              <th scope="col" class="wide-only">
                <span class="sr-only">Action</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {connections.map(row => (
              <Row
                key={row.id}
                row={row}
                isUnsaved={draft.value?.[row.id] !== undefined}
                onTest={() => setAsked({ what: 'test', row })}
                onDelete={() => setAsked({ what: 'delete', row })}
              />
            ))}
          </tbody>
        </table>
      </div>
      {asked?.what === 'test' && <TestDialog row={asked.row} onClose={close} />}
      {asked?.what === 'delete' && <DeleteConnection row={asked.row} onClose={close} />}
    </>
  );
}

type RowProps = { row: ConnectionRow; isUnsaved: boolean; onTest: () => void; onDelete: () => void };

function Row({ row, isUnsaved, onTest, onDelete }: RowProps) {
  const state = CONNECTION_STATES[row.state];
  const type = row.serverType && SERVER_TYPES[row.serverType];
  const actions = (
    <div class="row-actions">
      <a
        class="button button-quiet wide-only"
        href={hrefOfConnection(row.id)}
        aria-label={`Edit ${plainText(row.name)}`}
      >
        Edit
      </a>
      <Button look="quiet" onPress={onTest} label={`Test ${plainText(row.name)}`}>
        Test
      </Button>
      <Button look="quiet" onPress={onDelete} label={`Delete ${plainText(row.name)}`}>
        Delete
      </Button>
    </div>
  );
  return (
    <tr>
      <th scope="row">
        <a href={hrefOfConnection(row.id)}>
          <Foreign text={row.name} />
        </a>
        {isUnsaved && <span class="soft small"> (not saved yet)</span>}
        <div class="narrow-only row-more">
          {type && <span>{type}</span>}
          <Settings row={row} />
          <span>{rooms(row.rooms)}</span>
        </div>
      </th>
      <td class="wide-only">
        <code class="row-id">
          <Foreign text={row.id} />
        </code>
      </td>
      <td class="wide-only">{type ?? <None />}</td>
      <td class="wide-only">
        <div class="row-more">
          <Settings row={row} />
        </div>
      </td>
      <td>
        <State tone={state.tone}>{state.word}</State>
        <div class="narrow-only row-more">
          {row.nextExpiry && <Countdown expiry={row.nextExpiry} />}
          {actions}
        </div>
      </td>
      <td class="wide-only number">{row.rooms}</td>
      <td class="wide-only">{row.nextExpiry ? <Countdown expiry={row.nextExpiry} /> : <None />}</td>
      <td class="wide-only action">{actions}</td>
    </tr>
  );
}

const Settings = ({ row: { tenantId, account } }: { row: ConnectionRow }) => (
  <>
    {tenantId !== null && <Foreign text={tenantId} />}
    {account !== null && <Foreign text={account} />}
  </>
);
