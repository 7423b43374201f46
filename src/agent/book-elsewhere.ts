/**
 * Booking another room from this panel. It is wanted now or not at all: what fails is tried again on the spot, under the
 * same key, so that a booking whose answer was lost is not left behind in a calendar that this panel does not show.
 */
import { sleep } from '../contract/values/clock.ts';
import { seconds } from '../contract/values/time.ts';
import type { WriteOutcome } from '../core/events.ts';
import { changeCalendar } from './change-calendar.ts';
import type { Change, Tools } from './write-outcome.ts';

const PAUSES = [seconds(2), seconds(5), seconds(10)];

export async function bookElsewhere(tools: Tools, change: Change, title: string): Promise<WriteOutcome> {
  let { wasSent } = change;
  let outcome = await changeCalendar(tools, change, title);
  for (const pause of PAUSES) {
    if (outcome.kind !== 'failed') return outcome;
    wasSent ||= outcome.isOutcomeUnknown;
    // Who is told to wait longer than somebody stands at a panel is not served today.
    if ((outcome.retryAfter ?? 0) > pause) break;
    await sleep(tools.clock, pause, tools.signal);
    outcome = await changeCalendar(tools, { ...change, wasSent }, title);
  }
  return outcome.kind === 'failed' ? { ...outcome, isOutcomeUnknown: outcome.isOutcomeUnknown || wasSent } : outcome;
}
