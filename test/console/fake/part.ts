import type { Hono } from 'hono';
import type { Clock } from '../../../src/contract/values/clock.ts';
import type { Topic } from '../../../src/contract/wire/console.ts';
import type { Office } from '../fixtures.ts';

/** What each part of the fake central works with; `office` is asked anew, because a test may put another in its place. */
export type Part = {
  api: Hono;
  office: () => Office;
  tell: (...topics: Topic[]) => void;
  clock: Clock;
  /** A WireError. */
  no: (code: string, message: string) => { error: { code: string; message: string } };
};
