/** Our own links for the SDK's middleware chain; none of its stock ones is used (facts/calendar-apis.md 1.8 says why). */
import type { Context, Middleware } from '@microsoft/microsoft-graph-client';

/** One link: does its part around `next`, after which `context.response` is set, or throws a `CallFailed`. */
export type Step = (context: Context, next: () => Promise<void>) => Promise<void>;

/** How one call is to be treated on its way; handed through the SDK as a middleware option. */
export class CallPlan {
  /** How often it may be sent again after an answer was lost or the server stumbled. */
  readonly repeats: number;
  /** Whether a missed deadline counts as a lost answer; a read rather waits for its next poll. */
  readonly mustArrive: boolean;
  /** Set as soon as a request went out whose fate nobody told us. */
  isFateUnknown = false;

  constructor(repeats: number, mustArrive: boolean) {
    this.repeats = repeats;
    this.mustArrive = mustArrive;
  }
}

export function middleware(step: Step): Middleware {
  let following: Middleware | undefined;
  return {
    setNext: next => {
      following = next;
    },
    execute: context => step(context, async () => following?.execute(context)),
  };
}

export function planOf(context: Context): CallPlan {
  const plan = context.middlewareControl?.getMiddlewareOptions(CallPlan);
  return plan instanceof CallPlan ? plan : new CallPlan(0, false);
}

export const urlOf = (context: Context) =>
  typeof context.request === 'string' ? context.request : context.request.url;

export const signalOf = (context: Context): AbortSignal | undefined => context.options?.signal ?? undefined;
