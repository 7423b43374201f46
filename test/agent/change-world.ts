/** One panel before one room in memory, under a virtual clock: changes asked for, and what became of them. */
import { changeCalendar } from '../../src/agent/change-calendar.ts';
import type { Change } from '../../src/agent/write-outcome.ts';
import type { PanelConfig } from '../../src/contract/values/config.ts';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import { type Duration, type Instant, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import type { WriteOutcome } from '../../src/core/events.ts';
import { RoomInMemory, type Wire } from '../support/room-in-memory.ts';
import { at, bookingKey, config, meeting } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

export const NOON = at('2026-11-20T12:00:00Z');
export const QUICK: Wire = { travel: () => 50, clockError: () => 0 };
export const HALF_HOUR = { start: NOON, end: plus(NOON, minutes(30)) };

export function changeWorld(wire: Partial<Wire> = {}, panelConfig: PanelConfig = config()) {
  const clock = new VirtualClock(NOON);
  const room = new RoomInMemory();
  const calendar = room.reachedBy(clock, { ...QUICK, ...wire });
  /** `took`: how long it was on its way. */
  const ask = async (wanted: Partial<Change>, within: Duration = seconds(300)) => {
    const change: Change = {
      config: panelConfig,
      key: bookingKey(1),
      action: { kind: 'book' },
      span: HALF_HOUR,
      was: null,
      wasSent: false,
      ...wanted,
    };
    const began = clock.now();
    let took: number | null = null;
    const outcome = changeCalendar({ clock, calendar }, change, 'Walk-up').finally(() => {
      took = clock.now() - began;
    });
    await clock.advance(within);
    return { outcome: await outcome, took: took ?? Number.NaN };
  };
  const change = async (wanted: Partial<Change>): Promise<WriteOutcome> => (await ask(wanted)).outcome;
  const put = (id: string, start: Instant, end: Instant, more: Partial<Meeting> = {}) =>
    room.meetings.set(id, meeting(id, start, end, more));
  const endOf = (id: string) => {
    const when = room.meetings.get(id)?.when;
    return when?.kind === 'timed' ? when.end : null;
  };
  return { clock, room, calendar, ask, change, put, endOf };
}
