import type { Bridge } from '../../../src/contract/bridge/bridge.ts';
import type { Clock, Stop } from '../../../src/contract/values/clock.ts';
import { seconds } from '../../../src/contract/values/time.ts';

const RETRY = seconds(2);

/**
 * The bridge of a page served by the agent itself: views come as server-sent events, intents go as POSTs. `base` is the
 * page's own address, whose path holds the secret, so both addresses are relative to it.
 */
export function loopbackBridge(base: string, clock: Clock): Bridge {
  const views = new Set<(json: string) => void>();
  const silences = new Set<(isSilent: boolean) => void>();
  let stopStream: Stop | null = null;

  const announce = (isSilent: boolean) => {
    for (const listener of silences) listener(isSilent);
  };
  const start = () => {
    stopStream ??= openStream(new URL('./bridge/stream', base), clock, {
      onView: json => {
        for (const listener of views) listener(json);
      },
      onSilence: announce,
    });
  };
  const stopWhenUnheard = () => {
    if (views.size + silences.size > 0) return;
    stopStream?.();
    stopStream = null;
  };
  const listen = <T>(to: Set<T>, listener: T) => {
    to.add(listener);
    start();
    return () => {
      to.delete(listener);
      stopWhenUnheard();
    };
  };

  return {
    onView: listener => listen(views, listener),
    onSilence: listener => listen(silences, listener),
    send(json) {
      fetch(new URL('./bridge/intent', base), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'Lintel-Panel': '1' },
        body: json,
        // An intent that did not arrive is noticed by the view that never answers it.
      }).catch(() => {});
    },
  };
}

type Heard = { onView: (json: string) => void; onSilence: (isSilent: boolean) => void };

/** EventSource reconnects by itself after a lost connection, but gives up for good on an HTTP error: then we do it. */
function openStream(address: URL, clock: Clock, heard: Heard): Stop {
  let source: EventSource;
  let stopRetry: Stop = () => {};
  const connect = () => {
    source = new EventSource(address);
    source.addEventListener('open', () => heard.onSilence(false));
    source.addEventListener('view', event => {
      heard.onSilence(false);
      heard.onView(String(event.data));
    });
    source.addEventListener('error', () => {
      heard.onSilence(true);
      if (source.readyState === EventSource.CLOSED) stopRetry = clock.after(RETRY, connect);
    });
  };
  connect();
  return () => {
    stopRetry();
    source.close();
  };
}
