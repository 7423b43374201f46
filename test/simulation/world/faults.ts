/** What may be wrong with a wire, and when. Who and when is drawn beforehand (plan.ts); whom it hits, on the way. */
import type { Instant, Span } from '../../../src/contract/values/time.ts';

/** One direction of asking: `p1>tenant`, `p1>central`, `central>tenant`. */
export type Edge = string;

export type FaultKind =
  /** Nothing gets through. `isTold`: connections are refused at once instead of hanging. */
  | { kind: 'cut'; isTold: boolean }
  | { kind: 'lost-request'; odds: number }
  /** Done, and the answer never arrives; `isTold`: the connection is reset. */
  | { kind: 'lost-reply'; odds: number; isTold: boolean }
  /** A proxy in between sends it twice; the answer may be that of the second. */
  | { kind: 'duplicate'; odds: number }
  /** Up to so many milliseconds more each way, every time others: what was sent first may arrive last. */
  | { kind: 'slow'; most: number }
  /** The answer trickles in over longer than anybody waits. */
  | { kind: 'drip'; odds: number }
  /** `isDated`: it tells the time beside how long to wait. */
  | { kind: 'throttle'; odds: number; status: 429 | 503 | 504; retryAfter: string; isDated: boolean }
  /** `isDone`: a gateway lost the answer of what was done. */
  | { kind: 'error'; odds: number; status: 500 | 502 | 503 | 504; isDone: boolean }
  /** A web page that wants people to sign in. */
  | { kind: 'portal' };

export type Fault = FaultKind & { edges: readonly Edge[]; span: Span };

export class Faults {
  readonly #all: readonly Fault[];
  readonly #dice: () => number;

  constructor(all: readonly Fault[], dice: () => number) {
    this.#all = all;
    this.#dice = dice;
  }

  /** The first fault of this kind that is on and, where it has odds, hits this time. */
  strike<K extends FaultKind['kind']>(kind: K, edge: Edge, now: Instant): Extract<Fault, { kind: K }> | null {
    for (const fault of this.#all) {
      if (!isOf(fault, kind) || now < fault.span.start || now >= fault.span.end || !fault.edges.includes(edge))
        continue;
      if (!('odds' in fault) || this.#dice() < fault.odds) return fault;
    }
    return null;
  }
}

const isOf = <K extends FaultKind['kind']>(fault: Fault, kind: K): fault is Extract<Fault, { kind: K }> =>
  fault.kind === kind;
