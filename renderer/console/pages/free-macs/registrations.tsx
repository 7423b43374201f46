import { useState } from 'preact/hooks';
import type { RegistrationRow } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { Filter } from '../../parts/filter.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { Loading } from '../../parts/page-head.tsx';
import { makeSearch } from '../../parts/search.ts';
import { ShowMore, useFirst } from '../../parts/show-more.tsx';
import { Ago, Foreign } from '../../parts/text.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';
import { count } from '../../words.ts';

const search = makeSearch<RegistrationRow>(({ mac, room, licenceKeyHint }) => [
  mac,
  mac.replaceAll(':', ''),
  room.name,
  licenceKeyHint,
]);
const STEP = 50;

/** What was registered and has not shown up or was not confirmed yet. */
export function Registrations() {
  const { registrations } = useConsole();
  const [typed, setTyped] = useState('');
  const [deleting, setDeleting] = useState<RegistrationRow | null>(null);
  const known = registrations.value.value;
  const found = search(known ?? [], typed);
  const { shown, more } = useFirst(found, STEP, typed);
  return (
    <section class="registrations" aria-labelledby="registrations">
      <h2 id="registrations">Registered, waiting to be paired</h2>
      {!known && <Loading failure={registrations.failure.value} onRetry={registrations.refresh} />}
      {known?.length === 0 && <p class="soft">No panel is registered.</p>}
      {known && known.length > 0 && (
        <>
          <Filter label="Find a registration" name="find-registration" typed={typed} onType={setTyped} />
          {found.length === 0 ? (
            <p class="nothing" role="status">
              No registration fits.
            </p>
          ) : (
            <Table rows={shown} onDelete={setDeleting} />
          )}
          <ShowMore {...more} what={n => count(n, { one: '# registration', other: '# registrations' })} />
        </>
      )}
      {deleting && <DeleteDialog row={deleting} onClose={() => setDeleting(null)} />}
    </section>
  );
}

const Table = ({ rows, onDelete }: { rows: readonly RegistrationRow[]; onDelete: (row: RegistrationRow) => void }) => (
  <div class="table-box">
    <table class="table">
      <caption class="sr-only">Registrations</caption>
      <thead>
        <tr>
          <th scope="col">MAC</th>
          <th scope="col" class="wide-only">
            Room
          </th>
          <th scope="col" class="wide-only">
            Licence key
          </th>
          <th scope="col" class="wide-only">
            Registered
          </th>
          <th scope="col">
            <span class="sr-only">Action</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={row.mac}>
            <th scope="row">
              <code>{row.mac}</code>
              <div class="narrow-only row-more">
                <Foreign text={row.room.name} />
                <Ago at={row.created} />
              </div>
            </th>
            <td class="wide-only">
              <Foreign text={row.room.name} />
            </td>
            <td class="wide-only">
              {row.licenceKeyHint ? <code>{row.licenceKeyHint}</code> : <span class="soft">any free one</span>}
            </td>
            <td class="wide-only">
              <Ago at={row.created} />
            </td>
            <td class="action">
              <Button look="quiet" onPress={() => onDelete(row)} label={`Delete the registration of ${row.mac}`}>
                Delete
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

function DeleteDialog({ row, onClose }: { row: RegistrationRow; onClose: () => void }) {
  const { api, registrations, freeMacs } = useConsole();
  const { isBusy, failure, run } = useRequest();
  return (
    <Confirm
      title={`Delete the registration of ${row.mac}?`}
      verb="Delete"
      isBusy={isBusy}
      failure={failure && <FailureNotice failure={failure} />}
      onConfirm={() =>
        void run(
          () => api.deleteRegistration(row.mac),
          () => {
            registrations.value.value = (registrations.value.value ?? []).filter(({ mac }) => mac !== row.mac);
            registrations.refresh();
            freeMacs.refresh();
            onClose();
          },
        )
      }
      onClose={onClose}
    >
      <p>
        Central forgets that this panel belongs to <Foreign text={row.room.name} />. When it shows up it waits like any
        other, and somebody chooses its room.
      </p>
    </Confirm>
  );
}
