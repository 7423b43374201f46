/** The wires of a world: every request travels, may be lost, doubled, late or refused on its way, and so may its answer. */
import type { Fetch, FetchInit } from '../../../src/agent/ports.ts';
import type { Clock, Stop } from '../../../src/contract/values/clock.ts';
import { type Instant, milliseconds, seconds } from '../../../src/contract/values/time.ts';
import type { Edge, Fault, Faults } from './faults.ts';

/** `isAgain`: the same request, delivered a second time. */
export type Request = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
  isAgain: boolean;
};
export type Answer = { status: number; headers: Record<string, string>; text: string };
/** An answer without end: `open` is called with the wire to write to, and gives what to do when the reader has gone. */
export type Streamed = { headers: Record<string, string>; open: (wire: Wire) => Stop };
export type Reply = Answer | Streamed;
export type Wire = { write: (text: string) => void; end: () => void };
/** `null`: nobody listens there now; `died`: whoever listened has ended meanwhile. */
export type Server = (from: string, request: Request) => Promise<Reply | 'died' | null>;

export type NetworkOptions = {
  clock: Clock;
  dice: () => number;
  faults: Faults;
  servers: Record<string, { origin: string; serve: Server }>;
  /** Told of every text that really arrived, and how what was sent ended. */
  heard: (edge: Edge, text: string) => void;
  story: (line: () => string) => void;
};

const DEADLINE = seconds(10);
const PAGE: Answer = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  text: '<!doctype html><html><title>Guest Wi-Fi</title><p>Please accept our terms.</html>',
};
const WITHOUT_BODY = new Set([204, 205, 304]);

type Ending = { kind: 'reply'; reply: Reply } | { kind: 'broken'; code: string };

export class Network {
  readonly #options: NetworkOptions;
  /** Requests that really reached a server. */
  requests = 0;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /** A client's `fetch`, as platform/http.ts behaves. When its process is gone, nothing it waited for ever ends. */
  fetchFor(from: string, isAlive: () => boolean): Fetch {
    return (url, init = {}) =>
      new Promise((resolve, reject) => {
        const { clock } = this.#options;
        const { signal, deadline = DEADLINE } = init;
        if (signal?.aborted) return reject(signal.reason);
        let isOver = false;
        const finish = (act: () => void) => {
          if (isOver || !isAlive()) return;
          isOver = true;
          disarm();
          signal?.removeEventListener('abort', onAbort);
          act();
        };
        const onAbort = () => finish(() => reject(signal?.reason));
        signal?.addEventListener('abort', onAbort, { once: true });
        const disarm = clock.after(deadline, () => finish(() => reject(new DOMException('too late', 'TimeoutError'))));
        const sent = {
          method: init.method ?? 'GET',
          url,
          headers: init.headers ?? {},
          body: init.body ?? null,
          isAgain: false,
        };
        this.#send(from, sent, ending =>
          finish(() => {
            if (ending.kind === 'broken') reject(broken(ending.code));
            else resolve(this.#received(from, sent, ending.reply, init, isAlive));
          }),
        );
      });
  }

  #send(from: string, request: Request, end: (ending: Ending) => void) {
    const { clock, dice, faults, servers, story } = this.#options;
    const [to, server] = Object.entries(servers).find(([, { origin }]) => request.url.startsWith(origin)) ?? [];
    if (to === undefined || server === undefined) return end({ kind: 'broken', code: 'ENOTFOUND' });
    const edge = `${from}>${to}`;
    const tell = (what: string) => story(() => `${edge} ${request.method} ${shortened(request.url)}: ${what}`);
    const later = (what: Ending, wait = this.#delay(edge)) => void clock.after(milliseconds(wait), () => end(what));

    const cut = faults.strike('cut', edge, clock.now());
    if (cut) {
      tell(cut.isTold ? 'refused, the wire is cut' : 'hangs, the wire is cut');
      return cut.isTold ? later({ kind: 'broken', code: 'ECONNREFUSED' }, 5) : undefined;
    }
    if (faults.strike('portal', edge, clock.now())) {
      tell('answered by a captive portal');
      return later({ kind: 'reply', reply: PAGE });
    }
    if (faults.strike('lost-request', edge, clock.now())) return tell('lost on its way');

    const back = (reply: Reply | 'died' | null) => {
      if (reply === 'died') {
        tell('it ended meanwhile');
        return later({ kind: 'broken', code: 'ECONNRESET' });
      }
      if (reply === null) return later({ kind: 'broken', code: 'ECONNREFUSED' });
      const now = clock.now();
      const lost = faults.strike('lost-reply', edge, now);
      if (lost || faults.strike('cut', edge, now)) {
        tell(`done (${statusOf(reply)}), the answer is lost`);
        return lost?.isTold ? later({ kind: 'broken', code: 'ECONNRESET' }) : undefined;
      }
      tell(String(statusOf(reply)));
      later({ kind: 'reply', reply }, this.#delay(edge) + (faults.strike('drip', edge, now) ? 15_000 : 0));
    };
    const serve = async (then: (reply: Reply | 'died' | null) => void, isAgain = false) => {
      this.requests++;
      then(await server.serve(from, { ...request, isAgain }));
    };
    clock.after(milliseconds(this.#delay(edge)), () => {
      const now = clock.now();
      if (faults.strike('cut', edge, now)) return tell('lost, the wire was cut');
      const throttle = faults.strike('throttle', edge, now);
      if (throttle) return back(throttled(now, throttle));
      const error = faults.strike('error', edge, now);
      if (error && !error.isDone) return back(refusal(now, error.status));
      if (error) return void serve(() => back(refusal(now, error.status)));
      const isDoubled = faults.strike('duplicate', edge, now) !== null;
      const isSecondHeard = isDoubled && dice() < 0.5;
      void serve(reply => isSecondHeard || back(reply));
      if (!isDoubled) return;
      clock.after(milliseconds(5 + dice() * 3000), () => {
        tell('arrives a second time');
        void serve(reply => isSecondHeard && back(reply), true);
      });
    });
  }

  /** How long one way takes now, in milliseconds. */
  #delay(edge: Edge): number {
    const { clock, dice, faults } = this.#options;
    const slow = faults.strike('slow', edge, clock.now());
    return 10 + dice() * 50 + (slow ? dice() * slow.most : 0);
  }

  #received(from: string, request: Request, reply: Reply, init: FetchInit, isAlive: () => boolean): Response {
    const edge = `${from}>${new URL(request.url).hostname.split('.')[0]}`;
    if ('text' in reply) {
      this.#options.heard(edge, reply.text);
      return new Response(WITHOUT_BODY.has(reply.status) ? null : reply.text, reply);
    }
    return new Response(this.#stream(edge, reply, init.signal, isAlive), { headers: reply.headers });
  }

  /** Chunks arrive in order. A cut loses them and leaves the connection half open: nobody says that it is dead. */
  #stream(edge: Edge, { open }: Streamed, signal: AbortSignal | undefined, isAlive: () => boolean): ReadableStream {
    const { clock, dice, faults, heard } = this.#options;
    const encoder = new TextEncoder();
    let isOver = false;
    let isHalfOpen = false;
    let arrivesAt = 0;
    // Set when it is open: a first chunk may be written, and cut off, before that.
    let close = () => {};
    return new ReadableStream({
      start: controller => {
        const end = (act: () => void) => {
          if (isOver) return;
          isOver = true;
          close();
          signal?.removeEventListener('abort', onAbort);
          if (isAlive()) act();
        };
        const onAbort = () => end(() => controller.error(signal?.reason));
        const deliver = (act: () => void) => {
          if (isOver || isHalfOpen) return;
          if (!isAlive()) return end(() => {});
          isHalfOpen = faults.strike('cut', edge, clock.now()) !== null;
          if (isHalfOpen) return close();
          arrivesAt = Math.max(arrivesAt, clock.now() + 10 + dice() * 50);
          clock.after(milliseconds(arrivesAt - clock.now()), () => isOver || !isAlive() || act());
        };
        close = open({
          write: text =>
            deliver(() => {
              heard(edge, text);
              controller.enqueue(encoder.encode(text));
            }),
          end: () => deliver(() => end(() => controller.error(broken('ECONNRESET')))),
        });
        if (isHalfOpen || isOver) close();
        signal?.addEventListener('abort', onAbort, { once: true });
      },
    });
  }
}

/** As undici tells of it. */
const broken = (code: string) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code.toLowerCase()), { code }) });

const refusal = (now: Instant, status: number, headers: Record<string, string> = {}) => ({
  status,
  headers: { 'content-type': 'application/json', date: new Date(now).toUTCString(), ...headers },
  text: JSON.stringify({ error: { code: status === 429 ? 'ApplicationThrottled' : 'ErrorServerBusy', message: '' } }),
});

function throttled(now: Instant, { status, retryAfter, isDated }: Fault & { kind: 'throttle' }): Answer {
  const answer = refusal(now, status, { 'retry-after': retryAfter });
  const { date: _, ...undated } = answer.headers;
  return isDated ? answer : { ...answer, headers: undated };
}

const statusOf = (reply: Reply) => ('status' in reply ? reply.status : 'a stream');
const shortened = (url: string) => {
  const { pathname, search } = new URL(url);
  return decodeURIComponent(pathname) + (search.length > 90 ? '' : search);
};
