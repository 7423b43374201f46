import { useState } from 'preact/hooks';
import type { PanelId } from '../../../../src/contract/values/ids.ts';
import type { WaitingPanel } from '../../../../src/contract/wire/console.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Filter } from '../../parts/filter.tsx';
import { Notice } from '../../parts/notice.tsx';
import { matches } from '../../parts/options.ts';
import { focusHeading, Loading, PageHead } from '../../parts/page-head.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useConsole, useResources } from '../../state/console.ts';
import { plainCode } from '../../state/route.ts';
import { ApproveDialog } from './approve-dialog.tsx';
import { groupCode } from './code.ts';
import { PanelCard } from './panel-card.tsx';
import { RejectDialog } from './reject-dialog.tsx';

type Asking = { kind: 'approve'; panel: PanelId } | { kind: 'reject'; panel: WaitingPanel };
/** With more than this many, reading through the list is work. */
const SEARCHABLE = 3;

export function FreeMacsPage({ code }: { code: string | null }) {
  const { freeMacs, rooms, overview } = useConsole();
  useResources(freeMacs);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [done, setDone] = useState<{ kind: 'paired'; room: string } | { kind: 'rejected' } | null>(null);
  const [typed, setTyped] = useState('');
  const known = freeMacs.value.value;
  const isWanted = (panel: WaitingPanel) => code !== null && plainCode(panel.code ?? '') === plainCode(code);
  const fitting = (known ?? []).filter(({ code: own, mac, hostname, address, words }) =>
    matches(typed, own, own && groupCode(own), mac, hostname, address, words.join(' ')),
  );
  const waiting = fitting.filter(panel => !panel.isRejected).sort((a, b) => Number(isWanted(b)) - Number(isWanted(a)));
  const rejected = fitting.filter(panel => panel.isRejected);

  function finish(outcome: NonNullable<typeof done>) {
    setDone(outcome);
    setAsking(null);
    freeMacs.refresh();
    rooms.refresh();
    overview.refresh();
    // The button that opened the dialog goes away with the panel.
    requestAnimationFrame(focusHeading);
  }
  const list = (panels: WaitingPanel[]) => (
    <ul class="panels">
      {panels.map(panel => (
        <PanelCard
          key={panel.panel}
          panel={panel}
          isWanted={isWanted(panel)}
          onApprove={() => setAsking({ kind: 'approve', panel: panel.panel })}
          onReject={() => setAsking({ kind: 'reject', panel })}
        />
      ))}
    </ul>
  );

  return (
    <div class="page">
      <PageHead title="Free MACs">
        Panels that found this central and wait for a room. Compare code and words with the glass before you approve
        one.
      </PageHead>
      {done && (
        <Notice
          tone="good"
          action={done.kind === 'paired' && <a href={`#/rooms?find=${encodeURIComponent(done.room)}`}>Show the room</a>}
          isAnswer
        >
          {done.kind === 'rejected' && 'The panel was rejected. It may ask again with a new code.'}
          {done.kind === 'paired' && (
            <>
              <Foreign text={done.room} /> has its panel: it shows the room within a second.
            </>
          )}
        </Notice>
      )}
      {!known && <Loading failure={freeMacs.failure.value} onRetry={freeMacs.refresh} />}
      {known && code !== null && !done && !known.some(isWanted) && (
        <Notice tone="info" isAnswer>
          No panel waits with the code <Foreign text={groupCode(plainCode(code).slice(0, 12))} />. Codes are good for
          ten minutes: ask for a new one on the panel.
        </Notice>
      )}
      {known?.length === 0 && <NobodyWaits />}
      {known && known.length > SEARCHABLE && (
        <Filter label="Find by code, MAC, host name or words" name="find" typed={typed} onType={setTyped} />
      )}
      {known && known.length > 0 && fitting.length === 0 && (
        <p class="nothing" role="status">
          No panel fits.
        </p>
      )}
      {list(waiting)}
      {rejected.length > 0 && (
        <details class="rejected" open={rejected.some(isWanted) || waiting.length === 0}>
          <summary>
            Rejected or revoked <span class="soft">{rejected.length}</span>
          </summary>
          {list(rejected)}
        </details>
      )}
      {asking?.kind === 'approve' && (
        <ApproveDialog
          panel={known?.find(({ panel }) => panel === asking.panel) ?? null}
          onClose={() => setAsking(null)}
          onApproved={room => finish({ kind: 'paired', room })}
        />
      )}
      {asking?.kind === 'reject' && (
        <RejectDialog
          panel={asking.panel}
          onClose={() => setAsking(null)}
          onRejected={() => finish({ kind: 'rejected' })}
        />
      )}
    </div>
  );
}

function NobodyWaits() {
  const { centralUrl } = useConsole();
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(centralUrl).hostname);
  return (
    <EmptyState icon="panel" title="No panel waits">
      <p>Switch a panel on. When it asks for central, type this address on it:</p>
      <p class="address-to-type">
        <code>{centralUrl}</code> <CopyButton text={centralUrl}>Copy</CopyButton>
      </p>
      {isLocal && (
        <p class="soft">From another machine, use this computer's name instead of {new URL(centralUrl).hostname}.</p>
      )}
      <p class="soft">It then shows a code and appears here by itself, within a second.</p>
    </EmptyState>
  );
}
