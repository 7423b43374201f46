import type { RoomView } from '../../../src/contract/bridge/view.ts';
import { plainText } from '../../ui/plain-text.ts';
import { Foot } from '../look/foot.tsx';
import { usePanel } from '../panel-context.ts';
import { ActionBar } from './action-bar.tsx';
import { ActivityStrip } from './activity-strip.tsx';
import { ClockFace } from './clock-face.tsx';
import { headline } from './headline.ts';
import { NextUp } from './next-up.tsx';
import { Problems } from './problems.tsx';
import { StaleBand } from './stale-band.tsx';
import { Status } from './status.tsx';
import { Timeline } from './timeline.tsx';

/** From here on a room's name is set smaller, on two lines. */
const LONG_NAME = 24;

export function RoomScreen({ view }: { view: RoomView }) {
  const { model, text, format, duration } = usePanel();
  const shown = model.room.value;
  if (!shown) return null;
  const now = model.now.value;
  const activity = model.activity.value;
  const head = headline(view, shown, now, { text, format: format, duration });
  const isStale = shown.trust.kind === 'stale';
  return (
    <main class="room" data-tone={head.tone} data-stale={isStale}>
      {shown.trust.kind === 'stale' && <StaleBand trust={shown.trust} now={now} />}
      <section class="hero">
        <RoomName room={view.room} />
        <Status head={head} activity={activity} isStale={isStale} />
        <NextUp view={view} now={now} isKnown={head.tone !== 'unknown'} />
        <div class="deck">
          {activity ? (
            <ActivityStrip activity={activity} />
          ) : (
            <ActionBar actions={shown.actions} status={shown.status} now={now} />
          )}
        </div>
        <Problems />
      </section>
      <aside class="day">
        <ClockFace now={now} />
        <Timeline view={view} now={now} activity={activity} isKnown={shown.trust.kind !== 'unknown'} />
        <Foot />
      </aside>
    </main>
  );
}

function RoomName({ room }: { room: RoomView['room'] }) {
  const { text } = usePanel();
  const facts = [
    room.capacity ? text.seats(room.capacity) : null,
    room.floor && text.floor(plainText(room.floor)),
    room.building && plainText(room.building),
  ].filter(fact => fact !== null && fact !== '');
  return (
    <header class="room-name">
      <h1 class="outside" data-long={room.name.length > LONG_NAME}>
        {plainText(room.name)}
      </h1>
      {facts.length > 0 && (
        <ul class="facts">
          {facts.map(fact => (
            <li key={fact} class="outside">
              {fact}
            </li>
          ))}
        </ul>
      )}
    </header>
  );
}
