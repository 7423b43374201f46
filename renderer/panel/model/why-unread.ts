/** Why the calendar cannot be read right now, as far as the glass can vouch for it. */
import type { Problem } from '../../../src/contract/bridge/view.ts';
import type { ReadProblem } from '../../../src/contract/values/trust.ts';

export type WhyUnread = ReadProblem | 'central-away';

/**
 * `no-token` says that central gave none. Without a link that is so whatever access central has: what it has decided
 * meanwhile, a new kind of access perhaps, is still on its way to us.
 */
export function whyUnread(why: ReadProblem | null, problems: readonly Problem[]): WhyUnread | null {
  const isCentralAway = problems.some(({ kind }) => kind === 'central-away');
  return why === 'no-token' && isCentralAway ? 'central-away' : why;
}
