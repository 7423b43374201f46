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
      throw fail({ kind: 'unreachable', detail: `${host}: ${explain(error)}` });
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
function reasonOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause !== undefined) inner = inner.cause;
  if (!(inner instanceof Error)) return String(inner);
  const code = 'code' in inner && typeof inner.code === 'string' ? inner.code : '';
  return inner.message === '' ? code : inner.message;
}

const EXPLAINED: Record<string, string> = {
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by a CA this server does not trust',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is signed by a CA this server does not trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by a CA this server does not trust',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by a CA this server does not trust',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody but itself',
  CERT_HAS_EXPIRED: 'its certificate has expired, or the clock of this server is wrong',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet, or the clock of this server is wrong',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ENOTFOUND: 'this name is not known here; check it, and DNS',
  EAI_AGAIN: 'this name cannot be looked up now; check DNS',
  ECONNREFUSED: 'nobody answers at this address and port',
  EHOSTUNREACH: 'there is no way to this address; check network and firewall',
  ENETUNREACH: 'there is no way to this address; check network and firewall',
  ECONNRESET: 'the connection was cut; a firewall or a proxy may be the cause',
  ETIMEDOUT: 'no answer in time; a firewall may be the cause',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time; a firewall may be the cause',
};
const UNTRUSTED = /CA this server does not trust|nobody but itself/;

/** The reason for people, with the machine's own words behind it. */
export function explain(error: unknown): string {
  const reason = reasonOf(error);
  const words = EXPLAINED[codeOf(error)];
  if (words === undefined) return reason;
  const mend = UNTRUSTED.test(words) ? '; paste the CA\u2019s certificate into the settings' : '';
  return `${words}${mend} (${reason})`;
}

function codeOf(error: unknown): string {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if ('code' in inner && typeof inner.code === 'string' && inner.code in EXPLAINED) return inner.code;
  }
  return '';
}
