/**
 * Looking for another room, as the glass shows it: the tap itself is shown until the agent's first view about it.
 *
 *   closed -> (tap) searching -> (view) searching -> found | failed -> closed
 *                        `-> unanswered, when no view speaks of it in time
 *
 * Closed on the glass at once when somebody closes it, or as soon as what we know is no longer fresh: a room that was
 * free two minutes ago is nothing to send people to.
 */
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { FindView, RoomView } from '../../../src/contract/bridge/view.ts';
import type { Stop } from '../../../src/contract/values/clock.ts';
import { type Duration, type Instant, minutes, plus } from '../../../src/contract/values/time.ts';
import { ANSWER_WITHIN } from './activity.ts';

export type ShownFind = FindView | { kind: 'unanswered'; length: Duration };
/** `before`: what the agent said of the search when it was asked, so that an old answer is not taken for the new one. */
type Asked = { length: Duration; at: Instant; before: string };

export type Find = {
  readonly shown: ReadonlySignal<ShownFind | null>;
  /** When the question counts as unanswered; null while none is open. */
  readonly answerDue: ReadonlySignal<Instant | null>;
  ask(length: Duration): void;
  /** On the glass only; true when there was something to close. */
  shut(): boolean;
  readonly stop: Stop;
};

export function createFind(deps: {
  view: ReadonlySignal<RoomView | null>;
  isFresh: ReadonlySignal<boolean>;
  now: ReadonlySignal<Instant>;
}): Find {
  const { view, isFresh, now } = deps;
  const asked = signal<Asked | null>(null);
  const isShut = signal(false);
  const told = computed(() => view.value?.find ?? null);
  const answerDue = computed(() => asked.value && plus(asked.value.at, ANSWER_WITHIN));
  const shown = computed((): ShownFind | null => {
    if (isShut.value || !isFresh.value) return null;
    const [open, find] = [asked.value, told.value];
    if (open && !isAnswer(find, open)) {
      const isLate = answerDue.value !== null && now.value >= answerDue.value;
      return { kind: isLate ? 'unanswered' : 'searching', length: open.length };
    }
    return find?.kind === 'found' && now.value >= find.end ? null : find;
  });
  const stop = effect(() => {
    if (asked.value && isAnswer(told.value, asked.value)) asked.value = null;
  });
  return {
    shown,
    answerDue,
    ask(length) {
      asked.value = { length, at: now.peek(), before: JSON.stringify(told.peek()) };
      isShut.value = false;
    },
    shut() {
      const wasOpen = shown.peek() !== null;
      asked.value = null;
      isShut.value = true;
      return wasOpen;
    },
    stop,
  };
}

const isAnswer = (find: FindView | null, { length, before }: Asked): find is FindView =>
  find !== null && find.length === length && JSON.stringify(find) !== before;

/** The length to look for first: as long as is wanted, or half an hour; if none is, the longest. */
export function lengthToFind(lengths: readonly Duration[], wanted: Duration = minutes(30)): Duration | null {
  return lengths.find(length => length >= wanted) ?? lengths.at(-1) ?? null;
}
