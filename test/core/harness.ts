/** Drives the core by hand: events in, the latest effect of a kind out. */
import * as v from 'valibot';
import { Intent, type IntentInput } from '../../src/contract/bridge/intent.ts';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import { type Duration, earliest, type Instant, milliseconds, plus } from '../../src/contract/values/time.ts';
import type { PanelState } from '../../src/contract/wire/panel.ts';
import type { Deed, Effect } from '../../src/core/effects.ts';
import type { Happening } from '../../src/core/events.ts';
import type { State } from '../../src/core/state.ts';
import { INITIAL_STATE, step } from '../../src/core/step.ts';
import { viewOf } from '../../src/core/view.ts';
import { wakeUps } from '../../src/core/wake-ups.ts';
import { bookingKey, config, MACHINE, PANEL } from '../support/samples.ts';

type LinkEvent = 'link-opened' | 'link-closed' | 'panel-state-received' | 'config-pushed' | 'command-received';
type WithoutEffect<T> = T extends unknown ? Omit<T, 'effect'> : never;
type Spoken = WithoutEffect<Extract<Happening, { kind: LinkEvent }>>;

export const paired = (version: number, grant: string | null = 'grant-1') =>
  ({ kind: 'paired', panel: PANEL, configVersion: config({}, version).version, grant }) as const;

export class Core {
  state: State = INITIAL_STATE;
  now: Instant;
  readonly done: Effect[] = [];

  constructor(now: Instant) {
    this.now = now;
  }

  tell(happening: Happening): this {
    const { state, effects } = step(this.state, { ...happening, at: this.now, dice: 0.5 });
    this.state = state;
    this.done.push(...effects);
    return this;
  }

  after(wait: Duration): this {
    this.now = plus(this.now, wait);
    return this.tell({ kind: 'woke' });
  }

  tap(input: IntentInput): this {
    return this.tell({ kind: 'intent-received', intent: v.parse(Intent, input), key: bookingKey(1) });
  }

  /** Answers the latest read. */
  listed(meetings: Meeting[] = [], more: { serverTime?: Instant | null; age?: Duration } = {}): this {
    const { id, window } = this.last('fetch-calendar');
    const outcome = { kind: 'listed', window, meetings, serverTime: null, age: milliseconds(0), ...more } as const;
    return this.tell({ kind: 'calendar-read', effect: id, outcome });
  }

  /** The latest read fails. */
  unread(): this {
    const outcome = { kind: 'failed', problem: 'unreachable', retryAfter: null } as const;
    return this.tell({ kind: 'calendar-read', effect: this.last('fetch-calendar').id, outcome });
  }

  /** Time passes as it does for the agent: from wake-up to wake-up, `answer` answering each read. */
  liveUntil(end: Instant, answer: (core: this) => unknown): this {
    for (let turns = 0; turns < 10_000; turns++) {
      const asked = this.count('fetch-calendar');
      if (this.state.room?.calendar.poll.kind === 'reading') answer(this);
      if (this.count('fetch-calendar') > asked) continue;
      const due = wakeUps(this.state, this.now).reduce((first, w) => earliest(first, w.at), end);
      if (due >= end) break;
      this.now = due;
      this.tell({ kind: 'woke' });
    }
    this.now = end;
    return this.tell({ kind: 'woke' });
  }

  /** Central speaks over the latest link. */
  hears(said: Spoken): this {
    return this.tell({ ...said, effect: this.last('open-link').id });
  }

  /** The link opens, and central says that all is as it was. */
  online(state: PanelState = paired(1)): this {
    return this.hears({ kind: 'link-opened' }).hears({ kind: 'panel-state-received', state });
  }

  /** The latest effect of this kind. */
  last<K extends Deed['kind']>(kind: K): Effect & { kind: K } {
    const found = this.done.findLast((e): e is Effect & { kind: K } => e.kind === kind);
    if (!found) throw new Error(`no ${kind} was issued`);
    return found;
  }

  count = (kind: Deed['kind']) => this.done.filter(e => e.kind === kind).length;
  get view() {
    return viewOf(this.state, this.now);
  }
  get room() {
    const { screen } = this.view;
    if (screen.kind !== 'room') throw new Error(`the glass shows ${screen.kind}`);
    return screen.view;
  }
}

export const CENTRAL = { url: 'https://central.example', ca: 'PEM', words: ['one', 'two', 'three', 'four'] };

/** A paired panel, just started, with its page there and its first read under way. */
export function pairedCore(now: Instant, panelConfig = config()): Core {
  const memory = { central: CENTRAL, config: panelConfig, pinTries: 0 };
  return new Core(now)
    .tell({
      kind: 'started',
      machine: MACHINE,
      memory,
      snapshot: null,
      isSnapshotSetAside: false,
      found: null,
    })
    .tell({ kind: 'glass-changed', isThere: true });
}
