/**
 * Races: several panels of one room, whole agents in direct mode, book overlapping slots at nearly the same moment.
 *
 *   node test/simulation/run-races.ts --panels N --rounds R --seed S    one JSON line at the end
 */
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { IntentId } from '../../src/contract/values/ids.ts';
import { DEFAULT_POLICY } from '../../src/contract/values/policy.ts';
import { hours, instant, milliseconds, plus, seconds } from '../../src/contract/values/time.ts';
import { findItem } from '../../src/demo/calendar/read.ts';
import { removeEvent } from '../../src/demo/calendar/write.ts';
import { addressOf } from '../../src/demo/office/directory.ts';
import { makeDice } from '../support/dice.ts';
import { assemble, type Parts } from './world/assemble.ts';
import { type Draw, makeDraw } from './world/draw.ts';
import type { Machine } from './world/machine.ts';

const ROOM = addressOf('room0');
/** One poll. */
const TOLD_WITHIN = seconds(30);
const SPREADS = [0, 30, 120, 400, 900] as const;

/** `contested`: rounds in which more than one panel had really written. `slowest`: until a loser was told, in ms. */
export type Races = { rounds: number; contested: number; slowest: number; problems: string[] };

export async function runRaces(panels: number, rounds: number, seed: number): Promise<Races> {
  const dice = makeDice(seed);
  const draw = makeDraw(dice);
  const start = instant(Date.parse('2026-11-20T08:00:00Z'));
  const parts = assemble(
    {
      zone: 'Europe/Oslo',
      start,
      end: plus(start, hours(24)),
      rooms: 1,
      allowsConflicts: false,
      answersAfter: seconds(0),
      panels: Array.from({ length: panels }, (_, n) => ({ name: `p${n}`, room: 0, policy: DEFAULT_POLICY })),
      access: 'direct-graph',
      faults: [],
      holidays: [],
    },
    dice,
    null,
    () => {},
  );
  for (const machine of parts.machines) void machine.start();
  const races: Races = { rounds: 0, contested: 0, slowest: 0, problems: [] };
  for (let round = 0; round < rounds && races.problems.length === 0; round++) {
    const problem = await race(parts, draw, `${seed}-${round}`, races);
    if (problem) races.problems.push(`seed ${seed}, round ${round}: ${problem}`);
    races.rounds++;
    tidyUp(parts);
  }
  await parts.end();
  return races;
}

/** What was wrong with it; null when exactly one won and the others were told. */
async function race(parts: Parts, draw: Draw, name: string, races: Races): Promise<string | null> {
  const { clock, machines, history } = parts;
  for (let waited = 0; !machines.every(isReady); waited++) {
    if (waited > 60) return 'the room did not become free on every glass';
    await clock.advance(seconds(1));
  }
  const began = clock.now();
  const changesBefore = history.changes.length;
  const spread = draw.one(SPREADS);
  machines.forEach((machine, n) => {
    clock.after(milliseconds(Math.round(draw.between(0, spread))), () => tap(machine, draw, `${name}-${n}`));
  });
  const isOver = () => machines.every((machine, n) => stateOf(machine, `${name}-${n}`) !== 'under way');
  while (!isOver()) {
    if (clock.now() > plus(began, TOLD_WITHIN)) return 'somebody was not told within one poll';
    await clock.advance(milliseconds(100));
  }
  races.slowest = Math.max(races.slowest, clock.now() - began);
  const written = history.changes.slice(changesBefore).filter(change => change.kind === 'created');
  if (written.length > 1) races.contested++;
  const states = machines.map((machine, n) => stateOf(machine, `${name}-${n}`));
  // What they were told is so, and stays so.
  await clock.advance(seconds(5));
  const standing = history.truth.at(-1)?.entries ?? [];
  const winners = states.filter(state => state === 'confirmed').length;
  return winners === 1 && standing.length === 1
    ? null
    : `${winners} won and ${standing.length} bookings stand: ${states.join(', ')}`;
}

function tap(machine: Machine, draw: Draw, id: string) {
  const screen = machine.view?.screen;
  const offer = screen?.kind === 'room' ? draw.some(screen.view.actions.book) : null;
  if (offer) machine.tap({ kind: 'book', id: v.parse(IntentId, id), end: offer.end });
}

const roomOf = ({ view }: Machine) => (view?.screen.kind === 'room' ? view.screen.view : null);

const isReady = (machine: Machine) => {
  const room = roomOf(machine);
  return room?.trust.kind === 'fresh' && room.status.kind === 'free' && room.actions.book.length > 0;
};

/** Whoever found the room taken on the glass a moment before could not even ask. */
function stateOf(machine: Machine, id: string): 'confirmed' | 'told' | 'not asked' | 'under way' {
  const tapped = machine.taps.some(intent => intent.id === id);
  if (!tapped) return roomOf(machine)?.status.kind === 'free' ? 'under way' : 'not asked';
  const booking = roomOf(machine)?.booking;
  if (booking?.intent !== id) return 'under way';
  const { state } = booking;
  if (state.kind === 'confirmed') return 'confirmed';
  return state.kind === 'refused' && (state.why === 'lost-race' || state.why === 'slot-taken') ? 'told' : 'under way';
}

/** Somebody in the office takes the winner's booking away, and the panels hear of it. */
function tidyUp({ tenant, history, hint, machines }: Parts) {
  for (const { id } of history.truth.at(-1)?.entries ?? []) {
    const item = findItem(tenant.calendars, ROOM, id);
    if (item) removeEvent(tenant.calendars, item);
  }
  history.truth.splice(0, history.truth.length - 1);
  history.changes.length = 0;
  for (const machine of machines) machine.forgetPast();
  hint(ROOM);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      panels: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
    },
  });
  console.log(JSON.stringify(await runRaces(Number(values.panels), Number(values.rounds), Number(values.seed))));
}
