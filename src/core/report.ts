/** Telling central how the panel fares: at once when something changes, and every minute as a sign of life. */
import { type Instant, minutes, plus } from '../contract/values/time.ts';
import type { Report } from '../contract/wire/panel.ts';
import { change, issue, type Turn } from './state.ts';
import { problemsOf } from './view.ts';

const SIGN_OF_LIFE = minutes(1);

export function stepReport(turn: Turn, now: Instant): Turn {
  const { state } = turn;
  const { central, reported } = state;
  if (central.kind !== 'known' || central.link.kind !== 'online' || central.standing.kind !== 'paired') return turn;
  const report: Report = {
    configVersion: state.room?.config.version ?? null,
    configRefused: state.configRefused,
    lastRead: state.room?.calendar.lastRead ?? null,
    readProblem: state.room?.calendar.problem ?? null,
    problems: problemsOf(state).map(p => p.kind),
  };
  // When it was last read changes all the time and is no news.
  const text = JSON.stringify({ ...report, lastRead: report.lastRead !== null });
  if (reported?.text === text && now < reported.again) return turn;
  return issue(change(turn, { reported: { text, again: plus(now, SIGN_OF_LIFE) } }), { kind: 'report', report }).turn;
}
