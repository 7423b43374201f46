import { useEffect, useId, useState } from 'preact/hooks';
import type { PanelId } from '../../../../src/contract/values/ids.ts';
import type { WaitingPanel } from '../../../../src/contract/wire/console.ts';
import { Notice } from '../../parts/notice.tsx';
import { focusHeading, Loading, PageHead } from '../../parts/page-head.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useConsole, useResources } from '../../state/console.ts';
import { plainCode } from '../../state/route.ts';
import { SeatsNotice } from '../licence-keys/seats-notice.tsx';
import { ApproveDialog } from './approve-dialog.tsx';
import { groupCode } from './code.ts';
import { CodeBox } from './code-box.tsx';
import { ConfirmManyDialog } from './confirm-many-dialog.tsx';
import { ConfirmOneDialog } from './confirm-one-dialog.tsx';
import { NobodyWaits } from './nobody-waits.tsx';
import type { Deed } from './panel-card.tsx';
import { EndConflictDialog, LetInDialog, RejectDialog } from './reject-dialog.tsx';
import { RollOut } from './roll-out.tsx';
import { WaitingList } from './waiting-list.tsx';

type Asking = { deed: Deed; panel: WaitingPanel } | { deed: 'confirm-many' };
type Done = { kind: 'paired'; room: string } | { kind: 'rejected' } | { kind: 'conflict-ended' } | { kind: 'let-in' };
type View = 'waiting' | 'roll-out';

export function FreeMacsPage({ code }: { code: string | null }) {
  const { freeMacs, rooms, registrations, licence, licenceKeys, overview } = useConsole();
  useResources(freeMacs, registrations, licence);
  const [view, setView] = useState<View>('waiting');
  const [asking, setAsking] = useState<Asking | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  /** The panel whose code was entered. */
  const [entered, setEntered] = useState<PanelId | null>(null);
  // A code in the address leads to its panel, also from the other view.
  useEffect(() => {
    if (code !== null) setView('waiting');
  }, [code]);
  const known = freeMacs.value.value;
  const isWanted = ({ panel, code: own }: WaitingPanel) =>
    entered === null ? code !== null && plainCode(own ?? '') === plainCode(code) : panel === entered;
  const current = asking && 'panel' in asking ? asking.panel.panel : null;
  const askedFor = known?.find(({ panel }) => panel === current) ?? null;

  function refresh() {
    for (const resource of [freeMacs, rooms, registrations, licence, licenceKeys, overview]) resource.refresh();
  }
  function finish(outcome: Done) {
    setDone(outcome);
    setAsking(null);
    refresh();
    // The button that opened the dialog goes away with the panel.
    requestAnimationFrame(focusHeading);
  }
  function lead(panel: PanelId) {
    setDone(null);
    setEntered(panel);
    freeMacs.refresh();
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-panel="${panel}"] .panel-actions button:not(:disabled)`)?.focus(),
    );
  }

  return (
    <div class="page">
      <PageHead title="Free MACs">
        Panels that found this central and wait for a room. Compare code and words with the glass before you approve
        one.
      </PageHead>
      <SeatsNotice licence={licence.value.value} />
      <Views
        view={view}
        onView={setView}
        waiting={known?.length ?? 0}
        registered={registrations.value.value?.length ?? 0}
      />
      {done && <Outcome done={done} />}
      {view === 'roll-out' && <RollOut />}
      {view === 'waiting' && (
        <>
          {!known && <Loading failure={freeMacs.failure.value} onRetry={freeMacs.refresh} />}
          {known && known.length > 0 && <CodeBox onPaired={room => finish({ kind: 'paired', room })} onFound={lead} />}
          {known && code !== null && !done && entered === null && !known.some(isWanted) && (
            <Notice tone="info" isAnswer>
              No panel waits with the code <Foreign text={groupCode(plainCode(code).slice(0, 12))} />. Codes are good
              for ten minutes: ask for a new one on the panel.
            </Notice>
          )}
          {known?.length === 0 && <NobodyWaits />}
          {known && known.length > 0 && (
            <WaitingList
              // Anew for a code that was entered: no filter may hide its panel.
              key={entered}
              panels={known}
              isWanted={isWanted}
              onAsk={(deed, panel) => setAsking({ deed, panel })}
              onConfirmMany={() => setAsking({ deed: 'confirm-many' })}
            />
          )}
        </>
      )}
      {asking?.deed === 'approve' && (
        <ApproveDialog
          panel={askedFor}
          onClose={() => setAsking(null)}
          onApproved={room => finish({ kind: 'paired', room })}
        />
      )}
      {asking?.deed === 'confirm' && (
        <ConfirmOneDialog
          panel={askedFor}
          onClose={() => setAsking(null)}
          onPaired={room => finish({ kind: 'paired', room })}
        />
      )}
      {asking?.deed === 'reject' && (
        <RejectDialog
          panel={asking.panel}
          onClose={() => setAsking(null)}
          onDone={() => finish({ kind: 'rejected' })}
        />
      )}
      {asking?.deed === 'end-conflict' && (
        <EndConflictDialog
          panel={asking.panel}
          onClose={() => setAsking(null)}
          onDone={() => finish({ kind: 'conflict-ended' })}
        />
      )}
      {asking?.deed === 'let-in' && (
        <LetInDialog panel={asking.panel} onClose={() => setAsking(null)} onDone={() => finish({ kind: 'let-in' })} />
      )}
      {asking?.deed === 'confirm-many' && (
        <ConfirmManyDialog
          panels={known ?? []}
          onClose={() => {
            setAsking(null);
            requestAnimationFrame(focusHeading);
          }}
          onConfirmed={refresh}
        />
      )}
    </div>
  );
}

type ViewsProps = { view: View; onView: (view: View) => void; waiting: number; registered: number };

function Views({ view, onView, waiting, registered }: ViewsProps) {
  const group = useId();
  const views: { value: View; label: string; count: number; spoken: string }[] = [
    { value: 'waiting', label: 'Waiting panels', count: waiting, spoken: 'waiting' },
    { value: 'roll-out', label: 'Roll-out by file', count: registered, spoken: 'registered' },
  ];
  return (
    <fieldset class="tabs views">
      <legend class="sr-only">Show</legend>
      {views.map(({ value, label, count, spoken }) => (
        <label key={value} class={value === view ? 'tab tab-on' : 'tab'}>
          <input type="radio" name={group} class="sr-only" checked={value === view} onChange={() => onView(value)} />
          {label}{' '}
          <span class="soft">
            {count}
            <span class="sr-only"> {spoken}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

const Outcome = ({ done }: { done: Done }) => (
  <Notice
    tone="good"
    action={done.kind === 'paired' && <a href={`#/rooms?find=${encodeURIComponent(done.room)}`}>Show the room</a>}
    isAnswer
  >
    {done.kind === 'rejected' && 'The panel was rejected. It may ask again with a new code.'}
    {done.kind === 'conflict-ended' && 'The conflict is ended. The panel starts anew and shows a new code.'}
    {done.kind === 'let-in' && 'The panel is let in again. It waits below, and its new code is on the glass shortly.'}
    {done.kind === 'paired' && (
      <>
        <Foreign text={done.room} /> has its panel: it shows the room within a second.
      </>
    )}
  </Notice>
);
