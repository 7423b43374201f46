import type { Clock } from '../../contract/values/clock.ts';
import { seconds } from '../../contract/values/time.ts';
import { CallFailed, cancelled } from './call-failed.ts';
import { type Step, signalOf, urlOf } from './middleware.ts';
import type { GraphFetch } from './ports.ts';

const DEADLINE = seconds(10);
const WITHOUT_BODY = new Set([204, 205, 304]);
/** Failures before a request can have left this machine. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const CERTIFICATE = /CERT|SELF_SIGNED|ERR_TLS|ERR_SSL/;

/**
 * Sends once through the given fetch, and reads the whole body under the same deadline, so that a connection that
 * dies in the middle of an answer counts as a lost answer and not as a short one.
 */
export function attempt(options: { fetch: GraphFetch; clock: Clock }): Step {
  return async context => {
    const { method = 'GET', body, headers } = context.options ?? {};
    const caller = signalOf(context);
    if (caller?.aborted) throw cancelled(false);
    const deadline = new AbortController();
    const stop = options.clock.after(DEADLINE, () => deadline.abort());
    try {
      const response = await options.fetch(urlOf(context), {
        method,
        headers: Object.fromEntries(new Headers(headers)),
        ...(typeof body === 'string' ? { body } : {}),
        signal: caller === undefined ? deadline.signal : AbortSignal.any([caller, deadline.signal]),
        redirect: 'manual',
      });
      const text = await response.text();
      const whole = WITHOUT_BODY.has(response.status) ? null : text;
      context.response = new Response(whole, { status: response.status, headers: response.headers });
    } catch (error) {
      throw explain(error, caller?.aborted === true, deadline.signal.aborted);
    } finally {
      stop();
    }
  };
}

/** Of the error only its code is kept: messages may hold addresses. */
function explain(error: unknown, isCancelled: boolean, isLate: boolean): CallFailed {
  if (isCancelled) return cancelled(true);
  if (isLate || (error instanceof Error && error.name === 'TimeoutError')) {
    return new CallFailed('no answer within 10 s', {
      problem: 'unreachable',
      isSent: true,
      isWorthRepeating: 'only-if-it-must-arrive',
    });
  }
  const code = codeOf(error);
  const isSent = !NEVER_SENT.has(code) && !CERTIFICATE.test(code);
  return new CallFailed(`no answer: ${code}`, { problem: 'unreachable', isSent, isWorthRepeating: 'yes' });
}

/** undici wraps the reason: `TypeError: fetch failed`, its cause the socket's error with a code. */
function codeOf(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    if ('code' in current && typeof current.code === 'string' && /^[A-Z0-9_]{1,64}$/.test(current.code)) {
      return current.code;
    }
    current = current.cause;
  }
  return error instanceof Error && /^\w{1,64}$/.test(error.name) ? error.name : 'unknown error';
}
