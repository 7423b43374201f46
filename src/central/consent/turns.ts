/** One at a time, in order of asking; a failure does not hold up the next. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  readonly #named = new Map<string, Turns>();

  /** Waits for what was asked for before, under any name too. */
  take<T>(task: () => Promise<T>): Promise<T> {
    const turn = Promise.allSettled([this.#last, ...[...this.#named.values()].map(turns => turns.#last)]).then(task);
    this.#last = turn;
    return turn;
  }

  /** A queue of its own for each name: a tenant that does not answer holds up nobody but itself. */
  of(name: string): Turns {
    const turns = this.#named.get(name) ?? new Turns();
    this.#named.set(name, turns);
    return turns;
  }
}
