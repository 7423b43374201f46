/** The panel page's state: the last view, what time it is, and the wish on its way. One timer, armed for the next change. */
import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import * as v from 'valibot';
import type { Bridge } from '../../../src/contract/bridge/bridge.ts';
import type { IntentInput } from '../../../src/contract/bridge/intent.ts';
import { type FoundRoom, type ServiceView, View } from '../../../src/contract/bridge/view.ts';
import type { Clock, Stop } from '../../../src/contract/values/clock.ts';
import { IntentId } from '../../../src/contract/values/ids.ts';
import { between, type Duration, type Instant, plus, type Span, seconds } from '../../../src/contract/values/time.ts';
import type { ReadProblem } from '../../../src/contract/values/trust.ts';
import {
  type Activity,
  ANSWER_WITHIN,
  canDismiss,
  currentActivity,
  dismissalDue,
  isAnswered,
  isBusy,
  type Pending,
  type Place,
  type Wish,
} from './activity.ts';
import { currentRoom, type ShownRoom } from './current-room.ts';
import { createFind, lengthToFind, type ShownFind } from './find.ts';
import { untilNextChange } from './next-change.ts';
import { createSleep } from './sleep.ts';
import { type WhyUnread, whyUnread } from './why-unread.ts';

/** Silence shorter than this is a hiccup, such as a stream being opened again. */
const SILENCE_TOLERATED = seconds(3);
/** As is a calendar that cannot be read for one reason for less than this, as long as what is shown is fresh. */
const UNREAD_TOLERATED = seconds(10);
/** How long "End now?" waits for its second tap; longer where there is something to read first. */
const CONFIRM_WITHIN = seconds(5);
const CONFIRM_READ_WITHIN = seconds(10);

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
export type WishWithoutId = WithoutId<Wish>;
type OtherIntent = WithoutId<Exclude<IntentInput, Wish>>;

export type PanelModel = {
  /** Null until the first view. */
  readonly view: ReadonlySignal<View | null>;
  /** The last message could not be understood: nothing of it may be shown. */
  readonly isBroken: ReadonlySignal<boolean>;
  /** The agent has not been heard for more than three seconds. */
  readonly isSilent: ReadonlySignal<boolean>;
  /** The true time, as far as the agent knows the clock's error; moves only when something visible changes. */
  readonly now: ReadonlySignal<Instant>;
  readonly room: ReadonlySignal<ShownRoom | null>;
  readonly activity: ReadonlySignal<Activity | null>;
  /** Why the calendar, though still fresh, cannot be read, once that has lasted and where nothing else says it. */
  readonly readProblem: ReadonlySignal<ReadProblem | null>;
  /** The search for another room; null when closed, and while what is known is not fresh. */
  readonly find: ReadonlySignal<ShownFind | null>;
  /** The first of two taps on "End now" was made. */
  readonly isEndArmed: ReadonlySignal<boolean>;
  /** Per cent of full brightness; null when the glass is not dimmed, or awake because somebody touched it. */
  readonly dimmedTo: ReadonlySignal<number | null>;
  /** The panel's name to be shown large; null as soon as its time is over, whether the agent says so or not. */
  readonly identify: ReadonlySignal<View['identify']>;
  /** Null when closed, and while the agent, which would have to answer it, is not heard. */
  readonly service: ReadonlySignal<ServiceView | null>;
  /** Sends a wish unless one is under way already; `span` is what the glass shows as asked. */
  wish(wish: WishWithoutId, span: Span): void;
  /** The first call arms, a second one within five seconds sends; within ten when it ends somebody else's meeting. */
  endEarly(wish: Extract<WishWithoutId, { kind: 'end-early' }>, span: Span): void;
  dismiss(): void;
  /** Looks for another room that is free for so long. */
  findRooms(length: Duration): void;
  closeFind(): void;
  /** One of the rooms that were found, until the end that is shown. */
  bookElsewhere(room: FoundRoom): void;
  /** The outcome was read, and another room is wanted for as long. */
  findInstead(): void;
  /** Somebody touched the glass or a key. True when that only woke it: the touch must do nothing else. */
  touch(): boolean;
  openService(pin: string | null): void;
  /** Closes it on the glass at once, and tells the agent. */
  closeService(): void;
  send(intent: OtherIntent): void;
  readonly stop: Stop;
};

export type PanelDeps = {
  bridge: Bridge;
  clock: Clock;
  newId: () => string;
  /** Told that a view did not parse; never what was in it. */
  report: (what: string) => void;
};

export function createPanel({ bridge, clock, newId, report }: PanelDeps): PanelModel {
  const view = signal<View | null>(null);
  const isBroken = signal(false);
  const silentSince = signal<Instant | null>(null);
  const unread = signal<{ why: WhyUnread; since: Instant } | null>(null);
  const machineNow = signal(clock.now());
  /** Counts readings of the clock, so that the timer is armed again even if the clock stood still or went back. */
  const readings = signal(0);
  const pending = signal<Pending | null>(null);
  const dismissed = signal<IntentId | null>(null);
  const outcomeSeen = signal<{ id: IntentId; at: Instant } | null>(null);
  const armedUntil = signal<Instant | null>(null);

  const now = computed(() => plus(machineNow.value, view.value?.clockOffset ?? seconds(0)));
  const roomView = computed(() => (view.value?.screen.kind === 'room' ? view.value.screen.view : null));
  const silenceEnds = computed(() => (silentSince.value === null ? null : plus(silentSince.value, SILENCE_TOLERATED)));
  const isSilent = computed(() => silenceEnds.value !== null && machineNow.value >= silenceEnds.value);
  const problems = computed(() => view.value?.problems ?? []);
  const room = computed(() => roomView.value && currentRoom(roomView.value, problems.value, now.value, isSilent.value));
  const activity = computed(
    () =>
      roomView.value &&
      room.value &&
      currentActivity(roomView.value, room.value.status, pending.value, dismissed.value, now.value),
  );
  const isEndArmed = computed(() => armedUntil.value !== null && now.value < armedUntil.value);
  const dismissal = computed(() => {
    const [shown, seen] = [activity.value, outcomeSeen.value];
    return shown && seen?.id === shown.id ? dismissalDue(shown, seen.at) : null;
  });

  const isFresh = computed(() => room.value?.trust.kind === 'fresh');
  const unreadToldAt = computed(() => unread.value && plus(unread.value.since, UNREAD_TOLERATED));
  const readProblem = computed(() => {
    const isTold = unreadToldAt.value !== null && machineNow.value >= unreadToldAt.value;
    // A stale or unknown calendar says its reason larger, elsewhere; that central is away is a problem of its own.
    const why = isTold && isFresh.value ? unread.value?.why : null;
    return why === 'central-away' ? null : (why ?? null);
  });
  const find = createFind({ view: roomView, isFresh, now });

  const isServiceShut = signal(false);
  const service = computed(() => (isServiceShut.value || isSilent.value ? null : (view.value?.service ?? null)));
  const identify = computed(() => {
    const wanted = view.value?.identify ?? null;
    return wanted && now.value < wanted.until ? wanted : null;
  });

  const tick = () =>
    batch(() => {
      machineNow.value = clock.now();
      readings.value = readings.peek() + 1;
    });
  const brightness = computed(() => (service.value || identify.value ? null : (view.value?.look.brightness ?? null)));
  const sleep = createSleep({ brightness, now: machineNow, clock, tick });
  const send = (intent: IntentInput) => bridge.send(JSON.stringify(intent satisfies IntentInput));
  const nextId = () => v.parse(IntentId, newId());

  const onView = (json: string) => {
    const parsed = parseView(json);
    batch(() => {
      tick();
      isBroken.value = parsed === null;
      if (!parsed) return;
      view.value = parsed;
      const why = whyUnread(parsed.readProblem, parsed.problems);
      if (why !== unread.value?.why) unread.value = why && { why, since: machineNow.value };
    });
    if (!parsed) report('a view from the agent could not be understood');
  };
  const onSilence = (isQuiet: boolean) => {
    batch(() => {
      tick();
      silentSince.value = isQuiet ? (silentSince.value ?? machineNow.value) : null;
    });
  };

  const dismiss = () => {
    const shown = activity.peek();
    if (!shown || !canDismiss(shown)) return;
    batch(() => {
      dismissed.value = shown.id;
      if (pending.peek()?.id === shown.id) pending.value = null;
    });
    // An unanswered wish is unknown to the agent: there is nothing to dismiss over there.
    if (shown.state.kind !== 'unanswered') send({ kind: 'dismiss-booking', id: nextId(), booking: shown.id });
  };

  const wish = (wanted: WishWithoutId, span: Span, elsewhere: Place | null = null) => {
    tick();
    if (isBusy(activity.peek())) return;
    const id = nextId();
    const intent: Wish = { ...wanted, id };
    batch(() => {
      armedUntil.value = null;
      // The agent closes it too; telling it beside the wish might overtake the wish.
      find.shut();
      pending.value = { id, wish: intent, span, elsewhere, at: now.peek() };
    });
    send(intent);
  };

  const findRooms = (length: Duration) => {
    batch(() => {
      tick();
      find.ask(length);
    });
    send({ kind: 'find-rooms', id: nextId(), length });
  };

  const stops: Stop[] = [
    // The agent's answer takes the place of the wish.
    effect(() => {
      if (pending.value && roomView.value && isAnswered(roomView.value, pending.value)) pending.value = null;
    }),
    effect(() => {
      const shown = activity.value;
      if (!shown || isBusy(shown)) outcomeSeen.value = null;
      else if (outcomeSeen.peek()?.id !== shown.id) outcomeSeen.value = { id: shown.id, at: now.peek() };
    }),
    effect(() => {
      if (dismissal.value !== null && now.value >= dismissal.value) dismiss();
    }),
    effect(() => {
      if (view.value?.service === null) isServiceShut.value = false;
    }),
    effect(() => {
      readings.value;
      const offset = now.value - machineNow.value;
      const wanted = pending.value && plus(pending.value.at, ANSWER_WITHIN);
      const corrected = (at: Instant | null) => at && ((at + offset) as Instant);
      const byMachine = [silenceEnds.value, sleep.asleepAt.value, unreadToldAt.value].map(corrected);
      const deadlines = [wanted, armedUntil.value, dismissal.value, find.answerDue.value, ...byMachine];
      return clock.after(untilNextChange(view.value, now.value, deadlines), tick);
    }),
    find.stop,
    bridge.onSilence(onSilence),
    bridge.onView(onView),
  ];

  return {
    view,
    isBroken,
    isSilent,
    now,
    room,
    readProblem,
    activity,
    find: find.shown,
    isEndArmed,
    dimmedTo: sleep.dimmedTo,
    identify,
    service,
    wish: (wanted, span) => wish(wanted, span),
    endEarly(wanted, span) {
      tick();
      if (isEndArmed.peek()) return wish(wanted, span);
      const isOwn = room.peek()?.actions.endEarly === 'own';
      armedUntil.value = plus(now.peek(), isOwn ? CONFIRM_WITHIN : CONFIRM_READ_WITHIN);
    },
    dismiss,
    findRooms,
    closeFind() {
      if (find.shut()) send({ kind: 'close-find', id: nextId() });
    },
    bookElsewhere(chosen) {
      const shown = find.shown.peek();
      if (shown?.kind !== 'found') return;
      const { end } = shown;
      wish({ kind: 'book-elsewhere', room: chosen.room, end }, { start: now.peek(), end }, chosen);
    },
    findInstead() {
      const span = activity.peek()?.span;
      const lengths = roomView.peek()?.findLengths ?? [];
      const length = lengthToFind(lengths, span && between(span.start, span.end));
      dismiss();
      if (length !== null) findRooms(length);
    },
    touch: sleep.touch,
    openService(pin) {
      isServiceShut.value = false;
      send({ kind: 'open-service', id: nextId(), pin });
    },
    closeService() {
      isServiceShut.value = true;
      send({ kind: 'close-service', id: nextId() });
    },
    send: intent => send({ ...intent, id: nextId() }),
    stop: () => {
      for (const stop of stops.toReversed()) stop();
    },
  };
}

function parseView(json: string): View | null {
  try {
    const parsed = v.safeParse(View, JSON.parse(json));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
