/** Who listens in this process, and who must be told. Holds no state of the fleet: listeners read the database. */
import type { Clock, Stop } from '../contract/values/clock.ts';
import type { PanelId, RoomId } from '../contract/values/ids.ts';
import { seconds } from '../contract/values/time.ts';
import type { Topic } from '../contract/wire/console.ts';
import type { PanelCommand } from '../contract/wire/panel.ts';
import { Batches } from './batches.ts';
import type { PanelFacts } from './domain/panel-state.ts';

export type PanelListener = {
  /** The start of the agent that opened this stream. */
  boot: string;
  /** The room the panel is paired with, as far as this stream has read; it may become another one. */
  readonly room: RoomId | null;
  changed(): void;
  command(command: PanelCommand): void;
  /** Something changed in its room's calendar. */
  hint(room: RoomId): void;
  close(): void;
};

/** What a panel must know. */
export type PanelNews = {
  facts: PanelFacts;
  /** The room it is paired with. */
  room: RoomId | null;
  /** The version it said last that it runs. */
  running: number | null;
  /** Its PanelConfig as JSON, of the version in `facts`; null while something that it is made of is missing. */
  config(): string | null;
};

export type TopicListener = (topic: Topic) => void;
export type HintListener = (room: RoomId) => void;

/** Reports arrive from thousands of panels; pages need not redraw more often than this. */
const TOPIC_PAUSE = seconds(1);
/** Of one panel: one is in use, others are half-open; more is somebody playing. */
const MOST_STREAMS = 3;

export class Hub {
  /** Listeners read here, so that those who are told together read together. */
  readonly news = new Batches<PanelId, PanelNews>();
  readonly #clock: Clock;
  readonly #panels = new Map<PanelId, Set<PanelListener>>();
  readonly #topicListeners = new Map<TopicListener, () => void>();
  readonly #hintListeners = new Set<HintListener>();
  /** Topics told of less than a pause ago; true when another change came since. */
  readonly #resting = new Map<Topic, { isDirty: boolean; stop: Stop }>();

  #isStopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  listen(panel: PanelId, listener: PanelListener): Stop {
    const listeners = this.#panels.get(panel) ?? new Set();
    const isFirst = listeners.size === 0;
    this.#panels.set(panel, listeners.add(listener));
    if (isFirst) this.#presenceChanged();
    const [oldest] = listeners;
    if (listeners.size > MOST_STREAMS) oldest?.close();
    return () => {
      if (!listeners.delete(listener) || listeners.size > 0) return;
      if (this.#panels.get(panel) === listeners) this.#panels.delete(panel);
      this.#presenceChanged();
    };
  }

  isOnline(panel: PanelId): boolean {
    return this.#panels.has(panel);
  }

  panelsChanged(panels: readonly PanelId[]): void {
    for (const panel of panels) for (const listener of [...(this.#panels.get(panel) ?? [])]) listener.changed();
  }

  /** To every stream the panel has open; false: it has none. */
  command(panel: PanelId, command: PanelCommand): boolean {
    const listeners = [...(this.#panels.get(panel) ?? [])];
    for (const listener of listeners) listener.command(command);
    return listeners.length > 0;
  }

  /**
   * Something changed in this room's calendar: whoever holds a copy drops it, and the room's panel reads; not `except`, which
   * made the change itself. Asks every stream for its room, so that no second list of who shows what can be wrong.
   */
  hint(room: RoomId, except: PanelId | null = null): void {
    for (const listener of [...this.#hintListeners]) listener(room);
    for (const [panel, listeners] of this.#panels) {
      if (panel === except) continue;
      for (const listener of [...listeners]) if (listener.room === room) listener.hint(room);
    }
  }

  listenHints(listener: HintListener): Stop {
    this.#hintListeners.add(listener);
    return () => this.#hintListeners.delete(listener);
  }

  /**
   * A new start of the agent spoke. Streams of earlier starts are cut: a dead agent's are only half-open sockets, and a
   * living second agent comes back at once and is found out (domain/identity.ts).
   */
  closeStreamsOfOtherBoots(panel: PanelId, boot: string): void {
    for (const listener of [...(this.#panels.get(panel) ?? [])]) if (listener.boot !== boot) listener.close();
  }

  closeStreams(panel: PanelId): void {
    for (const listener of [...(this.#panels.get(panel) ?? [])]) listener.close();
  }

  /** `close` is called when central stops. */
  listenTopics(listener: TopicListener, close: () => void): Stop {
    this.#topicListeners.set(listener, close);
    return () => this.#topicListeners.delete(listener);
  }

  topicsChanged(...topics: Topic[]): void {
    if (this.#isStopped) return;
    for (const topic of topics) {
      const resting = this.#resting.get(topic);
      if (resting) resting.isDirty = true;
      else this.#tell(topic);
    }
  }

  stop(): void {
    this.#isStopped = true;
    for (const { stop } of this.#resting.values()) stop();
    this.#resting.clear();
    for (const listeners of [...this.#panels.values()]) for (const listener of [...listeners]) listener.close();
    for (const close of [...this.#topicListeners.values()]) close();
  }

  #presenceChanged() {
    this.topicsChanged('rooms', 'free-macs');
  }

  /** The first change is told at once, those of the following pause together at its end. */
  #tell(topic: Topic) {
    for (const listener of [...this.#topicListeners.keys()]) listener(topic);
    const stop = this.#clock.after(TOPIC_PAUSE, () => {
      const isDirty = this.#resting.get(topic)?.isDirty;
      this.#resting.delete(topic);
      if (isDirty) this.#tell(topic);
    });
    this.#resting.set(topic, { isDirty: false, stop });
  }
}
