import type { Log } from '../../../src/agent/ports.ts';

/** Remembers the names of events. */
export function makeQuietLog(): { log: Log; events: string[] } {
  const events: string[] = [];
  const note = (event: string) => {
    events.push(event);
  };
  return { events, log: { info: note, warn: note, error: note } };
}
