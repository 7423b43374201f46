import type { Context } from '@microsoft/microsoft-graph-client';
import type { Clock } from '../../contract/values/clock.ts';
import { between, type Duration, milliseconds, plus, type Span } from '../../contract/values/time.ts';
import { CallFailed, cancelled } from './call-failed.ts';
import { type Step, signalOf, urlOf } from './middleware.ts';
import { waitIn } from './retry-after.ts';

/** Graph's limit per app and mailbox (learn.microsoft.com, throttling-limits). */
const MOST_AT_A_TIME = 4;

/**
 * Lets four requests at a time through to one mailbox, the rest in order of arrival, and none at all for as long as
 * Graph asked to be left alone there: those fail at once, with what is left of the wait. One for everything that one
 * app asks of one tenant, so that rooms which share a mailbox (the inviter's) also share its limits.
 */
export interface Gates {
  /** At the start of a call, before a token is asked for. */
  readonly refuse: Step;
  /** Around every single request. */
  readonly pass: Step;
}

type Waiting = { proceed: () => void; refuse: (error: CallFailed) => void };
type Mailbox = { underWay: number; waiting: Waiting[]; hold: Span | null };

export function makeGates(clock: Clock): Gates {
  const mailboxes = new Map<string, Mailbox>();

  /** When this machine's clock was set back meanwhile, the wait begins anew: obeyed in full, and not for hours. */
  const leftOf = (mailbox: Mailbox): number => {
    const now = clock.now();
    const { hold } = mailbox;
    if (hold === null) return 0;
    if (now < hold.start) mailbox.hold = { start: now, end: plus(now, between(hold.start, hold.end)) };
    return between(now, mailbox.hold?.end ?? now);
  };

  const mustWait = (mailbox: Mailbox): CallFailed | null => {
    const left = leftOf(mailbox);
    return left > 0 ? toldToWait(milliseconds(left)) : null;
  };

  const enter = (mailbox: Mailbox, signal: AbortSignal | undefined) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(cancelled(false));
      const wait = mustWait(mailbox);
      if (wait !== null) return reject(wait);
      if (mailbox.underWay < MOST_AT_A_TIME) {
        mailbox.underWay++;
        return resolve();
      }
      const onAbort = () => {
        mailbox.waiting.splice(mailbox.waiting.indexOf(waiting), 1);
        reject(cancelled(false));
      };
      const settle = (finish: () => void) => {
        signal?.removeEventListener('abort', onAbort);
        finish();
      };
      const waiting: Waiting = {
        proceed: () => settle(resolve),
        refuse: error => settle(() => reject(error)),
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      mailbox.waiting.push(waiting);
    });

  const leave = (name: string, mailbox: Mailbox) => {
    const wait = mustWait(mailbox);
    if (wait !== null) for (const one of mailbox.waiting.splice(0)) one.refuse(wait);
    const next = mailbox.waiting.shift();
    if (next) return next.proceed();
    mailbox.underWay--;
    if (mailbox.underWay === 0 && wait === null) mailboxes.delete(name);
  };

  return {
    async refuse(context, next) {
      const mailbox = mailboxes.get(mailboxIn(context));
      const wait = mailbox ? mustWait(mailbox) : null;
      if (wait !== null) throw wait;
      await next();
    },

    async pass(context, next) {
      const name = mailboxIn(context);
      const mailbox = mailboxes.get(name) ?? { underWay: 0, waiting: [], hold: null };
      mailboxes.set(name, mailbox);
      await enter(mailbox, signalOf(context));
      try {
        await next();
        const now = clock.now();
        const wait = context.response === undefined ? null : waitIn(context.response, now);
        // Of two waits the one that ends later counts.
        if (wait !== null && wait > leftOf(mailbox)) mailbox.hold = { start: now, end: plus(now, wait) };
      } finally {
        leave(name, mailbox);
      }
    },
  };
}

/** Whose mailbox is asked; everything that is no mailbox, such as the directory, counts as one. */
function mailboxIn(context: Context): string {
  const [, user, me] = /\/v1\.0\/(?:users\/([^/]+)|(me)(?:\/|$))/.exec(new URL(urlOf(context)).pathname) ?? [];
  return user?.toLowerCase().replaceAll('%40', '@') ?? me ?? '';
}

const toldToWait = (left: Duration) =>
  new CallFailed(`told to wait, ${Math.ceil(left / 1000)} s left; not asked`, {
    problem: 'throttled',
    isSent: false,
    isWorthRepeating: 'no',
    retryAfter: left,
  });
