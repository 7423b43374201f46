import type { Invitations, RoomCalendar } from '../../calendar/room-calendar.ts';
import type { SteadyClock } from '../../contract/values/clock.ts';
import type { Duration, ZoneName } from '../../contract/values/time.ts';
import { SharedReads } from './shared-reads.ts';

export type SharedCalendar = RoomCalendar & {
  /** Something changed in the room: what was read before serves nobody any more. */
  forget(): void;
};

/**
 * A room's calendar for several askers. Reads are shared, and go on for the others when one asker gives up: `ending` alone
 * ends them. Every write takes away what was read before it ended, whatever it answered.
 */
export function shareCalendar(
  calendar: RoomCalendar,
  options: { clock: SteadyClock; zone: ZoneName; lasts: Duration; ending: AbortSignal },
): SharedCalendar {
  const { clock, zone, lasts, ending } = options;
  const reads = new SharedReads(clock, zone, lasts, window => calendar.list(window, ending));
  const forget = () => reads.forget();
  const within = (signal: AbortSignal | undefined) =>
    signal === undefined ? ending : AbortSignal.any([signal, ending]);

  const write = async <T>(signal: AbortSignal | undefined, run: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    forget();
    try {
      return await run(within(signal));
    } finally {
      // A read that began meanwhile may have missed it.
      forget();
    }
  };

  const share = (inner: Invitations): Invitations => ({
    send: (request, signal) => write(signal, s => inner.send(request, s)),
    find: (sought, signal) => inner.find(sought, within(signal)),
    answerTo: (invitation, signal) => inner.answerTo(invitation, within(signal)),
    changeEnd: (invitation, end, signal) => write(signal, s => inner.changeEnd(invitation, end, s)),
    withdraw: (invitation, signal) => write(signal, s => inner.withdraw(invitation, s)),
  });

  return {
    list: (window, _, sharing) => reads.list(window, sharing === 'shareable'),
    book: (request, signal) => write(signal, s => calendar.book(request, s)),
    changeEnd: (event, version, end, signal) => write(signal, s => calendar.changeEnd(event, version, end, s)),
    cancel: (event, version, signal) => write(signal, s => calendar.cancel(event, version, s)),
    decline: (event, comment, signal) => write(signal, s => calendar.decline(event, comment, s)),
    declineSeries: (series, comment, signal) => write(signal, s => calendar.declineSeries(series, comment, s)),
    schedule: (rooms, window, signal) => calendar.schedule(rooms, window, within(signal)),
    invitations: calendar.invitations && share(calendar.invitations),
    forget,
  };
}
