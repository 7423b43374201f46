/**
 * The calendars that central asks for in the place of panels (access `relay`), one read for everybody. Shared and forgotten
 * within this process: of what another central on the same database writes or hears, a read at hand knows nothing until it lapses.
 */
import { type Clock, repeat, type Stop } from '../../contract/values/clock.ts';
import type { RoomId } from '../../contract/values/ids.ts';
import { minutes, seconds } from '../../contract/values/time.ts';
import type { Log } from '../ports.ts';
import { Line, type LineOptions, lineKey } from './line.ts';
import type { SharedCalendar } from './shared-calendar.ts';
import type { Stand } from './stand.ts';

const UNUSED = minutes(10);
const SWEEP_EVERY = minutes(1);
/** What is under way over a line that is given up may end first. */
const LAST_ANSWERS = seconds(10);

export type RelayOptions = LineOptions & {
  log: Log;
  /** Tells of every change in a room's calendar that central hears of. */
  listenHints: (listener: (room: RoomId) => void) => Stop;
};

export class Relay {
  readonly #options: RelayOptions;
  readonly #clock: Clock;
  readonly #lines = new Map<string, Line>();
  /** Given up, and about to end. */
  readonly #retired = new Map<Line, Stop>();
  readonly #stops: Stop[];

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#stops = [
      options.listenHints(room => this.#forget(room)),
      repeat(
        this.#clock,
        SWEEP_EVERY,
        async () => this.#sweep(),
        error => options.log.error('relay-sweep-failed', { detail: String(error) }),
      ),
    ];
  }

  /** Cheap: what there is is kept for as long as `stand` says the same as before. */
  calendarOf(stand: Stand): SharedCalendar {
    const { id } = stand.settings;
    const before = this.#lines.get(id);
    if (before?.key === lineKey(stand)) return before.calendarOf(stand);
    if (before !== undefined) this.#retire(before);
    const line = new Line(this.#options, stand);
    this.#lines.set(id, line);
    return line.calendarOf(stand);
  }

  /** What is under way fails. */
  async stop(): Promise<void> {
    for (const stop of [...this.#stops, ...this.#retired.values()]) stop();
    const lines = [...this.#lines.values(), ...this.#retired.keys()];
    this.#lines.clear();
    this.#retired.clear();
    await Promise.all(lines.map(line => line.stop()));
  }

  #forget(room: RoomId) {
    for (const line of this.#lines.values()) line.forget(room);
  }

  #sweep() {
    for (const [id, line] of this.#lines) {
      if (line.sweep(UNUSED) > 0) continue;
      this.#lines.delete(id);
      this.#retire(line);
    }
  }

  #retire(line: Line) {
    const stop = this.#clock.after(LAST_ANSWERS, () => {
      this.#retired.delete(line);
      void line.stop();
    });
    this.#retired.set(line, stop);
  }
}
