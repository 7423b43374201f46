import type { ComponentChildren } from 'preact';
import type { PanelOfRoom, RoomRow } from '../../../../src/contract/wire/console.ts';
import { Fact } from '../../parts/facts.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Ago, Foreign, State } from '../../parts/text.tsx';
import { ROOM_PROBLEMS } from '../../words.ts';
import { hrefOfConnection } from '../server-settings/links.ts';
import { ConfigLine } from './config-line.tsx';
import { PanelActions } from './panel-actions.tsx';
import { panelName, panelProblems, summarise } from './panel-state.ts';

type PanelCardProps = { room: RoomRow; onSaid: (said: ComponentChildren) => void };

/** The panel at the room's door: what it is, how it does, and what can be done to it. */
export function PanelCard({ room, onSaid }: PanelCardProps) {
  const { panel } = room;
  const { tone, word } = summarise({ panel, isMissing: false });
  return (
    <section class="card room-card" aria-labelledby="panel">
      <div class="card-head">
        <h2 id="panel">
          Panel
          {panel && (
            <>
              {' · '}
              <Foreign text={panelName(panel)} />
            </>
          )}
        </h2>
        <State tone={tone}>{word}</State>
      </div>
      {panel ? (
        <>
          <Troubles panel={panel} connection={room.connection.id} />
          <PanelFacts panel={panel} />
          <PanelActions room={room} panel={panel} onSaid={onSaid} />
        </>
      ) : (
        <p>
          No panel shows this room. Hang one up, then pair it under <a href="#/free-macs">Free MACs</a>.
        </p>
      )}
    </section>
  );
}

function Troubles({ panel, connection }: { panel: PanelOfRoom; connection: string }) {
  const problems = panelProblems(panel).filter(
    text => text !== (panel.readProblem && ROOM_PROBLEMS[panel.readProblem]),
  );
  return (
    <>
      {panel.isConflict && (
        <Notice tone="bad" title="Two machines use the identity of this panel">
          A disk or its data was copied, so central believes neither. Take the copy off the network, then unpair below:
          the panel starts anew and waits under Free MACs.
        </Notice>
      )}
      {!panel.isOnline && !panel.isConflict && (
        <Notice tone="bad" title="It is not connected to central">
          Check its power and its network. Until it is back it goes on by itself with the settings it has; what it can
          no longer read it shows with its age.
        </Notice>
      )}
      {panel.configRefused && (
        <Notice
          tone="warn"
          title={`It refused version ${panel.configRefused.version} of its settings`}
          action={<a href="#/general-settings/history">History and roll back</a>}
        >
          It says: <Foreign text={panel.configRefused.why} />. It goes on with{' '}
          {panel.configVersion === null ? 'what it had' : `version ${panel.configVersion}`}.
        </Notice>
      )}
      {panel.readProblem && (
        <Notice
          tone="warn"
          title="It cannot read the room's calendar"
          action={<a href={hrefOfConnection(connection)}>Server Settings</a>}
        >
          {ROOM_PROBLEMS[panel.readProblem]}.
        </Notice>
      )}
      {problems.length > 0 && (
        <Notice tone="warn" title="It reports">
          <ul>
            {problems.map(text => (
              <li key={text}>
                <Foreign text={text} />
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}

const never = <span class="soft">never</span>;

const PanelFacts = ({ panel }: { panel: PanelOfRoom }) => (
  <dl class="facts facts-two panel-facts">
    <Fact name="MAC">{panel.mac ? <code>{panel.mac}</code> : <span class="soft">not known</span>}</Fact>
    <Fact name="Host name">
      <Foreign text={panel.hostname} />
    </Fact>
    <Fact name="Address">
      <Foreign text={panel.address} />
    </Fact>
    <Fact name="Software">
      <Foreign text={panel.agentVersion} />
    </Fact>
    {!panel.isOnline && <Fact name="Last seen">{panel.lastSeen === null ? never : <Ago at={panel.lastSeen} />}</Fact>}
    <Fact name="Calendar read">{panel.lastRead === null ? never : <Ago at={panel.lastRead} />}</Fact>
    <Fact name="Licence key">
      {panel.licenceKeyHint ? <code>{panel.licenceKeyHint}</code> : <span class="soft">not known</span>}
    </Fact>
    <Fact name="Its own key is kept in">
      {panel.keyStore === 'keychain' ? 'the OS keychain' : 'a sealed file (no keychain there)'}
    </Fact>
    {!panel.configRefused && (
      <Fact name="Runs">
        <ConfigLine panel={panel} />
      </Fact>
    )}
  </dl>
);
