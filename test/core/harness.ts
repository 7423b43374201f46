/** Drives the core by hand: events in, the latest effect of a kind out. */
import { type Duration, type Instant, plus } from '../../src/contract/values/time.ts';
import type { Deed, Effect } from '../../src/core/effects.ts';
import type { Happening } from '../../src/core/events.ts';
import type { State } from '../../src/core/state.ts';
import { INITIAL_STATE, step } from '../../src/core/step.ts';
import { viewOf } from '../../src/core/view.ts';
import { config } from '../support/samples.ts';

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

/** A paired panel, just started, with its first read under way. */
export function pairedCore(now: Instant, panelConfig = config()): Core {
  const memory = { central: CENTRAL, config: panelConfig };
  return new Core(now).tell({
    kind: 'started',
    mac: null,
    memory,
    snapshot: null,
    isSnapshotSetAside: false,
    found: null,
  });
}
