/** The four steps of a first visit, read from the state of things: nobody ticks them off. */
import type { SetUp } from '../../../../src/contract/wire/console.ts';

export type StepName = 'password' | 'connection' | 'rooms' | 'panel';
export type StepState = 'done' | 'now' | 'later';
export type Step = { name: StepName; state: StepState };

/** The first that is not done is the one to do now, whatever is done behind it. */
export function stepsOf(setUp: SetUp): Step[] {
  const done: Record<StepName, boolean> = {
    password: setUp.hasOwnPassword,
    connection: setUp.connection === 'connected',
    rooms: setUp.rooms > 0,
    panel: setUp.panels > 0,
  };
  const names: StepName[] = ['password', 'connection', 'rooms', 'panel'];
  const current = names.find(name => !done[name]);
  return names.map(name => ({ name, state: done[name] ? 'done' : name === current ? 'now' : 'later' }));
}

/** Null when all is done. `number` counts from 1. */
export function currentStep(setUp: SetUp): { name: StepName; number: number; of: number } | null {
  const steps = stepsOf(setUp);
  const index = steps.findIndex(({ state }) => state === 'now');
  const step = steps[index];
  return step ? { name: step.name, number: index + 1, of: steps.length } : null;
}

/** A console in which nobody has done anything yet: the visit begins with the set-up. */
export const isUntouched = (setUp: SetUp) =>
  !setUp.isDismissed && setUp.connection === 'none' && setUp.rooms === 0 && setUp.panels === 0;

export const STEP_TITLES: Record<StepName, string> = {
  password: 'Choose your own password',
  connection: 'Connect your calendars',
  rooms: 'Import the rooms',
  panel: 'Hang up the first panel',
};
