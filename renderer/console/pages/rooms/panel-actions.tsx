import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Diagnostics, PanelOfRoom, RoomRow } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { focusHeading } from '../../parts/page-head.tsx';
import { fileNameOf, saveFile } from '../../parts/save-file.ts';
import { Foreign } from '../../parts/text.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';
import { DiagnosticsSummary } from './diagnostics-summary.tsx';
import { MoveDialog } from './move-dialog.tsx';
import { RenameDialog, RestartDialog, RevokePanelDialog, UnpairDialog } from './panel-dialogs.tsx';
import { panelName } from './panel-state.ts';
import { ReplaceDialog } from './replace-dialog.tsx';

type Asking = 'rename' | 'move' | 'restart' | 'replace' | 'unpair' | 'revoke';
type PanelActionsProps = { room: RoomRow; panel: PanelOfRoom; onSaid: (said: ComponentChildren) => void };

export function PanelActions({ room, panel, onSaid }: PanelActionsProps) {
  const { rooms, freeMacs, licenceKeys, overview } = useConsole();
  const [asking, setAsking] = useState<Asking | null>(null);
  const [isRestarting, setRestarting] = useState(false);
  const ask = (what: Asking) => () => setAsking(what);
  const dialog = {
    room,
    panel,
    onClose: () => setAsking(null),
    onDone: (said: ComponentChildren, panelLeft = false) => {
      setAsking(null);
      onSaid(said);
      for (const resource of [rooms, freeMacs, licenceKeys, overview]) resource.refresh();
      // The button that opened the dialog goes away with the panel.
      if (panelLeft) requestAnimationFrame(focusHeading);
    },
  };
  const away = panel.isOnline ? null : 'Only while the panel is online.';
  return (
    <>
      <h3>What can be done</h3>
      <ul class="panel-deeds">
        <Identify panel={panel} away={away} />
        <Deed name="Rename" what="What you call this panel, here and in lists." onPress={ask('rename')} />
        <Deed
          name="Restart"
          what="Starts its program again; the glass is dark for some seconds."
          away={away}
          onPress={ask('restart')}
        >
          {isRestarting && <Said>It was asked to restart and is back in a moment.</Said>}
        </Deed>
        <Diagnose panel={panel} away={away} />
        <Deed
          name="Move"
          what="It shows another room from then on, under the same licence key."
          onPress={ask('move')}
        />
        <Deed
          name="Replace"
          what="A panel that waits takes over room, licence key, name and settings; this one is revoked."
          onPress={ask('replace')}
        />
        <Deed
          name="Unpair"
          what="It leaves the room and waits under Free MACs; its licence key becomes free."
          onPress={ask('unpair')}
        />
        <Deed
          name="Revoke"
          what="For a lost or stolen panel: it gets nothing more from central, at once."
          onPress={ask('revoke')}
        />
      </ul>
      {asking === 'rename' && <RenameDialog {...dialog} />}
      {asking === 'restart' && (
        <RestartDialog
          {...dialog}
          onDone={() => {
            setAsking(null);
            setRestarting(true);
          }}
        />
      )}
      {asking === 'move' && <MoveDialog {...dialog} />}
      {asking === 'replace' && <ReplaceDialog {...dialog} />}
      {asking === 'unpair' && <UnpairDialog {...dialog} />}
      {asking === 'revoke' && <RevokePanelDialog {...dialog} />}
    </>
  );
}

type DeedProps = {
  name: string;
  what: string;
  onPress: () => void;
  isBusy?: boolean;
  /** Why not now. */
  away?: string | null;
  children?: ComponentChildren;
};

const Deed = ({ name, what, onPress, isBusy = false, away = null, children }: DeedProps) => (
  <li>
    <Button onPress={onPress} isBusy={isBusy} isDisabled={away !== null}>
      {name}
    </Button>
    <div class="deed-text">
      <p class="soft">
        {what} {away}
      </p>
      {children}
    </div>
  </li>
);

const Said = ({ children }: { children: ComponentChildren }) => (
  <p class="deed-said" role="status">
    {children}
  </p>
);

function Identify({ panel, away }: { panel: PanelOfRoom; away: string | null }) {
  const { api } = useConsole();
  const { isBusy, failure, run } = useRequest();
  const [isDone, setDone] = useState(false);
  return (
    <Deed
      name="Identify"
      what="Flashes its name on the glass, so that you find it."
      away={away}
      isBusy={isBusy}
      onPress={() =>
        void run(
          () => api.identifyPanel(panel.id),
          () => setDone(true),
          () => setDone(false),
        )
      }
    >
      {isDone && (
        <Said>
          <Foreign text={panelName(panel)} /> flashes on its glass now.
        </Said>
      )}
      {failure && <FailureNotice failure={failure} />}
    </Deed>
  );
}

function Diagnose({ panel, away }: { panel: PanelOfRoom; away: string | null }) {
  const { api, clock } = useConsole();
  const { isBusy, failure, run } = useRequest();
  const [collected, setCollected] = useState<Diagnostics | null>(null);
  const save = (diagnostics: Diagnostics) => {
    setCollected(diagnostics);
    const name = `lintel-${fileNameOf(panelName(panel)) || 'panel'}-diagnostics.json`;
    saveFile(clock, name, 'application/json', diagnostics.text);
  };
  return (
    <Deed
      name="Collect diagnostics"
      what="Asks the panel what it knows of itself and downloads it for support. No meeting, name or secret is in it."
      away={away}
      isBusy={isBusy}
      onPress={() => void run(() => api.diagnosePanel(panel.id), save)}
    >
      {collected && <DiagnosticsSummary diagnostics={collected} />}
      {failure && <FailureNotice failure={failure} />}
    </Deed>
  );
}
