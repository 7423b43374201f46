/**
 * Many askers, one read: what is asked for while a read is under way is read together by the next one. So a thousand
 * panels that must look at their state again cost a few queries, not a few thousand.
 *
 * Two promises hold for everybody. A read begins after it was asked for, so that it sees what the asker was told of; and
 * there is never more than one at a time, so that of two answers the later one is the newer.
 */
export class Batches<Key, Value> {
  #waiting = new Map<Key, PromiseWithResolvers<Value | undefined>>();
  #isRunning = false;

  /**
   * What `read` finds for this key; undefined: nothing. Rejects when the read it was part of does. Everybody passes the
   * same `read`: it gets the keys of all who wait, and answers for those it knows.
   */
  load(key: Key, read: ReadMany<Key, Value>): Promise<Value | undefined> {
    const known = this.#waiting.get(key);
    if (known) return known.promise;
    const asked = Promise.withResolvers<Value | undefined>();
    this.#waiting.set(key, asked);
    if (!this.#isRunning) {
      this.#isRunning = true;
      // Whoever goes through a list now gets to ask for all of it first.
      queueMicrotask(() => void this.#run(read));
    }
    return asked.promise;
  }

  async #run(read: ReadMany<Key, Value>) {
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting].slice(0, MOST_AT_ONCE);
      for (const [key] of batch) this.#waiting.delete(key);
      try {
        const found = await read(batch.map(([key]) => key));
        for (const [key, asked] of batch) asked.resolve(found.get(key));
      } catch (error) {
        for (const [, asked] of batch) asked.reject(error);
      }
    }
    this.#isRunning = false;
  }
}

export type ReadMany<Key, Value> = (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;

/** Engines limit the parameters of a query; SQLite to 32,766. */
const MOST_AT_ONCE = 10_000;
