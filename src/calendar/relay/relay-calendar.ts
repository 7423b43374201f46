/**
 * A room's calendar through central (access `relay`): the port over contract/wire/calendar.ts. How central is reached is
 * handed in; what it answers is parsed here.
 */
import * as v from 'valibot';
import { type Clock, sleep } from '../../contract/values/clock.ts';
import type { RoomId } from '../../contract/values/ids.ts';
import { type Duration, type Instant, seconds } from '../../contract/values/time.ts';
import type { ReadProblem } from '../../contract/values/trust.ts';
import {
  AnsweredAnswer,
  BookAnswer,
  type CancelRequest,
  ChangeAnswer,
  type ChangeEndRequest,
  type DeclineRequest,
  type DeclineSeriesRequest,
  DoneAnswer,
  type FindInvitation,
  type InvitationEndRequest,
  type InvitationRequest,
  InvitedAnswer,
  ListAnswer,
  type ListRequest,
  type RelayedBooking,
  ScheduleAnswer,
  type ScheduleRequest,
} from '../../contract/wire/calendar.ts';
import type { Failed, Invitations, RoomCalendar } from '../room-calendar.ts';

/** `isSent`: the request may have reached central. `serverTime`: central's clock when it answered. */
export type Called =
  | { kind: 'ok'; json: unknown; serverTime: Instant | null }
  | { kind: 'failed'; problem: ReadProblem; retryAfter: Duration | null; isSent: boolean; detail: string };

/** One request to central, with a proof and a deadline of its own. `path` is below `/panel/v1/calendar`. */
export type CallCentral = (path: string, body: unknown, signal?: AbortSignal) => Promise<Called>;

export type RelayCalendarOptions = {
  room: RoomId;
  /** As the configuration says: whether central has an account that invites. */
  canInvite: boolean;
  call: CallCentral;
  /** For the pauses before a booking is sent again. */
  clock: Clock;
};

/** What a key guards is sent again after a lost answer, after these pauses; nothing else is sent twice. */
const PAUSES = [seconds(0.5), seconds(2)];

/** Holds nothing between calls; there is nothing to stop. */
export function makeRelayCalendar({ room, canInvite, call, clock }: RelayCalendarOptions): RoomCalendar {
  const read = async <T>(path: string, body: object, schema: Schema<T>, signal?: AbortSignal): Promise<T | Failed> =>
    understand(await call(path, body, signal), path, schema, 'read');
  const write = async <T>(path: string, body: object, schema: Schema<T>, signal?: AbortSignal): Promise<T | Failed> =>
    understand(await call(path, body, signal), path, schema, 'write');

  const writeUnderKey = async <T>(
    path: string,
    body: RelayedBooking,
    schema: Schema<T>,
    signal?: AbortSignal,
  ): Promise<T | Failed> => {
    let called = await call(path, body, signal);
    let wasSent = false;
    for (const pause of PAUSES) {
      if (!isLost(called) || signal?.aborted) break;
      wasSent = true;
      const hasSlept = await sleep(clock, pause, signal).then(
        () => true,
        () => false,
      );
      if (!hasSlept) break;
      called = await call(path, body, signal);
    }
    const answer = understand(called, path, schema, 'write');
    // A repeat that never left says nothing of what was sent before it.
    return called.kind === 'failed' && wasSent ? { ...failedCall(called, 'write'), isOutcomeUnknown: true } : answer;
  };

  const invitations: Invitations = {
    send: (request, signal) =>
      writeUnderKey('/invitations/send', { room, ...request } satisfies RelayedBooking, InvitedAnswer, signal),
    find: (sought, signal) =>
      read('/invitations/find', { room, ...sought } satisfies FindInvitation, InvitedAnswer, signal),
    answerTo: (invitation, signal) =>
      read('/invitations/answer', { room, invitation } satisfies InvitationRequest, AnsweredAnswer, signal),
    changeEnd: (invitation, end, signal) =>
      write('/invitations/change-end', { room, invitation, end } satisfies InvitationEndRequest, DoneAnswer, signal),
    withdraw: (invitation, signal) =>
      write('/invitations/withdraw', { room, invitation } satisfies InvitationRequest, DoneAnswer, signal),
  };

  return {
    async list(window, signal, sharing) {
      const body: ListRequest = { room, window, isShareable: sharing === 'shareable' };
      const called = await call('/list', body, signal);
      const answer = understand(called, '/list', ListAnswer, 'read');
      if (answer.kind !== 'listed' || called.kind !== 'ok') return answer;
      // Central's own clock may be wrong, and rooms are given back by what the panel takes for the time.
      return { ...answer, serverTime: answer.serverTime ?? called.serverTime };
    },
    book: (request, signal) =>
      writeUnderKey('/book', { room, ...request } satisfies RelayedBooking, BookAnswer, signal),
    changeEnd: (event, version, end, signal) =>
      write('/change-end', { room, event, version, end } satisfies ChangeEndRequest, ChangeAnswer, signal),
    cancel: (event, version, signal) =>
      write('/cancel', { room, event, version } satisfies CancelRequest, DoneAnswer, signal),
    decline: (event, comment, signal) =>
      write('/decline', { room, event, comment } satisfies DeclineRequest, DoneAnswer, signal),
    declineSeries: (series, comment, signal) =>
      write('/decline-series', { room, series, comment } satisfies DeclineSeriesRequest, DoneAnswer, signal),
    schedule: (rooms, window, signal) =>
      read('/schedule', { room, rooms: [...rooms], window } satisfies ScheduleRequest, ScheduleAnswer, signal),
    invitations: canInvite ? invitations : null,
  };
}

type Schema<T> = v.GenericSchema<unknown, T>;
type Lost = Extract<Called, { kind: 'failed' }>;

/** Sent, and no answer came. An answer that says how long to wait, or no, is one. */
const isLost = (called: Called) => called.kind === 'failed' && called.isSent && called.retryAfter === null;

function understand<T>(called: Called, path: string, schema: Schema<T>, what: 'read' | 'write'): T | Failed {
  if (called.kind === 'failed') return failedCall(called, what);
  const parsed = v.safeParse(schema, called.json);
  if (parsed.success) return parsed.output;
  const detail = `${path}: not an answer of central's`;
  return { kind: 'failed', problem: 'misunderstood', retryAfter: null, isOutcomeUnknown: what === 'write', detail };
}

function failedCall({ problem, retryAfter, isSent, detail }: Lost, what: 'read' | 'write'): Failed {
  return { kind: 'failed', problem, retryAfter, isOutcomeUnknown: what === 'write' && isSent, detail };
}
