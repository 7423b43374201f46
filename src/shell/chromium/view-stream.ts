/** Views as server-sent events. A slow reader only ever has the newest view waiting. */
import type { ServerResponse } from 'node:http';
import type { AgentPort } from '../../contract/bridge/bridge.ts';
import type { View } from '../../contract/bridge/view.ts';
import type { Clock, Stop } from '../../contract/values/clock.ts';
import { seconds } from '../../contract/values/time.ts';

const COMMENT_EVERY = seconds(15);
/** A page that was loaded again is back by then. */
const GONE_AFTER = seconds(10);
/** Pages open at a time; the glass needs one, somebody with a debugger another. */
const MOST_READERS = 8;

type Reader = { response: ServerResponse; isFull: boolean; isBehind: boolean };

export interface ViewStream {
  /** False when there are too many readers; then nothing has been written. */
  open(response: ServerResponse): boolean;
  /** How many pages are listening. */
  readers(): number;
  stop(): void;
}

/**
 * Serves the agent's view: the current one at once, then every change, and a comment every 15 s. The agent is told that a
 * page is there as long as one listens, and for 10 s more.
 */
export function makeViewStream(agent: AgentPort, clock: Clock): ViewStream {
  const readers = new Set<Reader>();
  let event = format(agent.view());
  let stopTimer: Stop = () => {};
  let stopMissing: Stop = () => {};

  function write(reader: Reader, text: string) {
    reader.isFull = !reader.response.write(text);
  }
  function writeView(reader: Reader) {
    reader.isBehind = reader.isFull;
    if (!reader.isFull) write(reader, event);
  }
  function comment() {
    for (const reader of readers) if (!reader.isFull) write(reader, ': still here\n\n');
    stopTimer = clock.after(COMMENT_EVERY, comment);
  }
  function leave(reader: Reader) {
    if (!readers.delete(reader) || readers.size > 0) return;
    stopMissing = clock.after(GONE_AFTER, () => agent.glass(false));
  }
  comment();
  const unsubscribe = agent.subscribe(view => {
    event = format(view);
    for (const reader of readers) writeView(reader);
  });

  return {
    open(response) {
      if (readers.size >= MOST_READERS) return false;
      const reader: Reader = { response, isFull: false, isBehind: false };
      stopMissing();
      if (readers.size === 0) agent.glass(true);
      readers.add(reader);
      response.on('close', () => leave(reader));
      response.on('drain', () => {
        reader.isFull = false;
        if (reader.isBehind) writeView(reader);
      });
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
      event = format(agent.view());
      write(reader, `retry: 1000\n\n${event}`);
      return true;
    },
    readers: () => readers.size,
    stop() {
      unsubscribe();
      stopTimer();
      stopMissing();
      for (const reader of readers) reader.response.destroy();
      readers.clear();
      agent.glass(false);
    },
  };
}

function format(view: View): string {
  return `event: view\ndata: ${JSON.stringify(view)}\n\n`;
}
