import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { inspectMachine } from '../../src/platform/inspect-machine.ts';

test('tells of the machine what there is to tell', async () => {
  const report = await inspectMachine(tmpdir(), ['a line']);
  expect(report).toMatchObject({ arch: process.arch, node: process.versions.node, log: ['a line'] });
  expect(report.freeDisk).toBeGreaterThan(0);
  expect(report.memory.resident).toBeGreaterThan(report.memory.heap);
  expect(report.memory.total).toBeGreaterThan(report.memory.resident);
});

test('does without what cannot be had', async () => {
  expect((await inspectMachine('/there/is/no/such/place', [])).freeDisk).toBeNull();
});
