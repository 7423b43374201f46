import { expect, test } from 'vitest';
import { makeGlass } from '../../src/shell/glass.ts';
import { makeFakeAgent } from './support/fake-agent.ts';

test('whether a page is there goes on to the agent that takes over, and only what is new is told', () => {
  const [first, second, third] = [makeFakeAgent(), makeFakeAgent(), makeFakeAgent()];
  const glass = makeGlass(first.agent.view());
  glass.follow(first.agent);
  expect(first.glass).toEqual([false]);
  expect([glass.pageIs(true), glass.pageIs(true)]).toEqual([true, false]);
  expect(first.glass).toEqual([false, true]);
  glass.follow(second.agent);
  expect(second.glass).toEqual([true]);
  expect(glass.pageIs(false)).toBe(true);
  expect([first.glass, second.glass]).toEqual([
    [false, true],
    [true, false],
  ]);
  glass.follow(third.agent);
  expect(third.glass).toEqual([false]);
});
