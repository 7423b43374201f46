/** Bugs as somebody might make them: each changes one place of one file, and the checker must find it. */
export type PlantedBug = {
  name: string;
  /** Below the repository's root. */
  file: string;
  /** Occurs there exactly once. */
  find: string;
  replace: string;
};

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'no pause before the second look',
    file: 'src/agent/book-direct.ts',
    find: 'await sleep(clock, SETTLING, signal);',
    replace: 'void sleep;',
  },
  {
    name: 'no second look',
    file: 'src/agent/book-direct.ts',
    find: 'if (stronger.length === 0)',
    replace: 'if (stronger.length >= 0)',
  },
  {
    name: 'whoever stamped it believed to the millisecond',
    file: 'src/core/race.ts',
    find: 'other.createdAt - mine.createdAt > SETTLING;',
    replace: 'other.createdAt - mine.createdAt > 0;',
  },
  {
    name: 'told that it lost, and not withdrawn',
    file: 'src/agent/book-direct.ts',
    find: 'const withdrawn = await calendar.cancel(booked.meeting.id, null, signal);',
    replace: "const withdrawn = { kind: 'done' };",
  },
  {
    name: 'another key with every try',
    file: 'src/core/booking.ts',
    find: 'const { key, action, span, elsewhere, was } = wish;',
    replace:
      'const { action, span, elsewhere, was } = wish; const key = wish.key.slice(0, -1) + (failures % 16).toString(16);',
  },
  {
    name: 'a hotel page is an empty day',
    file: 'src/calendar/graph/list.ts',
    find: "if (answer.kind === 'failed') return answer;",
    replace:
      "if (answer.kind === 'failed') return answer.problem === 'captive-portal' ? { kind: 'placed', placed: [], serverTime: null } : answer;",
  },
  {
    name: 'a failed read counts as a read',
    file: 'src/core/calendar.ts',
    find: '{ ...room.calendar, misses, problem: outcome.problem, poll }',
    replace: '{ ...room.calendar, lastRead: event.at, misses, problem: outcome.problem, poll }',
  },
  {
    name: 'fresh for ten times as long',
    file: 'src/core/calendar.ts',
    find: 'policy.pollEvery * 1.1',
    replace: 'policy.pollEvery * 11',
  },
  {
    name: 'the wrong clock is not put right',
    file: 'src/core/calendar.ts',
    find: 'if (Math.abs(error) <= CLOCK_TOLERANCE) return { turn, now };',
    replace: 'return { turn, now };',
  },
  {
    name: 'the relay tells what it read before somebody asked anew',
    file: 'src/central/relay/shared-reads.ts',
    find: 'if (!isShareable) this.#reads = this.#reads.filter(other => other === read);',
    replace: '',
  },
  {
    name: 'released although somebody checked in',
    file: 'src/core/status.ts',
    find: '!checkIns.some(c => c.meeting === meeting.id);',
    replace: 'checkIns.length >= 0;',
  },
  {
    name: 'released although nothing hung on the wall',
    file: 'src/core/no-show.ts',
    find: 'if (!isGlassThere || !room ||',
    replace: 'if (!room ||',
  },
  {
    name: 'a no-show on a public holiday is a strike',
    file: 'src/core/strikes.ts',
    find: 'if (config.holidays.includes(dateAt(span.start, config.room.zone))) return null;',
    replace: 'void dateAt;',
  },
  {
    name: 'a series is declined a strike too early',
    file: 'src/core/strikes.ts',
    find: 'count < policy.after',
    replace: 'count + 1 < policy.after',
  },
  {
    name: 'strikes outlive a check-in',
    file: 'src/core/check-in.ts',
    find: 'const strikes = withoutSeries(noShow.strikes, target.meeting.series);',
    replace: 'const { strikes } = noShow; void withoutSeries;',
  },
  {
    name: 'strikes are believed without a look at the calendar',
    file: 'src/agent/release.ts',
    find: 'const isRow = strike && (await isInARow(calendar, { config, meeting, strike }, signal));',
    replace: 'const isRow = strike && (isInARow !== null);',
  },
  {
    name: 'a series is declined where its organiser is only to be told',
    file: 'src/core/strikes.ts',
    find: "declines: policy.kind === 'decline-series'",
    replace: 'declines: true',
  },
  {
    name: 'strikes are forgotten by a restart',
    file: 'src/core/memory.ts',
    find: 'held, withdrawals, settled, strikes };',
    replace: 'held, withdrawals, settled, strikes: [] };',
  },
  {
    name: 'private subjects are not masked',
    file: 'src/calendar/graph/to-meeting.ts',
    find: "return known !== 'normal' && known !== '';",
    replace: 'return false;',
  },
  {
    name: 'a refused token is used on',
    file: 'src/calendar/graph/authorise.ts',
    find: 'if (context.response?.status !== 401) return;',
    replace: 'return;',
  },
  {
    name: 'a held booking is forgotten by a restart',
    file: 'src/core/memory.ts',
    find: 'return { room: config.room.id, lastRead, window, privacy, meetings, checkIns, held,',
    replace: 'return { room: config.room.id, lastRead, window, privacy, meetings, checkIns, held: null,',
  },
  {
    name: 'a silent stream is waited for without end',
    file: 'src/agent/link.ts',
    find: 'const SILENCE = seconds(45);',
    replace: 'const SILENCE = seconds(45_000);',
  },
];
