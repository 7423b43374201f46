import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { between } from '../../../../src/contract/values/time.ts';
import type { WaitingPanel } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Ago, Foreign, State } from '../../parts/text.tsx';
import { useConsole } from '../../state/console.ts';
import { relative } from '../../words.ts';
import { groupCode, validCode } from './code.ts';

type PanelCardProps = { panel: WaitingPanel; isWanted: boolean; onApprove: () => void; onReject: () => void };

export function PanelCard({ panel, isWanted, onApprove, onReject }: PanelCardProps) {
  const { now } = useConsole();
  const element = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    if (isWanted) element.current?.scrollIntoView({ block: 'center' });
  }, [isWanted]);
  const code = validCode(panel, now.value);
  const name = panel.mac ?? panel.hostname;
  return (
    <li ref={element} class={isWanted ? 'card panel panel-wanted' : 'card panel'} data-panel={panel.panel}>
      <div class="panel-identity">
        {isWanted && <p class="panel-flag">The panel you came for</p>}
        {code ? (
          <>
            <p class="code">
              <span class="sr-only">Code </span>
              {groupCode(code)}
            </p>
            <p class="soft small">{panel.expires && <>Runs out {relative(between(now.value, panel.expires))}</>}</p>
          </>
        ) : (
          <p class="no-code">
            No valid code. <span class="no-code-hint soft">Ask for a new one on the panel, then approve it here.</span>
          </p>
        )}
        <Words words={panel.words} />
      </div>
      <dl class="facts facts-two">
        <Fact name="MAC">{panel.mac ? <code>{panel.mac}</code> : <span class="soft">not known</span>}</Fact>
        <Fact name="Host name">
          <Foreign text={panel.hostname} />
        </Fact>
        <Fact name="Address">
          <Foreign text={panel.address} />
        </Fact>
        <Fact name="Version">
          <Foreign text={panel.agentVersion} />
        </Fact>
        <Fact name="First seen">
          <Ago at={panel.firstSeen} />
        </Fact>
        <Fact name="Last seen">
          <Ago at={panel.lastSeen} />
        </Fact>
        <Fact name="Key kept in">
          {panel.keyStore === 'keychain' ? 'the OS keychain' : 'a sealed file (no keychain there)'}
        </Fact>
        <Fact name="Link">
          <State tone={panel.isOnline ? 'good' : 'off'}>{panel.isOnline ? 'Online' : 'Offline'}</State>
        </Fact>
      </dl>
      <div class="panel-actions">
        <Button look={code ? 'primary' : 'plain'} isDisabled={!code} onPress={onApprove} label={`Approve ${name}`}>
          Approve
        </Button>
        {!panel.isRejected && (
          <Button onPress={onReject} label={`Reject ${name}`}>
            Reject
          </Button>
        )}
      </div>
      <Twins panel={panel} />
    </li>
  );
}

const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** The four words that also stand on the glass. */
export const Words = ({ words }: { words: readonly string[] }) => (
  <p class="words">
    <span class="sr-only">Words on the panel: </span>
    {words.map((word, index) => (
      <span key={index}>
        <Foreign text={word} />{' '}
      </span>
    ))}
  </p>
);

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
