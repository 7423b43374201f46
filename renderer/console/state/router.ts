/** Follows the address bar, and asks before it leaves a page with something unsaved on it. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Stop } from '../../../src/contract/values/clock.ts';
import { parseRoute, type Route } from './route.ts';

/** Why one should not just leave, said to the person. Null: nothing would be lost. */
export type Guard = {
  title: string;
  text: string;
  leave: string;
  stay: string;
  /** Lets go of what would have been lost. */
  discard: () => void;
};

export type Router = {
  route: ReadonlySignal<Route>;
  guard: Signal<(() => Guard | null) | null>;
  /** Set while the person is being asked. */
  asking: ReadonlySignal<Guard | null>;
  answer(choice: 'leave' | 'stay'): void;
  /** Does what would lose unsaved work, once the person agrees. */
  askBefore(action: () => void): void;
  /** Sends the browser elsewhere without asking. */
  goTo(url: string): void;
  stop: Stop;
};

export function createRouter(window: Window): Router {
  const route = signal(parseRoute(window.location.hash));
  const guard = signal<(() => Guard | null) | null>(null);
  const asking = signal<Guard | null>(null);
  /** The address of the page on screen, which the address bar leaves while we ask. */
  let shown = window.location.hash;
  let isLeaving = false;
  let onLeave = () => {};

  function show() {
    shown = window.location.hash;
    asking.value = null;
    route.value = parseRoute(shown);
  }

  function onHashChange() {
    // Within one page, too: another connection or another scope is another form.
    askBefore(show);
  }

  function askBefore(action: () => void) {
    const objection = guard.value?.() ?? null;
    asking.value = objection;
    onLeave = action;
    if (!objection) action();
  }

  function onBeforeUnload(event: BeforeUnloadEvent) {
    if (!isLeaving && guard.value?.()) event.preventDefault();
  }

  window.addEventListener('hashchange', onHashChange);
  window.addEventListener('beforeunload', onBeforeUnload);
  return {
    route,
    guard,
    asking,
    answer(choice) {
      const objection = asking.value;
      asking.value = null;
      if (choice === 'leave') {
        objection?.discard();
        onLeave();
      } else if (window.location.hash !== shown) {
        window.history.pushState(null, '', shown || '#/');
      }
    },
    askBefore,
    goTo(url) {
      isLeaving = true;
      window.location.assign(url);
    },
    stop() {
      window.removeEventListener('hashchange', onHashChange);
      window.removeEventListener('beforeunload', onBeforeUnload);
    },
  };
}
