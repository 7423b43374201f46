/**
 * msal's network client on our own HTTP client: its built-in one has no deadline for token requests and knows neither
 * the customer's CAs nor the proxy. It also notes what really went wrong, because msal reports every failed discovery
 * with the same words, and takes an empty answer for a token.
 */
import { AuthError, type INetworkModule, type NetworkRequestOptions, type NetworkResponse } from '@azure/msal-node';
import * as v from 'valibot';
import { seconds } from '../../contract/values/time.ts';
import type { Fetch } from '../ports.ts';

/** The last thing that was wrong with an answer itself, rather than said in it. */
export type Trouble =
  | { kind: 'unreachable'; detail: string }
  | { kind: 'throttled'; detail: string }
  | { kind: 'unknown-tenant'; detail: string }
  | { kind: 'empty-token'; detail: string };

export type TroubleNote = { last: Trouble | null };

const DEADLINE = seconds(15);
const WithError = v.looseObject({ error: v.string(), error_description: v.optional(v.string()) });
const WithToken = v.looseObject({ access_token: v.pipe(v.string(), v.nonEmpty()) });

export function makeNetworkModule(fetch: Fetch, note: TroubleNote): INetworkModule {
  const fail = (trouble: Trouble) => {
    note.last = trouble;
    return new AuthError('lintel_network', '', trouble.detail);
  };

  async function send<T>(method: 'GET' | 'POST', url: string, options?: NetworkRequestOptions) {
    const { host } = new URL(url);
    const answer = await fetch(url, {
      method,
      headers: options?.headers ?? {},
      deadline: DEADLINE,
      ...(method === 'POST' ? { body: options?.body ?? '' } : {}),
    }).catch((error: unknown) => {
      throw fail({ kind: 'unreachable', detail: `${host}: ${reasonOf(error)}` });
    });
    const body = await answer.json().catch(() => {
      const detail = `${host} answered ${answer.status} with something that is not JSON (a proxy or a portal?)`;
      throw fail({ kind: 'unreachable', detail });
    });
    const said = v.safeParse(WithError, body);
    const words = said.success ? (said.output.error_description ?? said.output.error) : `HTTP ${answer.status}`;
    if (answer.status === 429) throw fail({ kind: 'throttled', detail: `${host}: ${words}` });
    if (answer.status >= 500) throw fail({ kind: 'unreachable', detail: `${host} answered ${answer.status}` });
    if (method === 'GET' && answer.status >= 400) throw fail({ kind: 'unknown-tenant', detail: words });
    if (method === 'POST' && answer.ok && !v.is(WithToken, body)) {
      throw fail({ kind: 'empty-token', detail: `${host} answered ${answer.status} without a token in it` });
    }
    // msal's own signature promises whatever type its caller named; it checks the fields itself.
    const response: NetworkResponse<T> = { status: answer.status, headers: headersOf(answer), body: body as T };
    return response;
  }

  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}

function headersOf(answer: Response): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of answer.headers) headers[name] = value;
  return headers;
}

/** The innermost message: undici says `fetch failed` and keeps the reason in `cause`. */
export function reasonOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause !== undefined) inner = inner.cause;
  if (!(inner instanceof Error)) return String(inner);
  const code = 'code' in inner && typeof inner.code === 'string' ? inner.code : '';
  return inner.message === '' ? code : inner.message;
}
