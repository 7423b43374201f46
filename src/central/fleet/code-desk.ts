/**
 * Where pairing codes are compared: every way to try one leads through here, and all of them share one small budget
 * (domain/code-tries.ts). Kept in memory: a restart forgets the tries, and whoever can restart central needs no code.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { PanelId } from '../../contract/values/ids.ts';
import { type Duration, minutes } from '../../contract/values/time.ts';
import type { Context } from '../context.ts';
import { askTry, type Tries, wasRight, wasWrong } from '../domain/code-tries.ts';
import { normaliseCode } from '../domain/pairing-code.ts';
import { type Bucket, take } from '../domain/token-bucket.ts';
import { audit } from '../store/audit.ts';
import { type Refusal, refused } from './refusal.ts';

/** Turned away before anything is compared, as fast as somebody can ask: not a line each. */
const LINES = { burst: 20, refill: minutes(1) };

export type CodeHolder = { panel: PanelId; code: string };
export type CodeTried = { kind: 'right'; panel: PanelId } | { kind: 'wrong' } | { kind: 'wait'; retryAfter: Duration };

export class CodeDesk {
  readonly #context: Context;
  #tries: Tries = [];
  #lines: Bucket | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Whose code this is. `holders`: read when the try is counted, all whose code is valid now and may be meant. A wrong try
   * leaves a line in the history and one in the log, and the code itself in neither.
   */
  async try(typed: string, actor: string, holders: () => Promise<readonly CodeHolder[]>): Promise<CodeTried> {
    const { clock, log, store } = this.#context;
    const began = clock.now();
    const asked = askTry(this.#tries, began);
    this.#tries = asked.tries;
    if (asked.kind === 'wait') {
      const line = take(this.#lines, LINES, began);
      this.#lines = line.bucket;
      if (line.kind === 'taken') log.warn('pairing-code-not-tried', { actor });
      return { kind: 'wait', retryAfter: asked.retryAfter };
    }
    let found: CodeHolder | null = null;
    try {
      found = find(typed, await holders());
    } finally {
      // What broke before it compared counts as wrong: nobody gains tries by breaking things.
      this.#tries = found === null ? wasWrong(this.#tries, began, clock.now()) : wasRight(this.#tries, began);
    }
    if (found !== null) return { kind: 'right', panel: found.panel };
    log.warn('pairing-code-wrong', { actor });
    await audit(store.db, clock, { actor, action: 'pairing-code-refused', subject: 'free-macs' });
    return { kind: 'wrong' };
  }
}

/** Looks at every one of them, whatever it finds: how long it takes tells nothing. */
function find(typed: string, holders: readonly CodeHolder[]): CodeHolder | null {
  const wanted = digest(normaliseCode(typed));
  let found: CodeHolder | null = null;
  for (const holder of holders) if (timingSafeEqual(digest(holder.code), wanted)) found = holder;
  return found;
}

const digest = (text: string) => createHash('sha256').update(text).digest();

export function tooManyTries(retryAfter: Duration): Refusal {
  const wait = Math.max(1, Math.ceil(retryAfter / 60_000));
  return {
    ...refused('too-many', `Too many wrong codes. Try again in ${wait} ${wait === 1 ? 'minute' : 'minutes'}.`),
    retryAfter,
  };
}
