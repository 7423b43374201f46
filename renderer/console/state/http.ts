/** One request to central, parsed; expected outcomes are values, nothing here throws for a network or a server. */
import * as v from 'valibot';
import type { Clock } from '../../../src/contract/values/clock.ts';
import { between, type Duration, type Instant, instant, seconds } from '../../../src/contract/values/time.ts';
import { WireError } from '../../../src/contract/wire/panel.ts';

export type Failure =
  /** No session, or it has run out. */
  | { kind: 'signed-out' }
  /** Central understood and said no; `message` is central's own text. */
  | { kind: 'refused'; status: number; code: string; message: string; retryAfter: Duration | null }
  | { kind: 'unreachable' }
  /** Something answered, but not in central's words: a proxy's page, another version. */
  | { kind: 'misunderstood'; detail: string };
export type Answer<T> = { kind: 'ok'; value: T } | Failure;

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Call = { method: Method; path: string; body?: unknown; deadline?: Duration };

export type HttpPorts = {
  fetch: typeof fetch;
  clock: Clock;
  /** Called with how far central's clock is ahead of this computer's, to about a second. */
  onClockOffset: (offset: Duration) => void;
};

/** Below the page's own address, so that a reverse proxy may put the console under any prefix. */
const BASE = 'api/v1';
const USUAL_DEADLINE = seconds(20);

export type Http = <S extends v.GenericSchema>(call: Call, schema: S) => Promise<Answer<v.InferOutput<S>>>;

/** For answers without content (204). */
export const NoContent = v.undefined();

export function createHttp({ fetch, clock, onClockOffset }: HttpPorts): Http {
  return async (call, schema) => {
    const cancel = new AbortController();
    const stop = clock.after(call.deadline ?? USUAL_DEADLINE, () => cancel.abort());
    try {
      const response = await fetch(`${BASE}${call.path}`, {
        method: call.method,
        // A browser cache would show yesterday's rooms after a restart of central.
        cache: 'no-store',
        redirect: 'error',
        signal: cancel.signal,
        ...withBody(call),
      });
      noteClock(response, clock.now(), onClockOffset);
      if (!response.ok) return await refusal(response, clock.now());
      const parsed = v.safeParse(schema, response.status === 204 ? undefined : await response.json().catch(() => null));
      if (parsed.success) return { kind: 'ok', value: parsed.output };
      return { kind: 'misunderstood', detail: describe(call, parsed.issues) };
    } catch {
      return { kind: 'unreachable' };
    } finally {
      stop();
    }
  };
}

function withBody(call: Call): RequestInit {
  if (call.method === 'GET') return {};
  const headers = { 'content-type': 'application/json', 'lintel-console': '1' };
  return { headers, body: JSON.stringify(call.body ?? {}) };
}

async function refusal(response: Response, now: Instant): Promise<Failure> {
  if (response.status === 401) return { kind: 'signed-out' };
  const parsed = v.safeParse(WireError, await response.json().catch(() => null));
  if (response.status >= 502 && !parsed.success) return { kind: 'unreachable' };
  const error = parsed.success ? parsed.output.error : { code: `http-${response.status}`, message: '' };
  const retryAfter = readRetryAfter(response.headers.get('retry-after'), now);
  return { kind: 'refused', status: response.status, ...error, retryAfter };
}

/** Seconds (also fractional) or an HTTP date, RFC 9110 section 10.2.3; null when absent or unreadable. */
export function readRetryAfter(header: string | null, now: Instant): Duration | null {
  if (header === null || header.trim() === '') return null;
  const count = Number(header);
  if (Number.isFinite(count)) return count < 0 ? null : seconds(count);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : between(now, instant(Math.max(date, now)));
}

/** A wrong clock on the admin's computer must not make every age wrong; a few seconds are latency and rounding. */
function noteClock(response: Response, now: Instant, onClockOffset: (offset: Duration) => void) {
  const date = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(date)) return;
  const offset = between(now, instant(date));
  onClockOffset(Math.abs(offset) > seconds(5) ? offset : seconds(0));
}

function describe(call: Call, issues: readonly v.BaseIssue<unknown>[]): string {
  const first = issues[0];
  const where = first ? (v.getDotPath(first) ?? 'the answer') : 'the answer';
  return `${call.method} ${call.path}: ${where}`;
}
