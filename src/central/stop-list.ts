import type { Stop } from '../contract/values/clock.ts';

/** Undoes a start, last thing first. */
export class StopList {
  readonly #stops: (() => Promise<unknown>)[] = [];

  add(stop: () => Promise<unknown>): void {
    this.#stops.push(stop);
  }

  addSync(stop: Stop): void {
    this.#stops.push(async () => stop());
  }

  async run(): Promise<void> {
    for (let stop = this.#stops.pop(); stop; stop = this.#stops.pop()) await stop();
  }
}
