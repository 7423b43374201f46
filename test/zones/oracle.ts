/** What a wall clock shows, asked of Intl alone: nothing here knows Temporal, or any code of the product. */

/** Every zone this runtime lists, and old spellings that tenants still send. */
export const ZONES: readonly string[] = [
  ...new Set([
    ...Intl.supportedValuesOf('timeZone'),
    ...['UTC', 'Etc/GMT+12', 'Etc/GMT-14', 'US/Eastern', 'Asia/Calcutta', 'Europe/Kiev', 'America/Godthab'],
    ...[
      'Asia/Katmandu',
      'Australia/LHI',
      'Pacific/Enderbury',
      'America/Buenos_Aires',
      'Asia/Rangoon',
      'CET',
      'EST5EDT',
    ],
  ]),
];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type Wall = { date: string; time: string };

export function wallClock(zone: string): (at: number) => Wall {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return at => {
    const parts = Object.fromEntries(format.formatToParts(at).map(part => [part.type, part.value]));
    return { date: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
  };
}

/** How far the wall clock is ahead of UTC, in milliseconds; `at` on a whole minute. */
const offsetAt = (wall: (at: number) => Wall, at: number) => {
  const { date, time } = wall(at);
  return Date.parse(`${date}T${time}Z`) - at;
};

/** The instants at which the clocks of a zone are put forward or back, from 2024 to 2037. */
export function clockChanges(wall: (at: number) => Wall): number[] {
  const found: number[] = [];
  const end = Date.UTC(2038, 0, 1);
  // Ramadan parts two changes of Morocco by five weeks; nothing else is closer.
  const step = 10 * DAY;
  let at = Date.UTC(2024, 0, 1);
  let offset = offsetAt(wall, at);
  for (; at < end; at += step) {
    const next = offsetAt(wall, at + step);
    if (next === offset) continue;
    let [before, after] = [at, at + step];
    while (after - before > MINUTE) {
      const middle = before + Math.floor((after - before) / 2 / MINUTE) * MINUTE;
      if (offsetAt(wall, middle) === offset) before = middle;
      else after = middle;
    }
    found.push(after);
    offset = next;
  }
  return found;
}

/** Midnight to midnight around `at`, found by looking at the wall clock, minute by minute where it matters. */
export function dayOnTheWall(wall: (at: number) => Wall, at: number): { start: number; end: number } {
  const { date } = wall(at);
  const edge = (direction: 1 | -1) => {
    let inside = at;
    let outside = at;
    while (wall(outside).date === date) outside += direction * 3 * HOUR;
    while (Math.abs(outside - inside) > MINUTE) {
      const middle = inside + Math.trunc((outside - inside) / 2 / MINUTE) * MINUTE;
      if (wall(middle).date === date) inside = middle;
      else outside = middle;
    }
    return direction === 1 ? outside : inside;
  };
  return { start: edge(-1), end: edge(1) };
}

export { DAY, HOUR, MINUTE };
