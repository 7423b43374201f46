/** One view for whoever listens, whichever agent is behind it at the moment. */
import type { AgentPort } from '../contract/bridge/bridge.ts';
import type { View } from '../contract/bridge/view.ts';
import type { Stop } from '../contract/values/clock.ts';

export interface Glass {
  view(): View;
  subscribe(listener: (view: View) => void): Stop;
  show(view: View): void;
  /** Shows this agent's view, now and whenever it changes, and tells it whether a page is there. */
  follow(agent: AgentPort): void;
  /** A page has come or gone: for the agent of the moment and whichever follows. False when that is nothing new. */
  pageIs(isThere: boolean): boolean;
}

/** Sequence numbers go on growing when an agent that counts from the beginning takes over. */
export function makeGlass(first: View): Glass {
  const listeners = new Set<(view: View) => void>();
  let current = first;
  let agent: AgentPort | null = null;
  let hasPage = false;
  const show = (view: View) => {
    current = { ...view, seq: current.seq + 1 };
    for (const listener of listeners) listener(current);
  };
  return {
    view: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show,
    follow(next) {
      agent = next;
      agent.glass(hasPage);
      agent.subscribe(show);
      show(agent.view());
    },
    pageIs(isThere) {
      if (hasPage === isThere) return false;
      hasPage = isThere;
      agent?.glass(isThere);
      return true;
    },
  };
}
