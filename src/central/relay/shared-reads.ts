/** One read of a room's calendar serves everybody who needs it. */

import { makeRoomDays } from '../../calendar/graph/graph-time.ts';
import type { Failed, Listed } from '../../calendar/room-calendar.ts';
import type { SteadyClock } from '../../contract/values/clock.ts';
import type { Meeting } from '../../contract/values/meeting.ts';
import {
  between,
  type Duration,
  type Instant,
  milliseconds,
  overlaps,
  plus,
  type Span,
  seconds,
  type ZoneName,
} from '../../contract/values/time.ts';

/** By both clocks: one may be set, the other may stand still while the machine sleeps. */
type Moment = { now: Instant; elapsed: Duration };
type Read = { window: Span; began: Moment; answer: Promise<Answered | Failed> };
/** `answered`: on the clock that is never set. */
type Answered = Listed & { answered: Duration };

/** More than rounding, less than a panel minds. */
const CLOCKS_AGREE = seconds(1);

export class SharedReads {
  readonly #clock: SteadyClock;
  readonly #zone: ZoneName;
  readonly #lasts: Duration;
  readonly #ask: (window: Span) => Promise<Listed | Failed>;
  /** Oldest first. */
  #reads: Read[] = [];

  /** `ask` reads the provider; `zone` is the room's; what was read as long ago as `lasts` still serves. */
  constructor(clock: SteadyClock, zone: ZoneName, lasts: Duration, ask: (window: Span) => Promise<Listed | Failed>) {
    this.#clock = clock;
    this.#lasts = lasts;
    this.#zone = zone;
    this.#ask = ask;
  }

  /**
   * `age` counts from when the provider was asked, so that nothing looks newer than it is; `serverTime` goes on from when
   * it answered, so that whoever shares a read is told the same time as who asked for it. A shareable one is answered from
   * a read of the same or a covering window that is new enough, done or not; a failure serves those who waited for it.
   */
  async list(window: Span, isShareable: boolean): Promise<Listed | Failed> {
    const shared = this.#reads.findLast(other => this.#isUsable(other) && covers(other.window, window));
    const read = (isShareable && shared) || this.#begin(window);
    const answer = await read.answer;
    if (answer.kind === 'failed') return answer;
    // Whoever asks anew acts on what is there: nobody is told anything older from then on.
    if (!isShareable) this.#reads = this.#reads.filter(other => other === read);
    const { answered, serverTime, meetings } = answer;
    return {
      kind: 'listed',
      meetings: this.#within(meetings, read.window, window),
      serverTime: serverTime && plus(serverTime, milliseconds(this.#clock.elapsed() - answered)),
      age: milliseconds(Math.max(...this.#agesOf(read))),
    };
  }

  /** Something changed: neither what was read nor what is being read serves whoever asks from now on. */
  forget(): void {
    this.#reads = [];
  }

  #begin(window: Span): Read {
    const read = {
      window,
      began: { now: this.#clock.now(), elapsed: this.#clock.elapsed() },
      answer: this.#answerFor(window),
    };
    this.#reads = [...this.#reads.filter(other => this.#isUsable(other)), read];
    const letGo = () => {
      this.#reads = this.#reads.filter(other => other !== read);
    };
    read.answer.then(answer => answer.kind === 'failed' && letGo(), letGo);
    return read;
  }

  async #answerFor(window: Span): Promise<Answered | Failed> {
    const answer = await this.#ask(window);
    return answer.kind === 'failed' ? answer : { ...answer, answered: this.#clock.elapsed() };
  }

  /** Not once the clock was set, or the machine slept. */
  #isUsable(read: Read): boolean {
    const [byNow, byElapsed] = this.#agesOf(read);
    return Math.max(byNow, byElapsed) <= this.#lasts && Math.abs(byNow - byElapsed) <= CLOCKS_AGREE;
  }

  #agesOf = ({ began }: Read) =>
    [between(began.now, this.#clock.now()), milliseconds(this.#clock.elapsed() - began.elapsed)] as const;

  #within(meetings: Meeting[], read: Span, window: Span): Meeting[] {
    if (covers(window, read)) return meetings;
    const days = makeRoomDays(this.#zone);
    const spanOf = ({ when }: Meeting): Span =>
      when.kind === 'timed' ? when : { start: days.startOf(when.startDate), end: days.startOf(when.endDate) };
    return meetings.filter(meeting => overlaps(spanOf(meeting), window));
  }
}

const covers = (outer: Span, inner: Span) => outer.start <= inner.start && inner.end <= outer.end;
