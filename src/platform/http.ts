/** The one HTTP client of a process: deadline, proxies, the right CAs. */
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { EnvHttpProxyAgent, fetch as undiciFetch } from 'undici';
import type { Fetch } from '../agent/ports.ts';
import type { Clock } from '../contract/values/clock.ts';
import { seconds } from '../contract/values/time.ts';
import { splitPem } from './certificates.ts';
import { makeSystemClock } from './system-clock.ts';

/** `system`: what the machine trusts, and `extraCa` (PEM) beside it. `only`: nothing but this CA, as for a pinned central. */
export type TlsTrust = { kind: 'system'; extraCa: string | null } | { kind: 'only'; ca: string };

const DEFAULT_DEADLINE = seconds(10);
const CONNECT_TIMEOUT = seconds(8);
/** Longest silence inside a body; event streams send a comment every 15 s, so a longer one is a dead socket. */
const BODY_SILENCE = seconds(60);
const LARGEST_BODY = 64 * 1024 * 1024;
/** Loopback is never behind a proxy, whatever the environment says. */
const NEVER_PROXIED = ['localhost', '127.0.0.1', '::1'];
const WITHOUT_BODY = new Set([204, 205, 304]);

/**
 * A `fetch` for this trust. HTTP_PROXY, HTTPS_PROXY and NO_PROXY are honoured; redirects are answers like any other.
 * Without `isStream` the whole body is read before the promise resolves, so that the deadline covers it and the
 * socket is free again. It rejects with a `TimeoutError` at the deadline, with the signal's reason when aborted, and
 * otherwise with undici's `TypeError: fetch failed`, the reason in its `cause`.
 *
 * Throws when a CA given is not a PEM certificate.
 */
export function makeFetch(options: { trust: TlsTrust; clock?: Clock; env?: NodeJS.ProcessEnv }): {
  fetch: Fetch;
  /** Ends every connection; requests under way fail. */
  close(): Promise<void>;
} {
  const clock = options.clock ?? makeSystemClock();
  const dispatcher = makeDispatcher(secureContext(options.trust), options.env ?? process.env);

  const fetch: Fetch = async (url, init = {}) => {
    const { deadline, isStream = false, signal, ...request } = init;
    const abort = new AbortController();
    const stopTimer = clock.after(deadline ?? DEFAULT_DEADLINE, () =>
      abort.abort(new DOMException(`no answer within ${(deadline ?? DEFAULT_DEADLINE) / 1000} s`, 'TimeoutError')),
    );
    try {
      const answer = await undiciFetch(url, {
        ...request,
        redirect: 'manual',
        dispatcher,
        signal: signal === undefined ? abort.signal : AbortSignal.any([signal, abort.signal]),
      });
      const body = WITHOUT_BODY.has(answer.status) || answer.body === null ? null : answer.body;
      const whole = body === null ? null : isStream ? passOn(body) : await readAll(body);
      // The body is already decoded, so these two would lie about it.
      const headers = [...answer.headers].filter(([name]) => name !== 'content-encoding' && name !== 'content-length');
      return new Response(whole, { status: answer.status, statusText: answer.statusText, headers });
    } finally {
      stopTimer();
    }
  };
  return { fetch, close: () => dispatcher.destroy() };
}

function makeDispatcher(context: SecureContext, env: NodeJS.ProcessEnv): EnvHttpProxyAgent {
  const tls = { secureContext: context, timeout: CONNECT_TIMEOUT };
  const noProxy = [env.no_proxy ?? env.NO_PROXY ?? '', ...NEVER_PROXIED].join(',');
  return new EnvHttpProxyAgent({
    connect: tls,
    requestTls: tls,
    proxyTls: tls,
    httpProxy: env.http_proxy ?? env.HTTP_PROXY ?? '',
    httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? '',
    noProxy,
    // A tunnel for plain http too would need CONNECT on port 80, which most proxies refuse.
    proxyTunnel: false,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: BODY_SILENCE,
    keepAliveTimeout: seconds(20),
    keepAliveMaxTimeout: seconds(60),
  });
}

/** Made once: handing 150 CAs to every connection costs milliseconds each. */
function secureContext(trust: TlsTrust): SecureContext {
  if (trust.kind === 'only') {
    // A central with a certificate from a public CA may present no root; then the last of its chain is the pin.
    return createSecureContext({ ca: splitPem(trust.ca), allowPartialTrustChain: true });
  }
  const extra = trust.extraCa === null ? [] : splitPem(trust.extraCa);
  const ca = new Set([...getCACertificates('default'), ...getCACertificates('system'), ...extra]);
  return createSecureContext({ ca: [...ca] });
}

/** The same stream, as the type the rest of the world knows. */
function passOn(body: AsyncIterable<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const parts = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const next = await parts.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await parts.return?.();
    },
  });
}

async function readAll(body: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    parts.push(part);
    length += part.length;
    if (length > LARGEST_BODY) throw new RangeError(`the answer is larger than ${LARGEST_BODY} bytes`);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
