import { makeGates } from '../../calendar/graph/gate.ts';
import { makeGraphCalendar } from '../../calendar/graph/graph-calendar.ts';
import type { SteadyClock } from '../../contract/values/clock.ts';
import type { RoomId } from '../../contract/values/ids.ts';
import { between, type Duration, type Instant, milliseconds, seconds } from '../../contract/values/time.ts';
import type { Connections } from '../consent/connections.ts';
import type { Tokens } from '../consent/tokens.ts';
import { inviterOf } from '../fleet/config-access.ts';
import { type SharedCalendar, shareCalendar } from './shared-calendar.ts';
import type { Stand } from './stand.ts';
import { makeTokenSource } from './token-source.ts';

export type LineOptions = {
  connections: Pick<Connections, 'client'>;
  tokens: Pick<Tokens, 'accessToken'>;
  clock: SteadyClock;
  /** In 0..1, to spread repeats. */
  random: () => number;
};

/** However seldom a room's panel reads. */
const MOST_SHARED = seconds(10);

type Desk = { key: string; calendar: SharedCalendar; used: Instant };

/**
 * One connection under one grant: an HTTP client, a token, what the tenant asked us to wait for, and a calendar for each room
 * that somebody asks about. Another grant or other settings get another line.
 */
export class Line {
  readonly key: string;
  readonly #options: LineOptions;
  readonly #http: ReturnType<Connections['client']>;
  readonly #gates: ReturnType<typeof makeGates>;
  readonly #token: ReturnType<typeof makeTokenSource>;
  readonly #ending = new AbortController();
  readonly #desks = new Map<RoomId, Desk>();

  constructor(options: LineOptions, stand: Stand) {
    this.key = lineKey(stand);
    this.#options = options;
    this.#http = options.connections.client(stand.settings);
    this.#gates = makeGates(options.clock);
    this.#token = makeTokenSource(options.tokens, stand.settings.id, options.clock);
  }

  calendarOf(stand: Stand): SharedCalendar {
    const { clock, random } = this.#options;
    const { room, address, name, zone, privacy, pollEvery, settings } = stand;
    const key = JSON.stringify([address, name, zone, privacy, pollEvery]);
    const known = this.#desks.get(room);
    if (known?.key === key) {
      known.used = clock.now();
      return known.calendar;
    }
    const graph = makeGraphCalendar({
      fetch: this.#http.fetch,
      graphBase: settings.graph_base,
      room: address,
      roomName: name,
      zone,
      token: this.#token,
      clock,
      privacy,
      inviter: inviterOf(settings, stand.account),
      random,
      gates: this.#gates,
    });
    // A third of the time between two polls: a panel hardly notices, and a fleet that asks at once is served by one read.
    const lasts = milliseconds(Math.min(pollEvery / 3, MOST_SHARED));
    const calendar = shareCalendar(graph, { clock, zone, lasts, ending: this.#ending.signal });
    this.#desks.set(room, { key, calendar, used: clock.now() });
    return calendar;
  }

  forget(room: RoomId): void {
    this.#desks.get(room)?.calendar.forget();
  }

  /** Lets go of rooms nobody asked about for so long; answers how many are left. */
  sweep(longest: Duration): number {
    const now = this.#options.clock.now();
    for (const [room, { used }] of this.#desks) if (between(used, now) > longest) this.#desks.delete(room);
    return this.#desks.size;
  }

  /** What is under way fails. */
  async stop(): Promise<void> {
    this.#ending.abort(new Error('the line ends'));
    await this.#http.close();
  }
}

/** All that a line is made of: with anything of it changed, the token, the waits and what was read are another's. */
export const lineKey = ({ settings, grant, account }: Stand): string =>
  JSON.stringify([
    settings.authority,
    settings.tenant_id,
    settings.client_id,
    settings.graph_base,
    settings.sign_in,
    settings.service_account,
    settings.extra_ca,
    grant,
    account,
  ]);
