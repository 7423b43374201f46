/** The calendars this panel reaches, by the access its config names: its own room's, and others it may offer. */
import { makeGates } from '../calendar/graph/gate.ts';
import { makeGraphCalendar } from '../calendar/graph/graph-calendar.ts';
import { type CallCentral, makeRelayCalendar } from '../calendar/relay/relay-calendar.ts';
import type { RoomCalendar } from '../calendar/room-calendar.ts';
import type { Clock } from '../contract/values/clock.ts';
import type { PanelConfig } from '../contract/values/config.ts';
import type { Privacy } from '../contract/values/policy.ts';
import type { Room } from '../contract/values/room.ts';
import type { ClosableFetch, PanelPorts } from './panel-ports.ts';
import type { makeTokenSource } from './token-source.ts';

/** Of another room the panel has to know when it is taken, and nothing else. */
const NOTHING_SHOWN: Privacy = { subjects: 'hidden', organizers: 'hidden', isPersonalPrivate: true };

export type CalendarsOptions = {
  clock: Clock;
  fetchPublic: PanelPorts['fetchPublic'];
  tokens: ReturnType<typeof makeTokenSource>;
  call: CallCentral;
};

export function makeCalendars({ clock, fetchPublic, tokens, call }: CalendarsOptions) {
  // For as long as this panel runs: a wait that was asked for outlives a change of settings.
  const gates = makeGates(clock);
  let open: (ClosableFetch & { extraCa: string | null }) | null = null;
  let current: { config: PanelConfig; calendar: RoomCalendar } | null = null;

  const fetchUnder = (extraCa: string | null) => {
    if (open === null || open.extraCa !== extraCa) {
      void open?.close();
      open = { ...fetchPublic(extraCa), extraCa };
    }
    return open.fetch;
  };

  const make = ({ access, extraCa, policy }: PanelConfig, { id, address, name, zone }: Room): RoomCalendar => {
    if (access.kind === 'relay') return makeRelayCalendar({ room: id, canInvite: access.canInvite, call, clock });
    const { graphBase, inviter } = access;
    const fetch = fetchUnder(extraCa);
    const { privacy } = policy;
    const token = tokens.get;
    const room = { room: address, roomName: name, zone };
    return makeGraphCalendar({ ...room, fetch, graphBase, privacy, inviter, token, clock, gates });
  };

  return {
    ofRoom(config: PanelConfig): RoomCalendar {
      if (current?.config === config) return current.calendar;
      // The token of one tenant is not shown to the host of another. A grant that changed central tells by itself.
      if (current !== null && !isSameMailbox(current.config, config)) tokens.forget();
      current = { config, calendar: make(config, config.room) };
      return current.calendar;
    },

    /** Of another room, on the same connection; `config` is then the one to judge it by. */
    elsewhere(config: PanelConfig, room: Room): { config: PanelConfig; calendar: RoomCalendar } {
      const there = { ...config, room, policy: { ...config.policy, privacy: NOTHING_SHOWN } };
      return { config: there, calendar: make(there, room) };
    },

    close: async () => open?.close(),
  };
}

const isSameMailbox = (a: PanelConfig, b: PanelConfig) =>
  a.room.address === b.room.address && JSON.stringify(a.access) === JSON.stringify(b.access);
