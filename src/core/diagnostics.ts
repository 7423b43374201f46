/** What the panel's state says to whoever mends it: kinds and counts. No subject, no person, no key, no token. */
import type { Instant } from '../contract/values/time.ts';
import { trustAt } from './calendar.ts';
import type { Findings } from './effects.ts';
import type { State } from './state.ts';
import { problemsOf, viewOf } from './view.ts';

export function diagnosticsOf(state: State, now: Instant): Findings {
  const { central, room, clockOffset, configFetch, configRefused } = state;
  const known = central.kind === 'known' ? central : null;
  const { screen } = viewOf(state, now);
  return {
    at: now,
    screen: screen.kind,
    status: screen.kind === 'room' ? screen.view.status.kind : null,
    trust: room && trustAt(now, room.calendar, room.config.policy).kind,
    lastRead: room?.calendar.lastRead ?? null,
    readProblem: room?.calendar.problem ?? null,
    misses: room?.calendar.misses ?? null,
    meetings: room?.calendar.meetings.length ?? null,
    booking: room?.booking?.state.kind ?? null,
    release: room?.noShow.release.kind ?? null,
    isClockSure: room?.calendar.isClockSure ?? null,
    problems: problemsOf(state).map(problem => problem.kind),
    central: { kind: central.kind, url: known?.url ?? null, link: known?.link.kind ?? null },
    standing: known?.standing.kind ?? null,
    clockOffsetMs: clockOffset,
    config: { version: room?.config.version ?? null, fetch: configFetch.kind, refused: configRefused },
    room: room && { id: room.config.room.id, name: room.config.room.name, zone: room.config.room.zone },
    grant: state.grant === null ? 'not told' : state.grant.id === null ? 'none' : 'there',
  };
}
