import type { Context } from '@microsoft/microsoft-graph-client';
import type { Clock } from '../../contract/values/clock.ts';
import { seconds } from '../../contract/values/time.ts';
import { CallFailed, cancelled } from './call-failed.ts';
import { type Step, signalOf, urlOf } from './middleware.ts';
import type { Token, TokenSource } from './ports.ts';

const TOKEN_DEADLINE = seconds(10);

/**
 * Puts the token on requests to Graph's own origin, scheme and port included, and refuses to send any other. A 401
 * asks once for a fresh token, sends once more and stops there; calls that get their 401 together share one refresh.
 */
export function authorise(options: { token: TokenSource; origin: string; clock: Clock }): Step {
  let latest: string | null = null;
  let refresh: Promise<Token> | null = null;

  const obtain = async (refused: string | null, signal: AbortSignal | undefined): Promise<string> => {
    // Somebody else's 401 has already brought a newer token.
    if (refused !== null && latest !== null && latest !== refused) return latest;
    const asked = refused === null ? options.token({ isRefused: false }) : shareRefresh();
    const token = usable(await within(options.clock, asked, signal));
    if (token.kind === 'none') {
      throw new CallFailed(token.detail, { problem: token.problem, isSent: false, isWorthRepeating: 'no' });
    }
    latest = token.accessToken;
    return token.accessToken;
  };

  const shareRefresh = () => {
    refresh ??= options.token({ isRefused: true }).finally(() => {
      refresh = null;
    });
    return refresh;
  };

  return async (context, next) => {
    if (new URL(urlOf(context)).origin !== options.origin) {
      throw new CallFailed('the request would leave the configured Graph host', {
        problem: 'misunderstood',
        isSent: false,
        isWorthRepeating: 'no',
      });
    }
    const token = await obtain(null, signalOf(context));
    carry(context, token);
    await next();
    if (context.response?.status !== 401) return;
    const fresh = await obtain(token, signalOf(context));
    if (fresh === token) return;
    carry(context, fresh);
    await next();
  };
}

function carry(context: Context, token: string) {
  const headers = new Headers(context.options?.headers);
  headers.set('authorization', `Bearer ${token}`);
  context.options = { ...context.options, headers: Object.fromEntries(headers) };
}

/** A token endpoint has answered 200 with an empty token before; it must not travel as `Bearer `. */
function usable(token: Token): Token {
  if (token.kind === 'none' || /^[\x21-\x7e]+$/.test(token.accessToken)) return token;
  return { kind: 'none', problem: 'no-token', detail: 'the access token is empty or not a token' };
}

function within(clock: Clock, token: Promise<Token>, signal: AbortSignal | undefined): Promise<Token> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      stop();
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    const onAbort = () => settle(() => reject(cancelled(false)));
    const stop = clock.after(TOKEN_DEADLINE, () =>
      settle(() => resolve({ kind: 'none', problem: 'no-token', detail: 'no token within 10 s' })),
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) return onAbort();
    token.then(
      value => settle(() => resolve(value)),
      error => settle(() => reject(error)),
    );
  });
}
