/** `/panel/v1/calendar`: room calendars through central. contract/wire/calendar.ts is its specification. */
import { Hono, type Context as HonoContext } from 'hono';
import * as v from 'valibot';
import type { Failed, Invitations, Refused } from '../../calendar/room-calendar.ts';
import { RoomId } from '../../contract/values/ids.ts';
import type { ReadProblem } from '../../contract/values/trust.ts';
import {
  ANSWERED_WITHIN,
  CancelRequest,
  ChangeEndRequest,
  DeclineRequest,
  DeclineSeriesRequest,
  FindInvitation,
  InvitationEndRequest,
  InvitationRequest,
  ListRequest,
  RelayedBooking,
  ScheduleRequest,
} from '../../contract/wire/calendar.ts';
import { readLicenceState } from '../fleet/entitlement.ts';
import { hear } from '../fleet/hear.ts';
import { roomsOnOffer } from '../fleet/rooms-on-offer.ts';
import { Claims } from '../relay/claims.ts';
import {
  type Asker,
  answerTo,
  bookElsewhere,
  cancelElsewhere,
  changeInvitation,
  findInvitation,
  invite,
  scheduleAmong,
  spansAlone,
  withdrawInvitation,
} from '../relay/permits.ts';
import type { SharedCalendar } from '../relay/shared-calendar.ts';
import { readStand } from '../relay/stand.ts';
import type { PanelRow } from '../store/tables.ts';
import { parseBody, wireError } from './answers.ts';
import type { PanelEnv, Services } from './env.ts';

type Handled = HonoContext<PanelEnv>;
type Answer = { kind: string } | Refused | Failed;
/** Answered by null: not this panel's business. */
type Serve<T> = (request: T, asker: Asker, calendar: SharedCalendar) => Promise<Answer | null>;
type How = { kind: 'read' | 'write'; where: 'own' | 'offered' };

const CANNOT_INVITE: Refused = {
  kind: 'refused',
  why: 'not-allowed',
  detail: 'this connection has no service account',
};

/** `turnAway`: the answer to a panel that is not paired; `noteRefused` writes a line, now and then. */
export function panelCalendarApi(
  services: Services,
  door: {
    turnAway: (c: Handled, row: PanelRow | undefined) => Response;
    noteRefused: (c: Handled, why: string) => void;
  },
): Hono<PanelEnv> {
  const { context, relay } = services;
  const { clock, hub, store } = context;
  const claims = new Claims(clock);
  const api = new Hono<PanelEnv>();

  serve('/list', ListRequest, { kind: 'read', where: 'offered' }, async ({ window, isShareable }, asker, calendar) => {
    const listed = await calendar.list(window, asker.signal, isShareable ? 'shareable' : undefined);
    return listed.kind === 'listed' && !asker.isOwn ? spansAlone(listed) : listed;
  });
  serve('/book', RelayedBooking, { kind: 'write', where: 'offered' }, ({ key, span, title }, asker, calendar) => {
    const request = { key, span, title };
    return asker.isOwn ? calendar.book(request, asker.signal) : bookElsewhere(asker, calendar, request);
  });
  serve('/change-end', ChangeEndRequest, { kind: 'write', where: 'own' }, (request, { signal }, calendar) =>
    calendar.changeEnd(request.event, request.version, request.end, signal),
  );
  serve('/cancel', CancelRequest, { kind: 'write', where: 'offered' }, ({ event, version }, asker, calendar) =>
    asker.isOwn ? calendar.cancel(event, version, asker.signal) : cancelElsewhere(asker, calendar, event, version),
  );
  serve('/decline', DeclineRequest, { kind: 'write', where: 'own' }, ({ event, comment }, { signal }, calendar) =>
    calendar.decline(event, comment, signal),
  );
  serve('/decline-series', DeclineSeriesRequest, { kind: 'write', where: 'own' }, (request, { signal }, calendar) =>
    calendar.declineSeries(request.series, request.comment, signal),
  );
  serve('/schedule', ScheduleRequest, { kind: 'read', where: 'own' }, async (request, asker, calendar) => {
    const { rooms } = await roomsOnOffer(context, asker.room);
    const may = new Set([asker.address, ...rooms.map(room => room.address)]);
    return scheduleAmong(calendar, may, request, asker.signal);
  });
  serveInvitation('/send', RelayedBooking, 'write', ({ key, span, title }, asker, invitations) =>
    invite(asker, invitations, { key, span, title }),
  );
  serveInvitation('/find', FindInvitation, 'read', ({ room: _, ...sought }, asker, invitations) =>
    findInvitation(asker, invitations, sought),
  );
  serveInvitation('/answer', InvitationRequest, 'read', ({ invitation }, asker, invitations) =>
    answerTo(asker, invitations, invitation),
  );
  serveInvitation('/change-end', InvitationEndRequest, 'write', ({ invitation, end }, asker, invitations) =>
    changeInvitation(asker, invitations, invitation, end),
  );
  serveInvitation('/withdraw', InvitationRequest, 'write', ({ invitation }, asker, invitations) =>
    withdrawInvitation(asker, invitations, invitation),
  );

  function serveInvitation<T extends { room: RoomId }>(
    path: string,
    schema: v.GenericSchema<unknown, T>,
    kind: How['kind'],
    run: (request: T, asker: Asker, invitations: Invitations) => Promise<Answer | null>,
  ) {
    serve(`/invitations${path}`, schema, { kind, where: 'offered' }, async (request, asker, { invitations }) =>
      invitations === null ? CANNOT_INVITE : run(request, asker, invitations),
    );
  }

  function serve<T extends { room: RoomId }>(
    path: string,
    schema: v.GenericSchema<unknown, T>,
    how: How,
    run: Serve<T>,
  ) {
    api.post(path, async c => {
      c.header('Cache-Control', 'no-store');
      const { panel, boot } = c.var;
      const row = await hear(context, panel, boot);
      if (row?.stage !== 'paired') return door.turnAway(c, row);
      const request = await parseBody(c, schema);
      if (request.kind === 'invalid') return request.answer;
      const { room } = request.value;
      const own = v.parse(RoomId, row.room_id);
      const ownStand = await readStand(context, own);
      if (ownStand?.settings.access !== 'relay') {
        return wireError(c, 409, 'not-relayed', 'Panels ask for these calendars themselves.');
      }
      const isOwn = room === own;
      if (!isOwn && (how.where === 'own' || !(await isOnOffer(own, room)))) return notYours(c);
      const stand = isOwn ? ownStand : await readStand(context, room);
      if (stand === null) return notYours(c);
      if ((await readLicenceState(context, store.db)).kind === 'lapsed') {
        return c.json(failed('no-token', 'the licence has lapsed', false));
      }
      const answer = await inTime(how.kind, signal =>
        run(request.value, { panel, room, address: stand.address, isOwn, claims, signal }, relay.calendarOf(stand)),
      );
      if (answer === null) return notYours(c);
      // Also when nobody knows whether it was changed.
      if (how.kind === 'write' && !isUntouched(answer)) hub.hint(room, panel);
      return c.json('detail' in answer ? { ...answer, detail: answer.detail.slice(0, 500) } : answer);
    });
  }

  async function isOnOffer(own: RoomId, room: RoomId): Promise<boolean> {
    const { rooms } = await roomsOnOffer(context, own);
    return rooms.some(({ id }) => id === room);
  }

  function notYours(c: Handled) {
    door.noteRefused(c, 'not-your-room');
    return wireError(c, 403, 'not-your-room', 'This panel may not do this in that room.');
  }

  /** Whatever goes on after the deadline is told to stop. */
  async function inTime(
    kind: How['kind'],
    run: (signal: AbortSignal) => Promise<Answer | null>,
  ): Promise<Answer | null> {
    const late = Promise.withResolvers<Failed>();
    const giveUp = new AbortController();
    const stop = clock.after(ANSWERED_WITHIN, () => {
      giveUp.abort(new Error('too late for the panel'));
      late.resolve(failed('unreachable', `no answer within ${ANSWERED_WITHIN / 1000} s`, kind === 'write'));
    });
    try {
      return await Promise.race([run(giveUp.signal), late.promise]);
    } finally {
      stop();
    }
  }

  return api;
}

const isUntouched = (answer: Answer) =>
  answer.kind === 'refused' || (answer.kind === 'failed' && !('isOutcomeUnknown' in answer && answer.isOutcomeUnknown));

const failed = (problem: ReadProblem, detail: string, isOutcomeUnknown: boolean): Failed => ({
  kind: 'failed',
  problem,
  retryAfter: null,
  isOutcomeUnknown,
  detail,
});
