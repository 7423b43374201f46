/**
 * Central's notices of change, for as long as somebody is signed in.
 * connecting -> live -> lost -> live ...; the browser retries a broken connection, we retry a refused one.
 */
import { type Signal, signal } from '@preact/signals';
import * as v from 'valibot';
import type { Clock, Stop } from '../../../src/contract/values/clock.ts';
import { milliseconds, seconds } from '../../../src/contract/values/time.ts';
import { Topic } from '../../../src/contract/wire/console.ts';

export type StreamPorts = {
  clock: Clock;
  open: () => EventSource;
  onTopic: (topic: Topic) => void;
  /** Anything may have changed unseen: read all again (a session that ran out shows up there too). */
  onGap: () => void;
};

const FIRST_RETRY = seconds(2);
const LONGEST_RETRY = seconds(30);
/** A restart of central is over before anybody needs to hear of it. */
const PATIENCE = seconds(4);

export function listen({ clock, open, onTopic, onGap }: StreamPorts): { isLost: Signal<boolean>; stop: Stop } {
  const isLost = signal(false);
  let source: EventSource | null = null;
  let stopRetry: Stop = () => {};
  let stopPatience: Stop | null = null;
  let retry = FIRST_RETRY;
  let hadGap = false;

  function connect() {
    source = open();
    source.addEventListener('open', () => {
      retry = FIRST_RETRY;
      stopPatience?.();
      stopPatience = null;
      isLost.value = false;
      if (hadGap) onGap();
      hadGap = false;
    });
    source.addEventListener('changed', event => {
      const topic = v.safeParse(Topic, String(event.data).replaceAll('"', ''));
      if (topic.success) onTopic(topic.output);
    });
    source.addEventListener('error', () => {
      hadGap = true;
      stopPatience ??= clock.after(PATIENCE, () => {
        isLost.value = true;
      });
      if (source?.readyState !== EventSource.CLOSED) return;
      onGap();
      stopRetry = clock.after(retry, connect);
      retry = milliseconds(Math.min(retry * 2, LONGEST_RETRY));
    });
  }

  connect();
  return {
    isLost,
    stop() {
      source?.close();
      stopRetry();
      stopPatience?.();
    },
  };
}
