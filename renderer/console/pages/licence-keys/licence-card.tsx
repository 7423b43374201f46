import { useState } from 'preact/hooks';
import { between } from '../../../../src/contract/values/time.ts';
import type { Entitlement, LicenceStatus } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { Foreign, State, When } from '../../parts/text.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';
import { LicenceDialog } from './licence-dialog.tsx';
import { daysIn, daysWords, isFull, keysLeft, LICENCE_STATES, seatsWords } from './licence-words.ts';

/** The vendor's licence file: what it allows, how much of it is used, and until when. */
export function LicenceCard({ licence }: { licence: LicenceStatus }) {
  const { licence: resource } = useConsole();
  const [asking, setAsking] = useState<'import' | 'remove' | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const { word, tone } = LICENCE_STATES[licence.state];
  const settle = (status: LicenceStatus, words: string) => {
    resource.value.value = status;
    setSaid(words);
    setAsking(null);
  };
  return (
    <section class="card licence" aria-labelledby="licence">
      <div class="card-head">
        <h2 id="licence">Licence file</h2>
        <State tone={tone}>{word}</State>
      </div>
      {said && (
        <Notice tone="good" isAnswer>
          {said}
        </Notice>
      )}
      <Meaning licence={licence} />
      {licence.entitlement && <Facts entitlement={licence.entitlement} licence={licence} />}
      <div class="buttons">
        <Button onPress={() => setAsking('import')}>
          {licence.entitlement ? 'Import another file' : 'Import a licence file'}
        </Button>
        {licence.entitlement && (
          <Button look="quiet" onPress={() => setAsking('remove')} label="Remove the licence file">
            Remove
          </Button>
        )}
      </div>
      {asking === 'import' && (
        <LicenceDialog
          onClose={() => setAsking(null)}
          onImported={status => settle(status, 'The licence file is imported.')}
        />
      )}
      {asking === 'remove' && (
        <RemoveDialog
          onClose={() => setAsking(null)}
          onRemoved={status => settle(status, 'The licence file is removed.')}
        />
      )}
    </section>
  );
}

/** Cause and mend, or that all is well. */
function Meaning({ licence }: { licence: LicenceStatus }) {
  const { now } = useConsole();
  const { state, entitlement, graceUntil } = licence;
  if (!entitlement) {
    return (
      <p class="soft">
        Nothing is limited: make as many licence keys as you have panels. If your vendor sent you a licence file, import
        it here; it is checked without any connection to the outside.
      </p>
    );
  }
  return (
    <>
      {state === 'not-yet' && (
        <Notice tone="warn" title="The licence is not valid yet">
          It begins on <When at={entitlement.notBefore} />.
        </Notice>
      )}
      {state === 'grace' && (
        <Notice tone="warn" title="The licence has expired; everything goes on for now">
          {graceUntil !== null && (
            <>
              Until <When at={graceUntil} />, another {daysWords(daysIn(between(now.value, graceUntil)))}. Import the
              new licence file before that. Nothing of this is shown on any panel.
            </>
          )}
        </Notice>
      )}
      {state === 'lapsed' && (
        <Notice tone="bad" title="The licence has lapsed, and so has its time of grace">
          No new panel can be paired, and panels get no access to the calendar any more: they show what they last read,
          and say how old it is. Rooms, keys and settings are kept. Import a new licence file, and everything goes on
          within a second.
        </Notice>
      )}
      {state !== 'lapsed' && isFull(licence) && (
        <Notice tone="warn" title={`All ${seatsWords(entitlement.seats)} are used`}>
          Another panel can only be paired after one is unpaired, or with a licence file for more seats.
        </Notice>
      )}
      {state !== 'lapsed' && !isFull(licence) && keysLeft(licence) === 0 && (
        <Notice tone="info">
          There is a licence key for each of the {seatsWords(entitlement.seats)}. For another key, revoke one that is
          not needed.
        </Notice>
      )}
    </>
  );
}

function Facts({ entitlement, licence }: { entitlement: Entitlement; licence: LicenceStatus }) {
  const { seats, customer, licenceId, features, expires, graceDays } = entitlement;
  const seatsId = 'licence-seats';
  return (
    <dl class="facts licence-facts">
      <dt id={seatsId}>Seats</dt>
      <dd>
        <meter
          class="meter"
          min={0}
          max={seats}
          high={seats - 0.5}
          optimum={0}
          value={Math.min(licence.seatsUsed, seats)}
          aria-labelledby={seatsId}
        >
          {licence.seatsUsed} of {seats}
        </meter>
        <div>
          {licence.seatsUsed} of {seats} used <span class="soft">by paired panels;</span> {licence.keys}{' '}
          <span class="soft">licence keys made</span>
        </div>
      </dd>
      <dt>Customer</dt>
      <dd>
        <Foreign text={customer} />
      </dd>
      <dt>Expires</dt>
      <dd>
        {expires === null ? (
          'never'
        ) : (
          <>
            <When at={expires} />
            <span class="soft">, then {daysWords(graceDays)} of grace</span>
          </>
        )}
      </dd>
      <dt>Features</dt>
      <dd>
        {features.length === 0 ? (
          <span class="soft">none beyond the usual</span>
        ) : (
          <ul class="chips">
            {features.map(feature => (
              <li key={feature}>
                <Foreign text={feature} />
              </li>
            ))}
          </ul>
        )}
      </dd>
      <dt>Number</dt>
      <dd>
        <code>
          <Foreign text={licenceId} />
        </code>
      </dd>
    </dl>
  );
}

function RemoveDialog({ onClose, onRemoved }: { onClose: () => void; onRemoved: (status: LicenceStatus) => void }) {
  const { api } = useConsole();
  const { isBusy, failure, run } = useRequest();
  return (
    <Confirm
      title="Remove the licence file?"
      verb="Remove"
      isBusy={isBusy}
      failure={failure && <FailureNotice failure={failure} />}
      onConfirm={() => void run(api.deleteLicence, onRemoved)}
      onClose={onClose}
    >
      <p>
        Central forgets what the vendor sold. Licence keys and panels stay as they are. The file can be imported again.
      </p>
    </Confirm>
  );
}
