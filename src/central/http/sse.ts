/** Server-sent events straight onto the socket: a web stream would cost several times the memory per connection. */
import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Clock, Stop } from '../../contract/values/clock.ts';
import { seconds } from '../../contract/values/time.ts';

/** One event, its data as JSON. */
export type StreamEvent = { event: string; json: string };

export interface EventStream {
  send(event: string, data: unknown): void;
  /** In this order, and at once. */
  sendAll(events: readonly StreamEvent[]): void;
  close(): void;
}

const COMMENT_EVERY = seconds(15);
/**
 * A reader this far behind before there is more to say is gone or stuck; it may come back and gets the whole state. Some
 * configurations with a logo (33 KB) and CAs (100 KB) fit.
 */
const MOST_BUFFERED = 256 * 1024;

/**
 * Opens the stream; `onEnd` runs once, however it ends. `onBeat` runs with every comment and may end the stream by
 * answering false.
 */
export function openEventStream(
  response: ServerResponse,
  clock: Clock,
  headers: Record<string, string>,
  hooks: { onEnd: () => void; onBeat?: () => Promise<boolean> },
): EventStream {
  let isOpen = true;
  let stopTimer: Stop = () => {};
  const end = () => {
    if (!isOpen) return;
    isOpen = false;
    stopTimer();
    hooks.onEnd();
    response.end();
  };
  const write = (text: string) => {
    if (!isOpen) return;
    if (response.writableLength > MOST_BUFFERED) {
      end();
      response.destroy();
      return;
    }
    response.write(text);
  };
  const beat = () => {
    stopTimer = clock.after(COMMENT_EVERY, () => {
      write(':\n\n');
      void Promise.resolve(hooks.onBeat?.() ?? true).then(
        isWelcome => (isWelcome ? isOpen && beat() : end()),
        () => end(),
      );
    });
  };
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // A buffering reverse proxy would hold events back.
    'x-accel-buffering': 'no',
  });
  response.socket?.setNoDelay(true);
  response.socket?.setKeepAlive(true, seconds(30));
  response.on('close', end);
  response.on('error', end);
  write(':\n\n');
  beat();
  const sendAll = (events: readonly StreamEvent[]) =>
    write(events.map(({ event, json }) => `event: ${event}\ndata: ${json}\n\n`).join(''));
  return { send: (event, data) => sendAll([{ event, json: JSON.stringify(data) }]), sendAll, close: end };
}

/** What a handler returns after it wrote to the socket itself. */
export const ALREADY_SENT = RESPONSE_ALREADY_SENT;
