/**
 * The tenant's own account of what was stored: who changed which event, from what into what. Notifications are made
 * from it, and a test can prove from it what really happened. Costs nothing while nobody listens.
 */
import type { Clock, Stop } from '../../contract/values/clock.ts';
import type { Instant, Span } from '../../contract/values/time.ts';
import type { StoredEvent } from '../calendar/model.ts';
import type { Events } from './events.ts';

/** `graph`: a program. `control`: a person, in the office or at the control page. `room`: a mailbox answering by itself. */
export type Actor = 'graph' | 'control' | 'room';

/** A stored event and the instants its times mean in its mailbox. */
export type Snapshot = { event: StoredEvent; span: Span };

/**
 * One row, as it was and as it is. The first change of an occurrence has no `before`: it was as its series has it. An
 * occurrence taken out of its series counts as removed; its row is `after`.
 */
export type Change = {
  at: Instant;
  mailbox: string;
  id: string;
  kind: 'created' | 'changed' | 'removed';
  by: Actor;
  before: Snapshot | null;
  after: Snapshot | null;
};

export interface Changes {
  /** Called once for every commit, with its changes in order. */
  watch(listener: (changes: readonly Change[]) => void): Stop;
  /** Whatever `work` changes, it is this one's doing; the innermost counts. `work` must not wait. */
  by<T>(actor: Actor, work: () => T): T;
}

/** Wraps the store: what goes through `events` is told to whoever watches `changes`. Undone transactions are not. */
export function watchEvents(store: Events, clock: Clock, spanOf: (event: StoredEvent) => Span) {
  const listeners = new Set<(changes: readonly Change[]) => void>();
  let actor: Actor = 'graph';
  let depth = 0;
  let pending: Change[] = [];

  const snapshot = (event: StoredEvent): Snapshot => ({ event, span: spanOf(event) });
  function note(event: StoredEvent, kind: Change['kind'], before: Snapshot | null, after: Snapshot | null) {
    pending.push({ at: clock.now(), mailbox: event.mailbox, id: event.id, kind, by: actor, before, after });
    if (depth === 0) tell();
  }
  function tell() {
    const told = pending;
    pending = [];
    if (told.length > 0) for (const listener of listeners) listener(told);
  }

  const events: Events = {
    ...store,
    put(event, span) {
      if (listeners.size === 0) return store.put(event, span);
      const known = store.find(event.mailbox, event.id);
      store.put(event, span);
      const isGone = event.isRemoved && known?.isRemoved !== true;
      const isNew = known === null && event.type !== 'exception';
      const kind = isGone ? 'removed' : isNew ? 'created' : 'changed';
      note(event, kind, known && snapshot(known), { event, span });
    },
    remove(event) {
      if (listeners.size === 0) return store.remove(event);
      const exceptions = store.exceptions(event.id);
      store.remove(event);
      for (const gone of [...exceptions.filter(exception => !exception.isRemoved), event]) {
        note(gone, 'removed', snapshot(gone), null);
      }
    },
    atomically(work) {
      const mark = pending.length;
      depth += 1;
      try {
        return store.atomically(work);
      } catch (error) {
        pending.length = mark;
        throw error;
      } finally {
        depth -= 1;
        if (depth === 0) tell();
      }
    },
  };
  const changes: Changes = {
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    by(next, work) {
      const before = actor;
      actor = next;
      try {
        return work();
      } finally {
        actor = before;
      }
    },
  };
  return { events, changes };
}
