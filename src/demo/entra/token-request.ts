/** Requests to the authorize and token endpoints, brought from Entra's habits to what oidc-provider expects. */
import type { IncomingMessage } from 'node:http';
import { DELEGATED, parseScopes, type ScopeRequest, SIGN_IN_SCOPES } from './scopes.ts';

const LONGEST_BODY = 64 * 1024;

/** Reads a form body. Throws RangeError when it is too long. */
export async function readForm(req: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req) {
    length += chunk.length;
    if (length > LONGEST_BODY) throw new RangeError('body too long');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/** The same request with another address and, for a form, another body: oidc-provider reads it as if it came so. */
export function withForm(req: IncomingMessage, url: string, form: URLSearchParams | null): IncomingMessage {
  const text = form === null ? null : Buffer.from(form.toString());
  const body = {
    readable: { value: true },
    readableEncoding: { value: null },
    headers: { value: { ...req.headers, 'content-length': String(text?.length ?? 0) } },
    iterator: {
      value: async function* () {
        if (text !== null) yield text;
      },
    },
  };
  return Object.create(req, { url: { value: url, writable: true }, ...(text === null ? {} : body) });
}

/**
 * Entra asks for everything an admin consented to whatever the client names, gives refresh tokens for offline_access
 * without prompt=consent, and knows prompt=select_account.
 */
export function authorizeQuery(query: URLSearchParams, scopes: ScopeRequest, mustSignIn: boolean): URLSearchParams {
  const next = new URLSearchParams(query);
  const signIn = SIGN_IN_SCOPES.filter(name => scopes.signIn.includes(name));
  next.set('scope', [...signIn, ...DELEGATED].join(' '));
  const asked = (query.get('prompt') ?? '').split(' ').filter(name => name !== '');
  const prompts = new Set(
    asked.map(name => (['select_account', 'admin_consent', 'create'].includes(name) ? 'login' : name)),
  );
  if (mustSignIn && !prompts.has('none')) prompts.add('login');
  if (scopes.signIn.includes('offline_access') && !prompts.has('none')) prompts.add('consent');
  if (prompts.size > 0) next.set('prompt', [...prompts].join(' '));
  return next;
}

/** The token endpoint grants what was consented; only client credentials name their scopes to oidc-provider. */
export function tokenForm(form: URLSearchParams, application: readonly string[]): URLSearchParams {
  const next = new URLSearchParams(form);
  if (form.get('grant_type') === 'client_credentials') next.set('scope', application.join(' '));
  else next.delete('scope');
  return next;
}

export const scopesOf = (params: URLSearchParams, graph: string) => parseScopes(params.get('scope') ?? '', graph);
