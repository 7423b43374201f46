/** The panel's side of contract/wire/panel.ts: proofs, nonces, and answers parsed. */
import * as v from 'valibot';
import { parseHttpDate } from '../calendar/graph/retry-after.ts';
import type { JoinProblem } from '../contract/bridge/view.ts';
import { type Duration, type Instant, milliseconds } from '../contract/values/time.ts';
import { WireError } from '../contract/wire/panel.ts';
import type { Fetch, FetchInit, Identity } from './ports.ts';

/** `status` 0: no HTTP answer at all. */
export type CentralFailure = {
  kind: 'failed';
  problem: JoinProblem;
  status: number;
  detail: string;
  retryAfter: Duration | null;
};
/** `serverTime`: central's clock when it answered, to one second. */
export type CentralAnswer<T> = { kind: 'ok'; value: T; serverTime: Instant | null } | CentralFailure;

export class CentralClient {
  readonly url: string;
  readonly #fetch: Fetch;
  readonly #identity: Identity;
  /** The server's latest nonce: proofs hold it instead of relying on the panel's clock (RFC 9449 section 8). */
  #nonce: string | null = null;

  constructor(url: string, fetch: Fetch, identity: Identity) {
    this.url = url.replace(/\/+$/, '');
    this.#fetch = fetch;
    this.#identity = identity;
  }

  /** Sends one request and parses the answer; a body that does not parse means that no central of ours answers there. */
  async call<T>(
    method: 'GET' | 'POST',
    path: string,
    schema: v.GenericSchema<unknown, T>,
    body?: unknown,
  ): Promise<CentralAnswer<T>> {
    const answer = await this.send(method, path, body === undefined ? {} : { body: JSON.stringify(body) });
    if (answer.kind === 'failed') return answer;
    try {
      const json: unknown = answer.value.status === 204 ? null : await answer.value.json();
      return { kind: 'ok', value: v.parse(schema, json), serverTime: answer.serverTime };
    } catch (error) {
      return {
        kind: 'failed',
        problem: 'not-central',
        status: answer.value.status,
        detail: describe(error),
        retryAfter: null,
      };
    }
  }

  /** An answer that is not 2xx is a failure; its body is consumed. */
  async send(method: 'GET' | 'POST', path: string, init: Omit<FetchInit, 'method'>): Promise<CentralAnswer<Response>> {
    const first = await this.#once(method, path, init);
    const isStaleNonce = first.kind === 'failed' && first.status === 401 && first.detail === 'use_dpop_nonce';
    return isStaleNonce ? this.#once(method, path, init) : first;
  }

  async #once(method: string, path: string, init: Omit<FetchInit, 'method'>): Promise<CentralAnswer<Response>> {
    const url = this.url + path;
    try {
      const proof = await this.#identity.prove(method, url, this.#nonce);
      const headers = {
        ...init.headers,
        DPoP: proof,
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
      };
      const response = await this.#fetch(url, { ...init, method, headers });
      this.#nonce = response.headers.get('dpop-nonce') ?? this.#nonce;
      if (!response.ok) return await failureOf(response);
      return { kind: 'ok', value: response, serverTime: parseHttpDate(response.headers.get('date')) };
    } catch (error) {
      const problem = isCertificateError(error) ? 'certificate-changed' : 'unreachable';
      return { kind: 'failed', problem, status: 0, detail: describe(error), retryAfter: null };
    }
  }
}

async function failureOf(response: Response): Promise<CentralFailure> {
  const text = await response.text().catch(() => '');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), WireError), text);
  const code = parsed.success ? parsed.output.error.code : '';
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) && seconds >= 0 ? milliseconds(seconds * 1000) : null;
  return {
    kind: 'failed',
    problem: problemOf(response.status, parsed.success),
    status: response.status,
    detail: code,
    retryAfter,
  };
}

function problemOf(status: number, isOurs: boolean): JoinProblem {
  if (status === 426) return 'version-unsupported';
  if (status === 429) return 'too-many-tries';
  if (status >= 500) return 'unreachable';
  return isOurs ? 'unreachable' : 'not-central';
}

/** Node and OpenSSL name what is wrong with a certificate in `code`, somewhere down the chain of causes. */
function isCertificateError(error: unknown): boolean {
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    const code = 'code' in e ? String(e.code) : '';
    if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS_/.test(code)) return true;
  }
  return false;
}

/** For the log. Errors of JSON.parse and valibot quote what they were given, which may be a meeting: of them only the name. */
export function describe(error: unknown): string {
  if (error instanceof SyntaxError || error instanceof v.ValiError) return `${error.name}: not what was expected`;
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 200);
}
