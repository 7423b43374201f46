import { useEffect, useState } from 'preact/hooks';
import type { Stop } from '../../../../src/contract/values/clock.ts';
import { seconds } from '../../../../src/contract/values/time.ts';
import type { DemoStatus } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { Loading, PageHead } from '../../parts/page-head.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useConsole, useResources } from '../../state/console.ts';
import type { Answer, Failure } from '../../state/http.ts';
import type { Act } from './act.ts';
import { LiveFrame } from './live-frame.tsx';
import { Moods } from './moods.tsx';
import { PlayRoom } from './play-room.tsx';

/** The tenant does not tell of its changes: the panel beside it is quicker, and the list follows. */
const LOOK_AGAIN = seconds(5);

export function DemoPage() {
  const { demo, api, clock } = useConsole();
  useResources(demo);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const known = demo.value.value;
  const isOn = known?.kind === 'on';

  useEffect(() => {
    if (!isOn) return;
    let stop: Stop = () => {};
    const again = () => {
      stop = clock.after(LOOK_AGAIN, () => {
        demo.refresh();
        again();
      });
    };
    again();
    return () => stop();
  }, [isOn]);

  async function during(work: Promise<Answer<unknown>>) {
    setBusy(true);
    setFailure(null);
    const answer = await work;
    setBusy(false);
    if (answer.kind !== 'ok') setFailure(answer);
    demo.refresh();
  }
  const act: Act = action => during(api.demoAct(action));

  return (
    <div class="page">
      <PageHead
        title="Demo"
        action={
          isOn && (
            <Button onPress={() => setLeaving(true)} isBusy={isBusy}>
              Turn the demo off
            </Button>
          )
        }
      >
        A made-up organisation on this server, with rooms, colleagues and a panel to play with. Nothing here touches
        your own calendars.
      </PageHead>
      {failure && <FailureNotice failure={failure} />}
      {!known && <Loading failure={demo.failure.value} onRetry={demo.refresh} />}
      {known && (
        <Demo
          known={known}
          isBusy={isBusy}
          act={act}
          turnOn={() => void during(api.switchDemo(true))}
          turnOff={() => void during(api.switchDemo(false))}
        />
      )}
      {isLeaving && (
        <Confirm
          title="Turn the demo off?"
          verb="Turn off"
          isBusy={isBusy}
          onConfirm={() => void during(api.switchDemo(false)).then(() => setLeaving(false))}
          onClose={() => setLeaving(false)}
        >
          <p>Its rooms, its panel and its server settings are removed. Your own are not touched.</p>
        </Confirm>
      )}
    </div>
  );
}

type DemoProps = { known: DemoStatus; isBusy: boolean; act: Act; turnOn: () => void; turnOff: () => void };

function Demo({ known, isBusy, act, turnOn, turnOff }: DemoProps) {
  switch (known.kind) {
    case 'unavailable':
      return (
        <Notice tone="info" title="There is no demo here">
          <Foreign text={known.why} />
        </Notice>
      );
    case 'starting':
      return (
        <p class="soft loading" role="status">
          Building the demo: a tenant, its rooms, and a panel that is being paired. This takes some seconds…
        </p>
      );
    case 'off':
      return (
        <>
          {known.problem !== null && (
            <Notice
              tone="bad"
              title="The demo is not running"
              action={
                <Button onPress={turnOff} isBusy={isBusy}>
                  Remove what is left
                </Button>
              }
              isAnswer
            >
              <Foreign text={known.problem} />
            </Notice>
          )}
          <EmptyState
            icon="play"
            title="See Lintel at work before you connect it"
            action={
              <Button look="primary" onPress={turnOn} isBusy={isBusy}>
                Turn the demo on
              </Button>
            }
          >
            <p>
              Fourteen rooms with a day full of meetings, and a live panel beside them: book as a colleague, cancel,
              make the calendar fail, pull central’s plug, and watch what the panel says.
            </p>
          </EmptyState>
        </>
      );
    case 'on':
      return <Playground known={known} act={act} isBusy={isBusy} />;
  }
}

type PlaygroundProps = { known: Extract<DemoStatus, { kind: 'on' }>; act: Act; isBusy: boolean };

function Playground({ known, act, isBusy }: PlaygroundProps) {
  const { panel } = known;
  const shown = known.rooms.find(room => room.address === panel.room);
  const others = known.rooms.filter(room => room !== shown);
  return (
    <div class="playground">
      <section class="card live" aria-labelledby="live-title">
        <h2 id="live-title" class="card-head">
          Live panel
          {shown && (
            <>
              : <Foreign text={shown.name} />
            </>
          )}
        </h2>
        {panel.path === null ? (
          <p class="soft">The demo’s panel runs in a window of its own.</p>
        ) : (
          <LiveFrame src={panel.path} title="The demo’s panel" />
        )}
        <p class="soft">
          It can be touched: book, extend and end here as at the door. The panel looks at its calendar every 30 seconds
          unless told otherwise; changes show by then.
        </p>
      </section>
      <Moods known={known} act={act} isBusy={isBusy} />
      {shown && <PlayRoom room={shown} known={known} act={act} isBusy={isBusy} isOpen />}
      <section aria-label="Other rooms" class="other-rooms">
        {others.map(room => (
          <PlayRoom key={room.address} room={room} known={known} act={act} isBusy={isBusy} />
        ))}
      </section>
    </div>
  );
}
