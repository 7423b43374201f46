/** fast-check, beginning where this run's chance begins. */
import fc from 'fast-check';
import { seedOfThisRun } from './dice.ts';

fc.configureGlobal({ seed: seedOfThisRun() });

export { fc };
