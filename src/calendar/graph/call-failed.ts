import { GraphClientError } from '@microsoft/microsoft-graph-client';
import type { Duration } from '../../contract/values/time.ts';
import type { ReadProblem } from '../../contract/values/trust.ts';

/** A call that got no answer, thrown through the SDK's chain and turned into a `Failed` at its other end. */
export class CallFailed extends GraphClientError {
  readonly problem: ReadProblem;
  /** Whether Graph may have seen the request, so that a write's fate is not known. */
  readonly isSent: boolean;
  /** Whether asking again at once has a chance: not after a deadline, nor when the caller gave up. */
  readonly isWorthRepeating: 'yes' | 'only-if-it-must-arrive' | 'no';
  readonly retryAfter: Duration | null;

  constructor(
    detail: string,
    what: {
      problem: ReadProblem;
      isSent: boolean;
      isWorthRepeating: CallFailed['isWorthRepeating'];
      retryAfter?: Duration;
    },
  ) {
    super(detail);
    // The SDK's base class sets the prototype back to itself; only its subclasses pass through the SDK unwrapped.
    Object.setPrototypeOf(this, CallFailed.prototype);
    this.problem = what.problem;
    this.isSent = what.isSent;
    this.isWorthRepeating = what.isWorthRepeating;
    this.retryAfter = what.retryAfter ?? null;
  }
}

export const cancelled = (isSent: boolean) =>
  new CallFailed('cancelled by the caller', { problem: 'unreachable', isSent, isWorthRepeating: 'no' });
