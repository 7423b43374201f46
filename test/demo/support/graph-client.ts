/** Calls Graph and lets Microsoft's own description judge every request and every answer. */
import { type GraphContract, loadGraphContract } from '../../support/graph-contract.ts';
import { CALLBACK, makeBrowser } from './browser.ts';
import { type Reply, readReply, type TestTenant } from './tenant.ts';

const contract: GraphContract | null = await loadGraphContract();
/** Why contract checks are left out, for test names; null when they are made. */
export const contractMissing = contract === null ? 'no Graph description here' : null;

type CallOptions = {
  headers?: Record<string, string>;
  /** The request is wrong on purpose: only the answer is judged. */
  isWrong?: boolean;
  /** The answer is wrong on purpose. */
  isFaulty?: boolean;
};

export type GraphClient = ReturnType<typeof makeGraphClient>;

export function makeGraphClient(test: TestTenant, token: string) {
  /** `path` below `/v1.0`, or a whole address such as a nextLink. */
  async function call(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Reply> {
    const url = new URL(path.startsWith('https:') ? path : `${test.tenant.graph}/v1.0${path}`);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${token}`,
      ...(text ? { 'content-type': 'application/json' } : {}),
      ...options.headers,
    };
    const reply = await readReply(
      await test.fetch(url.href, { method, headers, ...(text === undefined ? {} : { body: text }) }),
    );
    const query = Object.fromEntries(url.searchParams);
    const isNext = url.searchParams.has('$skiptoken');
    const asked = { method, path: standIn(url.pathname), query, headers, body: text };
    const problems = [
      ...(options.isWrong || isNext || url.pathname.endsWith('/calendars')
        ? []
        : (contract?.checkRequest(asked) ?? [])),
      ...(options.isFaulty ? [] : judged(asked, reply)),
    ];
    if (problems.length > 0) throw new Error(`${method} ${url.pathname}: ${problems.join('\n')}`);
    return reply;
  }
  return {
    call,
    get: (path: string, options?: CallOptions) => call('GET', path, undefined, options),
    post: (path: string, body: unknown, options?: CallOptions) => call('POST', path, body, options),
    patch: (path: string, body: unknown, options?: CallOptions) => call('PATCH', path, body, options),
    delete: (path: string, options?: CallOptions) => call('DELETE', path, undefined, options),
    view: (user: string, start: string, end: string, rest = '', options?: CallOptions) =>
      call(
        'GET',
        `/users/${user}/calendarView?startDateTime=${encodeURIComponent(start)}&endDateTime=${encodeURIComponent(end)}${rest}`,
        undefined,
        options,
      ),
  };
}

/** The description at hand has only a mailbox's own calendar; others are read in the same words. */
const standIn = (path: string) =>
  path.replace(/\/calendars\/[^/]+\/(calendarView|events)$/, '/$1').replace(/\/calendars$/, '/calendar');

function judged({ method, path }: { method: string; path: string }, { status, text, json }: Reply): string[] {
  const isList = path.endsWith('/calendar') && Array.isArray(json?.value);
  const bodies: unknown[] = isList ? json.value : [text];
  return bodies.flatMap(body => contract?.checkResponse({ method, path, status, body }) ?? []);
}

export async function tokenCall(
  test: TestTenant,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const url = `${test.tenant.authority}/${test.tenant.tenantId}/oauth2/v2.0/token`;
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return readReply(
    await test.fetch(url, {
      method: 'POST',
      headers: { ...type, ...headers },
      body: new URLSearchParams(form).toString(),
    }),
  );
}

export async function appToken(test: TestTenant): Promise<string> {
  const { clientId, clientSecret, graph } = test.tenant;
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: `${graph}/.default`,
  };
  return (await tokenCall(test, form)).json.access_token;
}

export const DELEGATED_SCOPE = 'openid profile offline_access Calendars.ReadWrite.Shared Place.Read.All User.Read';

export function authorizeUrl(test: TestTenant, more: Record<string, string> = {}): string {
  const { authority, tenantId, clientId } = test.tenant;
  const query = {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: DELEGATED_SCOPE,
    state: 'st',
    ...more,
  };
  return `${authority}/${tenantId}/oauth2/v2.0/authorize?${new URLSearchParams(query)}`;
}

/** The service account's tokens, by signing in on the page. */
export async function userTokens(test: TestTenant): Promise<Reply> {
  const back = await makeBrowser(test).signIn(authorizeUrl(test));
  const { clientId, clientSecret } = test.tenant;
  const code = back.searchParams.get('code') ?? '';
  return tokenCall(test, {
    grant_type: 'authorization_code',
    client_id: clientId,
    client_secret: clientSecret,
    code,
    redirect_uri: CALLBACK,
  });
}

export async function userClient(test: TestTenant): Promise<GraphClient> {
  return makeGraphClient(test, (await userTokens(test)).json.access_token);
}

export const ROOM = 'elder@lintel.example';
export const utc = (dateTime: string) => ({ dateTime, timeZone: 'UTC' });
