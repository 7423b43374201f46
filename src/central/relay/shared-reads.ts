/** One read of a room's calendar serves everybody who needs it. */

import { makeRoomDays } from '../../calendar/graph/graph-time.ts';
import type { Failed, Listed } from '../../calendar/room-calendar.ts';
import type { Clock } from '../../contract/values/clock.ts';
import type { Meeting } from '../../contract/values/meeting.ts';
import {
  between,
  type Duration,
  type Instant,
  overlaps,
  type Span,
  seconds,
  type ZoneName,
} from '../../contract/values/time.ts';

type Read = { window: Span; began: Instant; answer: Promise<Listed | Failed> };

export class SharedReads {
  readonly #clock: Clock;
  readonly #zone: ZoneName;
  readonly #lasts: Duration;
  readonly #ask: (window: Span) => Promise<Listed | Failed>;
  /** Oldest first. */
  #reads: Read[] = [];

  /** `ask` reads the provider; `zone` is the room's; what was read as long ago as `lasts` still serves. */
  constructor(clock: Clock, zone: ZoneName, lasts: Duration, ask: (window: Span) => Promise<Listed | Failed>) {
    this.#clock = clock;
    this.#lasts = lasts;
    this.#zone = zone;
    this.#ask = ask;
  }

  /**
   * `age` counts from when the provider was asked, so that nothing looks newer than it is. A shareable one is answered from
   * a read of the same or a covering window that is new enough, done or not; a failure serves those who waited for it.
   */
  async list(window: Span, isShareable: boolean): Promise<Listed | Failed> {
    const shared = this.#reads.findLast(other => this.#isUsable(other) && covers(other.window, window));
    const read = (isShareable && shared) || this.#begin(window);
    const answer = await read.answer;
    if (answer.kind === 'failed') return answer;
    const age = this.#ageOf(read);
    return { ...answer, meetings: this.#within(answer.meetings, read.window, window), age: age < 0 ? seconds(0) : age };
  }

  /** Something changed: neither what was read nor what is being read serves whoever asks from now on. */
  forget(): void {
    this.#reads = [];
  }

  #begin(window: Span): Read {
    const read = { window, began: this.#clock.now(), answer: this.#ask(window) };
    this.#reads = [...this.#reads.filter(other => this.#isUsable(other)), read];
    const letGo = () => {
      this.#reads = this.#reads.filter(other => other !== read);
    };
    read.answer.then(answer => answer.kind === 'failed' && letGo(), letGo);
    return read;
  }

  #isUsable(read: Read): boolean {
    const age = this.#ageOf(read);
    // Negative: the clock was set back, and nobody knows how old it is.
    return age >= 0 && age <= this.#lasts;
  }

  #ageOf = ({ began }: Read): Duration => between(began, this.#clock.now());

  #within(meetings: Meeting[], read: Span, window: Span): Meeting[] {
    if (covers(window, read)) return meetings;
    const days = makeRoomDays(this.#zone);
    const spanOf = ({ when }: Meeting): Span =>
      when.kind === 'timed' ? when : { start: days.startOf(when.startDate), end: days.startOf(when.endDate) };
    return meetings.filter(meeting => overlaps(spanOf(meeting), window));
  }
}

const covers = (outer: Span, inner: Span) => outer.start <= inner.start && inner.end <= outer.end;
