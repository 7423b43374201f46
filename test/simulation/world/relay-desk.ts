/** Central's real relay, asked as http/panel-calendar-api.ts asks it, with the rows of its database handed in. */
import * as v from 'valibot';
import type { Fetch } from '../../../src/agent/ports.ts';
import type { Failed, Invitations, Refused } from '../../../src/calendar/room-calendar.ts';
import { Claims } from '../../../src/central/relay/claims.ts';
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
} from '../../../src/central/relay/permits.ts';
import { Relay } from '../../../src/central/relay/relay.ts';
import type { SharedCalendar } from '../../../src/central/relay/shared-calendar.ts';
import type { Stand } from '../../../src/central/relay/stand.ts';
import type { SteadyClock } from '../../../src/contract/values/clock.ts';
import type { RoomAddress, RoomId } from '../../../src/contract/values/ids.ts';
import type { Privacy } from '../../../src/contract/values/policy.ts';
import type { OfferedRoom } from '../../../src/contract/values/room.ts';
import { type Instant, seconds } from '../../../src/contract/values/time.ts';
import * as wire from '../../../src/contract/wire/calendar.ts';
import type { Managed } from './central.ts';
import type { Answer } from './network.ts';
import { INVITER } from './people.ts';
import { GRAPH } from './tenant.ts';

type Said = { kind: string } | Refused | Failed;
type Serve = (body: string, asker: Asker, calendar: SharedCalendar) => Promise<Said | null> | Said | null;

export type RelayDeskOptions = {
  clock: SteadyClock;
  dice: () => number;
  fetch: Fetch;
  token: (isRefused: boolean) => { accessToken: string; expires: Instant };
  rooms: readonly OfferedRoom[];
  privacy: Privacy;
  hinted: (room: string) => void;
};

export class RelayDesk {
  readonly #options: RelayDeskOptions;
  #relay: Relay;
  #claims: Claims;
  #forget: ((room: RoomId) => void)[] = [];

  constructor(options: RelayDeskOptions) {
    this.#options = options;
    this.#relay = this.#open();
    this.#claims = new Claims(options.clock);
  }

  /** As after a restart of central: nothing of what it had read is left. */
  async startAnew() {
    const before = this.#relay;
    this.#forget = [];
    this.#relay = this.#open();
    this.#claims = new Claims(this.#options.clock);
    await before.stop();
  }

  stop = () => this.#relay.stop();

  /** Central heard of a change in this room. */
  heard(address: string) {
    const room = this.#options.rooms.find(one => one.address === address);
    if (room) for (const listener of this.#forget) listener(room.id);
  }

  async answer(panel: Managed, path: string, body: string, grant: string): Promise<Answer> {
    const named = v.safeParse(v.pipe(v.string(), v.parseJson(), v.object({ room: v.string() })), body);
    const place = this.#options.rooms.find(room => named.success && room.id === named.output.room);
    const serve = SERVED[path];
    if (!place || !serve) return { status: 403, headers: {}, text: '{"error":{"code":"not-your-room","message":""}}' };
    const giveUp = new AbortController();
    const isOwn = place.id === panel.config.room.id;
    const { id, address } = place;
    const asker: Asker = { panel: panel.id, room: id, address, isOwn, claims: this.#claims, signal: giveUp.signal };
    const late = Promise.withResolvers<Failed>();
    const stop = this.#options.clock.after(wire.ANSWERED_WITHIN, () => {
      giveUp.abort(new Error('too late'));
      late.resolve({
        kind: 'failed',
        problem: 'unreachable',
        retryAfter: null,
        isOutcomeUnknown: true,
        detail: 'late',
      });
    });
    const calendar = this.#relay.calendarOf(this.#stand(place, grant));
    const said = await Promise.race([serve(body, asker, calendar), late.promise]).finally(stop);
    if (said === null) return { status: 403, headers: {}, text: '{"error":{"code":"not-your-room","message":""}}' };
    const isWrite = !['/list', '/schedule', '/invitations/find', '/invitations/answer'].includes(path);
    if (isWrite && said.kind !== 'refused') this.#options.hinted(place.address);
    return { status: 200, headers: {}, text: JSON.stringify(said) };
  }

  #open(): Relay {
    const { clock, dice, fetch, token } = this.#options;
    return new Relay({
      clock,
      random: dice,
      log: { info: () => {}, warn: () => {}, error: () => {}, recent: () => [] },
      listenHints: listener => {
        this.#forget.push(listener);
        return () => {
          this.#forget = this.#forget.filter(other => other !== listener);
        };
      },
      connections: { client: () => ({ fetch, close: async () => {} }) },
      tokens: { accessToken: async (_, { isRefused }) => ({ kind: 'token', ...token(isRefused) }) },
    });
  }

  #stand({ id, address, name, zone }: OfferedRoom, grant: string): Stand {
    return {
      room: id,
      address,
      name,
      zone,
      privacy: this.#options.privacy,
      pollEvery: seconds(30),
      settings: SETTINGS,
      grant,
      account: null,
    };
  }
}

function parsed<T>(
  schema: v.GenericSchema<unknown, T>,
  serve: (request: T, asker: Asker, calendar: SharedCalendar) => Promise<Said | null>,
): Serve {
  return (body, asker, calendar) => serve(v.parse(v.pipe(v.string(), v.parseJson(), schema), body), asker, calendar);
}

function invited<T>(
  schema: v.GenericSchema<unknown, T>,
  serve: (request: T, asker: Asker, invitations: Invitations) => Promise<Said | null>,
): Serve {
  return parsed(schema, async (request, asker, { invitations }) => invitations && serve(request, asker, invitations));
}

const SETTINGS: Stand['settings'] = {
  id: 'default',
  name: 'Simulated',
  created: 0,
  server_type: 'microsoft-365',
  sign_in: 'app-secret',
  authority: GRAPH,
  graph_base: GRAPH,
  tenant_id: 't',
  client_id: 'c',
  sealed_client_secret: null,
  client_secret_expires: null,
  certificate: null,
  sealed_certificate: null,
  consent: null,
  service_account: INVITER,
  default_zone: 'UTC',
  extra_ca: null,
  import_problem: null,
  access: 'relay',
  change_notifications: 0,
  holiday_calendar: null,
  holidays: null,
};

const SERVED: Record<string, Serve> = {
  '/list': parsed(wire.ListRequest, async ({ window, isShareable }, { isOwn, signal }, calendar) => {
    const listed = await calendar.list(window, signal, isShareable ? 'shareable' : undefined);
    return listed.kind === 'listed' && !isOwn ? spansAlone(listed) : listed;
  }),
  '/book': parsed(wire.RelayedBooking, ({ key, span, title }, asker, calendar) =>
    asker.isOwn
      ? calendar.book({ key, span, title }, asker.signal)
      : bookElsewhere(asker, calendar, { key, span, title }),
  ),
  '/change-end': parsed(wire.ChangeEndRequest, ({ event, version, end }, { signal }, calendar) =>
    calendar.changeEnd(event, version, end, signal),
  ),
  '/cancel': parsed(wire.CancelRequest, ({ event, version }, asker, calendar) =>
    asker.isOwn ? calendar.cancel(event, version, asker.signal) : cancelElsewhere(asker, calendar, event, version),
  ),
  '/decline': parsed(wire.DeclineRequest, ({ event, comment }, { signal }, calendar) =>
    calendar.decline(event, comment, signal),
  ),
  '/decline-series': parsed(wire.DeclineSeriesRequest, ({ series, comment }, { signal }, calendar) =>
    calendar.declineSeries(series, comment, signal),
  ),
  '/schedule': parsed(wire.ScheduleRequest, (request, { signal }, calendar) =>
    scheduleAmong(calendar, new Set<RoomAddress>(request.rooms), request, signal),
  ),
  '/invitations/send': invited(wire.RelayedBooking, ({ key, span, title }, asker, invitations) =>
    invite(asker, invitations, { key, span, title }),
  ),
  '/invitations/find': invited(wire.FindInvitation, ({ room: _, ...sought }, asker, invitations) =>
    findInvitation(asker, invitations, sought),
  ),
  '/invitations/answer': invited(wire.InvitationRequest, ({ invitation }, asker, invitations) =>
    answerTo(asker, invitations, invitation),
  ),
  '/invitations/change-end': invited(wire.InvitationEndRequest, ({ invitation, end }, asker, invitations) =>
    changeInvitation(asker, invitations, invitation, end),
  ),
  '/invitations/withdraw': invited(wire.InvitationRequest, ({ invitation }, asker, invitations) =>
    withdrawInvitation(asker, invitations, invitation),
  ),
};
