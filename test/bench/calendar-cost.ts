/** What the calendar costs a panel's processor: a page of events as Graph sends it, and one turn of the core. */
import * as v from 'valibot';
import { EventPage } from '../../src/calendar/graph/event-schema.ts';
import { toMeetings } from '../../src/calendar/graph/to-meeting.ts';
import { DEFAULT_POLICY } from '../../src/contract/values/policy.ts';
import { hours, type Instant, minutes, plus, seconds, toIso } from '../../src/contract/values/time.ts';
import type { Happening } from '../../src/core/events.ts';
import { step } from '../../src/core/step.ts';
import { viewOf } from '../../src/core/view.ts';
import { wakeUps } from '../../src/core/wake-ups.ts';
import { pairedCore } from '../core/harness.ts';
import { makeDice } from '../support/dice.ts';
import { at, config, meeting, OSLO } from '../support/samples.ts';
import type { Figures } from './main.ts';
import { round } from './support.ts';

const MIDNIGHT = at('2026-11-20T00:00:00+01:00');
const WINDOW = { start: MIDNIGHT, end: plus(MIDNIGHT, hours(36)) };
const EVENTS = 200;
const ROUNDS = 300;
const WARM_UP = 50;
const TURNS = 18_000;

export async function calendarCost(): Promise<Figures> {
  return { ...parseCost(), ...turnCost() };
}

function parseCost(): Figures {
  const time = (instant: Instant) => ({ dateTime: `${toIso(instant).slice(0, -1)}0000`, timeZone: 'UTC' });
  const value = Array.from({ length: EVENTS }, (_, n) => ({
    '@odata.etag': `W/"${n}"`,
    id: `AAMkAGUwNjQ4ZjIxAA${n}=`,
    changeKey: `key${n}`,
    transactionId: null,
    subject: `Meeting number ${n}`,
    sensitivity: n % 9 === 0 ? 'private' : 'normal',
    isAllDay: false,
    isCancelled: n % 17 === 0,
    isOrganizer: false,
    showAs: 'busy',
    type: n % 3 === 0 ? 'occurrence' : 'singleInstance',
    seriesMasterId: n % 3 === 0 ? 'AAMkMaster' : null,
    iCalUId: `040000008200E00074C5B7101A82E008${n}`,
    responseStatus: { response: 'accepted', time: '0001-01-01T00:00:00Z' },
    start: time(plus(MIDNIGHT, minutes(7 * n))),
    end: time(plus(MIDNIGHT, minutes(7 * n + 30))),
    organizer: { emailAddress: { name: `Person ${n % 40}`, address: `person${n % 40}@contoso.example` } },
  }));
  const text = JSON.stringify({ value });
  const rules = { zone: OSLO, privacy: DEFAULT_POLICY.privacy, inviter: null };
  const took: number[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    const began = performance.now();
    const mapped = toMeetings(v.parse(EventPage, JSON.parse(text)).value, rules);
    took.push(performance.now() - began);
    if (mapped.kind !== 'mapped' || mapped.placed.length !== EVENTS) throw new Error('the page was not read');
  }
  return { parse200Events: { value: p99(took.slice(WARM_UP)), limit: 5, unit: 'ms p99' } };
}

/** A busy day with forty meetings, some seconds after the other, with a read twice a minute. */
function turnCost(): Figures {
  const dice = makeDice(7);
  const meetings = Array.from({ length: 40 }, (_, n) =>
    meeting(`m${n}`, plus(MIDNIGHT, minutes(35 * n)), plus(MIDNIGHT, minutes(35 * n + 30))),
  );
  const checkIn = { kind: 'required', opensBefore: minutes(5), grace: minutes(10) } as const;
  let { state, now } = pairedCore(MIDNIGHT, config({ checkIn, noShow: 'release' }));
  const steps: number[] = [];
  const turns: number[] = [];
  for (let n = 0; n < TURNS; n++) {
    const poll = state.room?.calendar.poll;
    const happening: Happening =
      poll?.kind === 'reading'
        ? {
            kind: 'calendar-read',
            effect: poll.effect,
            outcome: { kind: 'listed', window: WINDOW, meetings, serverTime: now, age: seconds(0) },
          }
        : { kind: 'woke' };
    const began = performance.now();
    ({ state } = step(state, { ...happening, at: now, dice: dice() }));
    steps.push(performance.now() - began);
    viewOf(state, now);
    wakeUps(state, now);
    turns.push(performance.now() - began);
    now = plus(now, seconds(Math.round(1 + dice() * 6)));
  }
  return {
    coreStep: { value: p99(steps.slice(WARM_UP)), limit: 0.2, unit: 'ms p99' },
    coreStepViewAndWakeUps: { value: p99(turns.slice(WARM_UP)), limit: 1, unit: 'ms p99' },
  };
}

const p99 = (samples: number[]) =>
  round(samples.sort((a, b) => a - b)[Math.floor(samples.length * 0.99)] ?? Number.NaN, 3);
