import { expect, test } from 'vitest';
import { Batches } from '../../src/central/batches.ts';

/** A world that answers with its state at the moment a read begins, when it is let go on. */
function makeReads() {
  const reads: { keys: readonly string[]; begun: number; finish(): void; fail(): void }[] = [];
  const state = { now: 0 };
  const read = (keys: readonly string[]) => {
    const begun = state.now;
    const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<string, number>>();
    const known = keys.filter(key => key !== 'unknown');
    const finish = () => resolve(new Map(known.map(key => [key, begun])));
    reads.push({ keys, begun, finish, fail: () => reject(new Error('the disk is gone')) });
    return promise;
  };
  return { reads, state, read };
}
const settled = () => new Promise<void>(resolve => setImmediate(resolve));

test('who asks together is read together, each once', async () => {
  const { reads, read } = makeReads();
  const batches = new Batches<string, number>();
  const keys = Array.from({ length: 1000 }, (_, n) => `panel-${n}`);
  const asked = [...keys, ...keys, 'unknown'].map(key => batches.load(key, read));
  await settled();
  expect(reads).toHaveLength(1);
  expect(reads[0]?.keys).toEqual([...keys, 'unknown']);
  reads[0]?.finish();
  const answers = await Promise.all(asked);
  expect(answers.filter(answer => answer === 0)).toHaveLength(2000);
  expect(answers.at(-1)).toBeUndefined();
});

test('who asks during a read gets what a later one finds, and there is one at a time', async () => {
  const { reads, state, read } = makeReads();
  const batches = new Batches<string, number>();
  const first = batches.load('a', read);
  await settled();
  state.now = 1;
  const second = batches.load('a', read);
  const other = batches.load('b', read);
  await settled();
  expect(reads).toHaveLength(1);
  reads[0]?.finish();
  expect(await first).toBe(0);
  await settled();
  expect(reads[1]?.keys).toEqual(['a', 'b']);
  reads[1]?.finish();
  expect(await Promise.all([second, other])).toEqual([1, 1]);
});

test('a read that fails fails those who were part of it, and nobody after', async () => {
  const { reads, read } = makeReads();
  const batches = new Batches<string, number>();
  const lost = batches.load('a', read);
  await settled();
  const next = batches.load('b', read);
  reads[0]?.fail();
  await expect(lost).rejects.toThrow('the disk is gone');
  await settled();
  reads[1]?.finish();
  expect(await next).toBe(0);
});

test('more than a query can name is read in parts', async () => {
  const { reads, read } = makeReads();
  const batches = new Batches<string, number>();
  const asked = Array.from({ length: 25_000 }, (_, n) => batches.load(`panel-${n}`, read));
  for (let n = 0; n < 3; n++) {
    await settled();
    reads[n]?.finish();
  }
  expect(new Set(await Promise.all(asked))).toEqual(new Set([0]));
  expect(reads.map(({ keys }) => keys.length)).toEqual([10_000, 10_000, 5000]);
});
