/** A list or record of central's that pages show: fetched when somebody looks, fetched again when central says it changed. */
import { type Signal, signal } from '@preact/signals';
import type { Clock, Stop } from '../../../src/contract/values/clock.ts';
import { milliseconds } from '../../../src/contract/values/time.ts';
import type { Answer, Failure } from './http.ts';

export type Resource<T> = {
  /** What was last read; kept while a later read fails. Null: never read. */
  value: Signal<T | null>;
  /** Why the last read failed; null after a good one. */
  failure: Signal<Failure | null>;
  /** Reads now and keeps it fresh until stopped. */
  use(): Stop;
  /** Reads again if anybody uses it. Calls during a read are answered by one more read. */
  refresh(): void;
  /** Drops what was read: the next admin must not see it. */
  forget(): void;
};

/** A fleet that comes back reports a thousand changes at once: one read serves all of them. */
const SPACING = milliseconds(250);

export function createResource<T>(clock: Clock, read: () => Promise<Answer<T>>): Resource<T> {
  const value = signal<T | null>(null);
  const failure = signal<Failure | null>(null);
  let users = 0;
  let phase: 'idle' | 'reading' | 'reading-and-asked-again' = 'idle';
  let generation = 0;

  async function run() {
    phase = 'reading';
    const mine = generation;
    const answer = await read();
    if (mine === generation) {
      if (answer.kind === 'ok') value.value = answer.value;
      failure.value = answer.kind === 'ok' ? null : answer;
    }
    clock.after(SPACING, () => {
      const isAskedAgain = phase === 'reading-and-asked-again';
      phase = 'idle';
      if (isAskedAgain) refresh();
    });
  }

  function refresh() {
    if (users === 0) return;
    if (phase === 'idle') void run();
    else phase = 'reading-and-asked-again';
  }

  return {
    value,
    failure,
    refresh,
    use() {
      users++;
      let isUsing = true;
      refresh();
      return () => {
        if (isUsing) users--;
        isUsing = false;
      };
    },
    forget() {
      generation++;
      value.value = null;
      failure.value = null;
    },
  };
}
