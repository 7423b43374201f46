/** Faults that can be switched on: each is a rule, matched against a request before (or after) it is handled. */
import * as v from 'valibot';
import type { Clock } from '../contract/values/clock.ts';
import { type Instant, milliseconds, plus } from '../contract/values/time.ts';

const times = v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))), null);
const common = {
  /** Room or mailbox address; only requests that name it. Null: all. */
  mailbox: v.optional(v.nullable(v.pipe(v.string(), v.toLowerCase())), null),
  /** HTTP method; null: all. */
  method: v.optional(v.nullable(v.pipe(v.string(), v.toUpperCase())), null),
  /** How often it strikes before it ends by itself; null: until removed. */
  times,
};

export const Fault = v.variant('kind', [
  /** `retryAfter` is sent as it is: seconds, a fraction, a date, nonsense; empty: no header. */
  v.object({
    kind: v.literal('throttle'),
    status: v.optional(v.picklist([429, 503]), 429),
    retryAfter: v.optional(v.string(), '10'),
    ...common,
  }),
  v.object({
    kind: v.literal('error'),
    status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(500), v.maxValue(599)), 500),
    ...common,
  }),
  v.object({
    kind: v.literal('slow'),
    ms: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(600_000)), 3000),
    ...common,
  }),
  /** The connection dies before anything was done. */
  v.object({ kind: v.literal('drop'), ...common }),
  /** Everything was done and committed, then the connection dies. */
  v.object({ kind: v.literal('lost-reply'), ...common }),
  /** The same, but the connection stays, and nothing ever comes. */
  v.object({ kind: v.literal('half-open'), ...common }),
  /** Half of the body, ended as if it were all. */
  v.object({ kind: v.literal('truncated'), ...common }),
  /** The body comes in small pieces, over this long. */
  v.object({
    kind: v.literal('drip'),
    ms: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(600_000)), 20_000),
    ...common,
  }),
  /** 401: the token has expired under way. */
  v.object({ kind: v.literal('unauthorized'), ...common }),
  /** 401 with claims: Continuous Access Evaluation wants a token made after now. */
  v.object({ kind: v.literal('claims-challenge'), ...common }),
  /** The token endpoint answers 200 with an empty access token. */
  v.object({ kind: v.literal('empty-token'), ...common }),
  v.object({ kind: v.literal('consent-missing'), ...common }),
  /** The token endpoint refuses with this AADSTS number. */
  v.object({
    kind: v.literal('entra-refuses'),
    code: v.optional(v.pipe(v.number(), v.safeInteger()), 53003),
    ...common,
  }),
  /** 200 and a web page, as a hotel's or a proxy's log-in gives; on Graph and on the token endpoint. */
  v.object({ kind: v.literal('captive-portal'), ...common }),
  /** showAs and sensitivity hold a word nobody knows. */
  v.object({ kind: v.literal('unknown-enum'), ...common }),
  /** The tenant's clock, as its Date headers and tokens show it, is off by this. */
  v.object({ kind: v.literal('clock-skew'), ms: v.optional(v.pipe(v.number(), v.safeInteger()), 300_000), ...common }),
  /** A POST under a transactionId that is known answers 409 instead of the event it made. */
  v.object({ kind: v.literal('duplicate-refused'), ...common }),
  /** Changes of a mailbox are not told to its subscribers. */
  v.object({ kind: v.literal('notifications-lost'), ...common }),
  /** A room answers invitations after this long; until then nothing is on its calendar. */
  v.object({
    kind: v.literal('answer-delay'),
    ms: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(86_400_000)), 10_000),
    ...common,
  }),
  /** A person has to approve what a room is invited to, and nobody does: it stays tentative. */
  v.object({ kind: v.literal('needs-approval'), ...common }),
  /** The invitation stands on the room's calendar, and no answer comes. */
  v.object({ kind: v.literal('never-answers'), ...common }),
  /** All-day events come shifted into the asked zone instead of as midnights in it. */
  v.object({ kind: v.literal('all-day-zoned'), ...common }),
]);
export type Fault = v.InferOutput<typeof Fault>;
export type FaultInput = v.InferInput<typeof Fault>;
export type FaultKind = Fault['kind'];
export type ActiveFault = Fault & { id: string };

/** What a request is, for matching. */
export type Target = { method: string; mailboxes: readonly string[] };

export interface FaultApi {
  list(): ActiveFault[];
  /** Switches one on; throws ValiError when it does not parse. */
  add(fault: FaultInput): ActiveFault;
  remove(id: string): boolean;
  clear(): void;
  /** The first fault of these kinds that fits, in the order they were added; a counted one loses one strike. */
  strike<K extends FaultKind>(kinds: readonly K[], target: Target): Extract<ActiveFault, { kind: K }> | null;
  /** Whether one is on, without using up a strike. */
  isActive(kind: FaultKind, mailbox?: string): boolean;
  /** Sum of the clock skews, in milliseconds. */
  skew(): number;
}

/** The time the tenant shows: its clock, and what a fault puts it off by. */
export const shownTime = (clock: Clock, faults: Pick<FaultApi, 'skew'>): Instant =>
  plus(clock.now(), milliseconds(faults.skew()));
/** The same as a Date header. */
export const shownDate = (clock: Clock, faults: Pick<FaultApi, 'skew'>) =>
  new Date(shownTime(clock, faults)).toUTCString();

export function makeFaults(): FaultApi {
  let active: ActiveFault[] = [];
  let counter = 0;

  const fits = (fault: ActiveFault, target: Target) =>
    (fault.mailbox === null || target.mailboxes.includes(fault.mailbox)) &&
    (fault.method === null || fault.method === target.method);

  return {
    list: () => [...active],
    add(input) {
      counter += 1;
      const fault: ActiveFault = { ...v.parse(Fault, input), id: `fault-${counter}` };
      active = [...active, fault];
      return fault;
    },
    remove(id) {
      const before = active.length;
      active = active.filter(fault => fault.id !== id);
      return active.length < before;
    },
    clear() {
      active = [];
    },
    strike<K extends FaultKind>(kinds: readonly K[], target: Target) {
      const isWanted = (fault: ActiveFault): fault is Extract<ActiveFault, { kind: K }> =>
        kinds.some(kind => kind === fault.kind);
      const found = active.filter(isWanted).find(fault => fits(fault, target));
      if (found === undefined) return null;
      if (found.times !== null) {
        const left = found.times - 1;
        active = active.flatMap(fault =>
          fault.id !== found.id ? [fault] : left === 0 ? [] : [{ ...fault, times: left }],
        );
      }
      return found;
    },
    isActive: (kind, mailbox) =>
      active.some(
        fault => fault.kind === kind && (fault.mailbox === null || mailbox === undefined || fault.mailbox === mailbox),
      ),
    skew: () => active.reduce((sum, fault) => sum + (fault.kind === 'clock-skew' ? fault.ms : 0), 0),
  };
}
