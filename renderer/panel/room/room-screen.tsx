import type { MeetingView, RoomView } from '../../../src/contract/bridge/view.ts';
import type { Instant, Span } from '../../../src/contract/values/time.ts';
import { Icon } from '../../ui/icon.tsx';
import { plainText } from '../../ui/plain-text.ts';
import { Foot } from '../look/foot.tsx';
import { knownMeetings, type ShownRoom } from '../model/current-room.ts';
import { usePanel } from '../panel-context.ts';
import { ActionBar } from './action-bar.tsx';
import { ActivityStrip } from './activity-strip.tsx';
import { ClockFace } from './clock-face.tsx';
import { FindSheet } from './find-sheet.tsx';
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
  const { actions } = shown;
  const activity = model.activity.value;
  const find = model.find.value;
  const head = headline(view, shown, now, { text, format: format, duration });
  const isStale = shown.trust.kind === 'stale';
  return (
    <main class="room" data-tone={head.tone} data-stale={isStale}>
      {shown.trust.kind === 'stale' && <StaleBand trust={shown.trust} now={now} />}
      {find ? (
        <FindSheet view={view} find={find} head={head} />
      ) : (
        <section class="hero">
          <RoomName room={view.room} />
          <Status head={head} activity={activity} isStale={isStale} />
          {view.released && <Released span={view.released} />}
          <NextUp view={view} now={now} isKnown={head.tone !== 'unknown'} />
          <div class="deck">
            {activity ? (
              <ActivityStrip activity={activity} canFindRoom={actions.canFindRoom && view.findLengths.length > 0} />
            ) : (
              <ActionBar
                actions={actions}
                meeting={meetingActedOn(view, shown, now)}
                findLengths={view.findLengths}
                now={now}
              />
            )}
          </div>
          <Problems />
        </section>
      )}
      <aside class="day">
        <ClockFace now={now} />
        <Timeline view={view} now={now} activity={activity} isKnown={shown.trust.kind !== 'unknown'} />
        <Foot />
      </aside>
    </main>
  );
}

/** What can be checked in to, extended or ended: the meeting the status is about, or the next one, which may be checked in to already. */
function meetingActedOn(view: RoomView, { status, actions }: ShownRoom, now: Instant): MeetingView | null {
  if ('meeting' in status) return status.meeting;
  return actions.canCheckIn ? (knownMeetings(view).find(m => m.start > now) ?? null) : null;
}

/** Nobody came, so the room was given back: for whoever comes late and wonders. */
function Released({ span: { start, end } }: { span: Span }) {
  const { text, format } = usePanel();
  return (
    <p class="released" role="status" data-testid="released">
      <Icon name="warning" />
      {text.released(text.range(format.time(start), format.time(end)))}
    </p>
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
