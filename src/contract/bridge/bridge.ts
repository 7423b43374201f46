/** How view and intent travel, whatever the shell. Both ends parse; neither casts. */
import type { Intent } from './intent.ts';
import type { View } from './view.ts';

/** Bump when a message changes shape in a way an older renderer would misread. */
export const BRIDGE_VERSION = 2;

/** What a shell gives the renderer (Electron's preload as `window.lintel`; over loopback, server-sent events and POST). */
export interface Bridge {
  /** Calls back with every view as raw JSON text, the current one at once. Returns the way to stop. */
  onView(listener: (json: string) => void): () => void;
  /** Calls back when the agent can no longer be heard (true) and when it can again (false). */
  onSilence(listener: (isSilent: boolean) => void): () => void;
  /** Sends one intent as JSON text. */
  send(json: string): void;
}

/** The agent's side, as shells see it. */
export interface AgentPort {
  view(): View;
  subscribe(listener: (view: View) => void): () => void;
  intend(intent: Intent): void;
  /**
   * Whether a page that people can see and touch is there. None is until the shell says so, and without one no room is ever
   * given back: nobody could have checked in. A panel without a shell never releases anything.
   */
  glass(isThere: boolean): void;
}
