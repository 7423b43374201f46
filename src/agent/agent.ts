/**
 * The loop around the core: one mailbox, one event at a time; effects run from one table; one timer for the earliest
 * wake-up; the view goes out when it changed.
 */

import * as v from 'valibot';
import type { AgentPort } from '../contract/bridge/bridge.ts';
import type { Intent } from '../contract/bridge/intent.ts';
import type { View } from '../contract/bridge/view.ts';
import type { Clock, Stop } from '../contract/values/clock.ts';
import { BookingKey } from '../contract/values/ids.ts';
import {
  between,
  type Duration,
  type Instant,
  milliseconds,
  plus,
  type Span,
  seconds,
} from '../contract/values/time.ts';
import type { Effect } from '../core/effects.ts';
import type { Event, Happening } from '../core/events.ts';
import type { State } from '../core/state.ts';
import { INITIAL_STATE, step } from '../core/step.ts';
import { viewOf } from '../core/view.ts';
import { wakeUps } from '../core/wake-ups.ts';

/** The loop looks at the clock at least this often, so that a clock that was set is noticed. */
const LONGEST_SLEEP = seconds(60);
const JUMP = seconds(5);

export type RunEffect = (effect: Effect, dispatch: (happening: Happening) => void) => void;

export type AgentOptions = {
  clock: Clock;
  /** 128 random bits as 32 hex digits. */
  randomHex: () => string;
  /** A number in [0, 1). */
  dice: () => number;
  run: RunEffect;
};

export class Agent implements AgentPort {
  readonly #options: AgentOptions;
  readonly #mailbox: Happening[] = [];
  readonly #listeners = new Set<(view: View) => void>();
  #state: State = INITIAL_STATE;
  #seq = 0;
  #view: View;
  /** The view without its logo, as text, and the logo: it is large, and hardly ever another. */
  #told: { text: string; logo: string | null } = { text: '', logo: null };
  #isBusy = false;
  #isStopped = false;
  #disarm: Stop = () => {};
  /** The machine's time when the timer was armed, and when it was to ring. */
  #armed: Span | null = null;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#view = { ...viewOf(this.#state, options.clock.now()), seq: 0 };
  }

  view = () => this.#view;

  subscribe(listener: (view: View) => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  intend(intent: Intent) {
    const key = v.parse(BookingKey, `lintel-${this.#options.randomHex()}`);
    this.dispatch({ kind: 'intent-received', intent, key });
  }

  glass(isThere: boolean) {
    this.dispatch({ kind: 'glass-changed', isThere });
  }

  dispatch = (happening: Happening) => {
    if (this.#isStopped) return;
    const by = happening.kind === 'clock-jumped' ? null : this.#unseenJump();
    if (by !== null) this.#mailbox.push({ kind: 'clock-jumped', by });
    this.#mailbox.push(happening);
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let next = this.#mailbox.shift(); next; next = this.#mailbox.shift()) this.#take(next);
    } finally {
      this.#isBusy = false;
    }
    this.#publish();
    this.#sleep();
  };

  stop() {
    this.#isStopped = true;
    this.#disarm();
    this.#listeners.clear();
  }

  /** True time: the machine's, put right by what central or the provider told. */
  #now = (): Instant => plus(this.#options.clock.now(), this.#state.clockOffset);

  #take(happening: Happening) {
    const event: Event = { ...happening, at: this.#now(), dice: this.#options.dice() };
    const { state, effects } = step(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#options.run(effect, this.dispatch);
  }

  #publish() {
    const view = viewOf(this.#state, this.#now());
    const { logo } = view.look;
    const text = JSON.stringify({ ...view, look: { ...view.look, logo: null } });
    if (text === this.#told.text && logo === this.#told.logo) return;
    this.#told = { text, logo };
    this.#view = { ...view, seq: ++this.#seq };
    for (const listener of this.#listeners) listener(this.#view);
  }

  #sleep() {
    this.#disarm();
    const now = this.#now();
    const due = wakeUps(this.#state, now).reduce((first, w) => (w.at < first ? w.at : first), plus(now, LONGEST_SLEEP));
    const delay = milliseconds(Math.max(0, between(now, due)));
    const start = this.#options.clock.now();
    const expected = plus(start, delay);
    this.#armed = { start, end: expected };
    this.#disarm = this.#options.clock.after(delay, () => this.#wake(expected));
  }

  /**
   * Whatever happens between two ringings of the timer arms it anew, and would hide that the clock was set meanwhile. How
   * far is not known exactly; the guess makes what was read rather older than younger.
   */
  #unseenJump(): Duration | null {
    const now = this.#options.clock.now();
    if (this.#armed === null || (now >= this.#armed.start - JUMP && now <= this.#armed.end + JUMP)) return null;
    const by = between(this.#armed.end, now);
    this.#armed = null;
    return by;
  }

  #wake(expected: Instant) {
    this.#armed = null;
    const by: Duration = between(expected, this.#options.clock.now());
    // A busy machine wakes a little late; a step of the clock is seen as waking at quite another time.
    this.dispatch(Math.abs(by) > JUMP ? { kind: 'clock-jumped', by } : { kind: 'woke' });
  }
}
