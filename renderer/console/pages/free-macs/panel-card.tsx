import { useLayoutEffect, useRef } from 'preact/hooks';
import { between } from '../../../../src/contract/values/time.ts';
import type { WaitingPanel } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { Fact } from '../../parts/facts.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Ago, Foreign, State } from '../../parts/text.tsx';
import { useConsole } from '../../state/console.ts';
import { groupCode, validCode } from './code.ts';
import { isTurnedAway, labelOf } from './waiting.ts';
import { Words } from './words.tsx';

/** What can be asked for from a card. */
export type Deed = 'approve' | 'confirm' | 'reject' | 'end-conflict' | 'let-in';
type PanelCardProps = { panel: WaitingPanel; isWanted: boolean; onAsk: (deed: Deed, panel: WaitingPanel) => void };

export function PanelCard({ panel, isWanted, onAsk }: PanelCardProps) {
  const element = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    if (isWanted) element.current?.scrollIntoView({ block: 'center' });
  }, [isWanted]);
  return (
    <li ref={element} class={isWanted ? 'card panel panel-wanted' : 'card panel'} data-panel={panel.panel}>
      <div class="panel-identity">
        {isWanted && <p class="panel-flag">The panel you came for</p>}
        <Code panel={panel} />
        <Words words={panel.words} />
        {panel.registration && (
          <p class="panel-registered">
            Registered for{' '}
            <strong>
              <Foreign text={panel.registration.room.name} />
            </strong>
          </p>
        )}
      </div>
      <Facts panel={panel} />
      <Actions panel={panel} onAsk={onAsk} />
      {panel.isConflict && (
        <div class="panel-twins">
          <Notice tone="bad" title="Two machines use this identity">
            A disk or its data was copied, so central believes neither. Take the copy off the network, then end the
            conflict: the panel shows a new code.
          </Notice>
        </div>
      )}
      <Twins panel={panel} />
    </li>
  );
}

function Code({ panel }: { panel: WaitingPanel }) {
  const { now, format } = useConsole();
  const code = validCode(panel, now.value);
  if (code && panel.expires !== null) {
    return (
      <>
        <p class="code">
          <span class="sr-only">Code </span>
          {groupCode(code)}
        </p>
        <p class="soft small">Good for {format.countdown(between(now.value, panel.expires))} min</p>
      </>
    );
  }
  if (panel.isConflict) return <p class="no-code">Identity conflict</p>;
  return (
    <p class="no-code">
      {panel.isRevoked ? 'Revoked.' : panel.isRejected ? 'Rejected.' : 'No valid code.'}{' '}
      <span class="no-code-hint soft">
        {panel.isRevoked
          ? 'It stays out, whatever is pressed on it. Let it in again here, and it shows a new code.'
          : 'Ask for a new code on the panel, then approve it here.'}
      </span>
    </p>
  );
}

const unknown = <span class="soft">not known</span>;

const Facts = ({ panel }: { panel: WaitingPanel }) => (
  <dl class="facts facts-two">
    <Fact name="MAC">{panel.mac ? <code>{panel.mac}</code> : unknown}</Fact>
    <Fact name="Host name">
      <Foreign text={panel.hostname} />
    </Fact>
    <Fact name="Address">
      <Foreign text={panel.address} />
    </Fact>
    <Fact name="Software">
      <Foreign text={panel.agentVersion} />
    </Fact>
    <Fact name="First seen">
      <Ago at={panel.firstSeen} />
    </Fact>
    <Fact name="Last seen">
      <Ago at={panel.lastSeen} />
    </Fact>
    <Fact name="Its own key is kept in">
      {panel.keyStore === 'keychain' ? 'the OS keychain' : 'a sealed file (no keychain there)'}
    </Fact>
    <Fact name="Link">
      <State tone={panel.isOnline ? 'good' : 'off'}>{panel.isOnline ? 'Online' : 'Offline'}</State>
    </Fact>
    <div class="machine-id">
      <dt>Machine id</dt>
      <dd>
        {panel.machineId ? (
          <code>
            <Foreign text={panel.machineId} />
          </code>
        ) : (
          unknown
        )}
      </dd>
    </div>
  </dl>
);

function Actions({ panel, onAsk }: { panel: WaitingPanel; onAsk: PanelCardProps['onAsk'] }) {
  const { now } = useConsole();
  const hasCode = validCode(panel, now.value) !== null;
  const name = labelOf(panel);
  if (panel.isConflict) {
    return (
      <div class="panel-actions">
        <Button onPress={() => onAsk('end-conflict', panel)} label={`End conflict of ${name}`}>
          End conflict
        </Button>
      </div>
    );
  }
  if (panel.isRevoked) {
    return (
      <div class="panel-actions">
        <Button onPress={() => onAsk('let-in', panel)} label={`Let it in again: ${name}`}>
          Let it in again
        </Button>
      </div>
    );
  }
  const isRegistered = panel.registration !== null && !isTurnedAway(panel);
  return (
    <div class="panel-actions">
      {isRegistered && (
        <Button look="primary" isDisabled={!hasCode} onPress={() => onAsk('confirm', panel)} label={`Confirm ${name}`}>
          Confirm
        </Button>
      )}
      <Button
        look={hasCode && !isRegistered ? 'primary' : 'plain'}
        isDisabled={!hasCode}
        onPress={() => onAsk('approve', panel)}
        label={isRegistered ? `Other room for ${name}` : `Approve ${name}`}
      >
        {isRegistered ? 'Other room' : 'Approve'}
      </Button>
      {!isTurnedAway(panel) && (
        <Button onPress={() => onAsk('reject', panel)} label={`Reject ${name}`}>
          Reject
        </Button>
      )}
    </div>
  );
}

/** Others that report the same machine id or MAC. A label is no proof, so it is a warning, not a refusal. */
function Twins({ panel }: { panel: WaitingPanel }) {
  if (panel.twins.length === 0) return null;
  const byMachine = panel.twins.filter(twin => twin.shared === 'machine-id');
  const byMac = panel.twins.filter(twin => twin.shared === 'mac');
  const shownIn = [...new Set(panel.twins.flatMap(twin => twin.room ?? []))];
  return (
    <div class="panel-twins">
      <Notice tone="warn">
        {byMachine.length > 0 && <p>{byMachine.length + 1} panels report the same machine id: a cloned disk image?</p>}
        {byMac.length > 0 && (
          <p>{byMac.length + 1} panels report the same MAC address: a cloned machine, or one that pretends?</p>
        )}
        {shownIn.length > 0 && (
          <p>
            {panel.twins.length === 1 ? 'The other one shows ' : 'Among them the panel of '}
            <Foreign text={shownIn.join(', ')} />.
          </p>
        )}
      </Notice>
    </div>
  );
}
