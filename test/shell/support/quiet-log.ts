import type { KeptLog } from '../../../src/platform/log.ts';

/** Remembers the names of events. */
export function makeQuietLog(): { log: KeptLog; events: string[] } {
  const events: string[] = [];
  const note = (event: string) => {
    events.push(event);
  };
  return { events, log: { info: note, warn: note, error: note, recent: () => [] } };
}
