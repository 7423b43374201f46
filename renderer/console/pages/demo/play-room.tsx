/** One room's day, and what a colleague can do to it. */
import { minutes } from '../../../../src/contract/values/time.ts';
import type { DemoStatus } from '../../../../src/contract/wire/console.ts';
import { DEFAULT_LOCALE, makeFormat } from '../../../i18n/format.ts';
import { Button } from '../../parts/button.tsx';
import { Foreign } from '../../parts/text.tsx';
import type { Act } from './act.ts';

type On = Extract<DemoStatus, { kind: 'on' }>;
type Room = On['rooms'][number];
type PlayRoomProps = { room: Room; known: On; act: Act; isBusy: boolean; isOpen?: boolean };

export function PlayRoom({ room, known, act, isBusy, isOpen = false }: PlayRoomProps) {
  const format = makeFormat(DEFAULT_LOCALE, known.zone);
  const coming = room.meetings.filter(meeting => meeting.end > known.now);
  const running = coming.find(meeting => meeting.start <= known.now);
  const book = (startsIn: number, length: number, isPrivate = false) =>
    void act({ kind: 'book', room: room.address, in: minutes(startsIn), length: minutes(length), isPrivate });
  return (
    <details class="card play-room" open={isOpen}>
      <summary>
        <Foreign text={room.name} />{' '}
        <span class="soft">
          {running
            ? `in use until ${format.time(running.end)}`
            : coming[0]
              ? `free until ${format.time(coming[0].start)}`
              : 'free'}
        </span>
      </summary>
      <fieldset class="bare">
        <legend class="sr-only">Book {room.name} as a colleague</legend>
        <div class="buttons">
          <Button onPress={() => book(0, 30)} isBusy={isBusy}>
            Book now, 30 min
          </Button>
          <Button onPress={() => book(15, 30)} isBusy={isBusy}>
            In 15 min
          </Button>
          <Button onPress={() => book(0, 30, true)} isBusy={isBusy}>
            Now, private
          </Button>
        </div>
      </fieldset>
      {coming.length === 0 ? (
        <p class="soft">Nothing more today.</p>
      ) : (
        <ul class="meetings">
          {coming.map(meeting => (
            <li key={meeting.id}>
              <span class="meeting-time">
                {format.time(meeting.start)}–{format.time(meeting.end)}
              </span>
              <span class="meeting-name">
                <Foreign text={meeting.subject || 'No subject'} />
                <span class="soft">
                  {' '}
                  <Foreign text={meeting.organizer} />
                </span>
              </span>
              <Button
                look="quiet"
                onPress={() => void act({ kind: 'cancel', room: room.address, event: meeting.id })}
                isBusy={isBusy}
                label={`Cancel ${meeting.subject || 'the meeting'} at ${format.time(meeting.start)} in ${room.name}`}
              >
                Cancel
              </Button>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
