import * as v from 'valibot';
import type { Duration, Instant } from '../../contract/values/time.ts';
import type { ReadProblem } from '../../contract/values/trust.ts';
import type { Failed } from '../room-calendar.ts';
import { parseHttpDate, waitIn } from './retry-after.ts';

/** What came back of one call. `no`: Graph answered, and not with a 2xx; what that means depends on what was asked. */
export type Answer =
  | { kind: 'ok'; status: number; text: string; serverTime: Instant | null; mark: string }
  | { kind: 'no'; status: number; code: string | null; failed: Failed }
  | Failed;

const ErrorBody = v.object({ error: v.object({ code: v.string() }) });
/** 404s that mean the mailbox rather than the event in it. */
const MAILBOX_GONE = new Set([
  'ErrorInvalidUser',
  'ErrorNonExistentMailbox',
  'MailboxNotEnabledForRESTAPI',
  'MailboxNotSupportedForRESTAPI',
  'Request_ResourceNotFound',
  'ResourceNotFound',
]);

export const isMailboxGone = (code: string | null) => code !== null && MAILBOX_GONE.has(code);

/**
 * Sorts one HTTP answer. `name` says what was asked, for `detail`, into which nothing of the body goes but Graph's
 * error code: its messages name people and rooms.
 */
export function sort(response: Response, text: string, name: string, now: Instant): Answer {
  const { status, headers } = response;
  const serverTime = parseHttpDate(headers.get('date'));
  const mark = [name, status, errorCode(text), requestId(headers)].filter(part => part !== null).join(' ');
  const isPage = /html/i.test(headers.get('content-type') ?? '') || text.trimStart().startsWith('<');
  // Graph never redirects these calls and never answers with a web page; proxies' and gateways' 5xx often are pages.
  const isPortal = status === 511 || (status >= 300 && status < 400) || (isPage && status < 429);
  if (isPortal) return failed('captive-portal', `${mark}: a web page where data belongs`);
  if (status >= 200 && status < 300) return { kind: 'ok', status, text, serverTime, mark };
  const retryAfter = waitIn(response, now);
  return { kind: 'no', status, code: errorCode(text), failed: failed(problemOf(status, retryAfter), mark, retryAfter) };
}

/** The body as a value of `schema`, or `misunderstood`: truncated, not JSON, or of another shape. */
export function read<T>(
  answer: Extract<Answer, { kind: 'ok' }>,
  schema: v.GenericSchema<unknown, T>,
): { kind: 'read'; value: T } | Failed {
  const body = parseJson(answer.text);
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return { kind: 'read', value: parsed.output };
  return failed(
    'misunderstood',
    `${answer.mark}: ${body === undefined ? 'not JSON' : 'not the shape Graph describes'}`,
  );
}

export const failed = (problem: ReadProblem, detail: string, retryAfter: Duration | null = null): Failed => ({
  kind: 'failed',
  problem,
  retryAfter,
  isOutcomeUnknown: false,
  detail,
});

export const isToldToWait = (answer: Answer) =>
  answer.kind !== 'ok' && (answer.kind === 'no' ? answer.failed : answer).problem === 'throttled';

/** An answer after which nobody knows what became of the write; `why` says what was wrong with a 2xx. */
export function outcomeUnknown(answer: Answer, why: string): Failed {
  const known = answer.kind === 'no' ? answer.failed : answer;
  const problem = known.kind === 'ok' ? failed('misunderstood', `${known.mark}: ${why}`) : known;
  return { ...problem, isOutcomeUnknown: true };
}

function problemOf(status: number, retryAfter: Duration | null): ReadProblem {
  if (status === 401) return 'sign-in-needed';
  if (status === 403) return 'no-access';
  if (status === 404) return 'room-not-found';
  if (status === 407) return 'unreachable';
  if (status === 429 || ((status === 503 || status === 504) && retryAfter !== null)) return 'throttled';
  if (status >= 500) return 'provider-error';
  return 'misunderstood';
}

function errorCode(text: string): string | null {
  if (!text.includes('"error"')) return null;
  const parsed = v.safeParse(ErrorBody, parseJson(text));
  return parsed.success && /^[\w.-]{1,80}$/.test(parsed.output.error.code) ? parsed.output.error.code : null;
}

/** What Microsoft's support asks for first. */
function requestId(headers: Headers): string | null {
  const id = headers.get('request-id');
  return id !== null && /^[0-9a-f-]{36}$/i.test(id) ? `(request-id ${id})` : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
