/** What an older version of the panel wrote down is still of use. */
import { expect, it } from 'vitest';
import { MEMORY_FILE, recall, SNAPSHOT_FILE } from '../../src/agent/recall.ts';
import { DEFAULT_POLICY } from '../../src/contract/values/policy.ts';
import { CENTRAL } from '../core/harness.ts';
import { at, config, meeting } from '../support/samples.ts';

const NOON = at('2026-11-20T12:00:00Z');
const log = { info: () => {}, warn: () => {}, error: () => {} };

async function remember(memory: unknown, snapshot: unknown = null) {
  const aside: string[] = [];
  const texts: Record<string, unknown> = { [MEMORY_FILE]: memory, [SNAPSHOT_FILE]: snapshot };
  const files = {
    read: async (name: string) =>
      texts[name] === null
        ? ({ kind: 'absent' } as const)
        : ({ kind: 'read', text: JSON.stringify(texts[name]) } as const),
    write: async () => ({ kind: 'written' }) as const,
    setAside: async (name: string) => void aside.push(name),
    removeSetAside: async () => {},
    remove: async () => {},
  };
  return { ...(await recall(files, log)), aside };
}

it('a config without the settings made since gets their defaults', async () => {
  const { panelName: _, ...old } = config({ isTentativeBusy: false });
  const { walkUps, isTentativeBusy, startingSoon, checkIn, pollEvery } = old.policy;
  const policy = { walkUps, isTentativeBusy, startingSoon, checkIn, pollEvery };
  const { memory, aside } = await remember({ central: CENTRAL, config: { ...old, policy } });
  expect(memory).toMatchObject({
    central: CENTRAL,
    config: { panelName: null, policy: { ...DEFAULT_POLICY, isTentativeBusy: false } },
    pinTries: 0,
  });
  expect(aside).toEqual([]);
});

it('a config that is of no use leaves central known, which has a good one', async () => {
  const { memory, aside } = await remember({
    central: CENTRAL,
    config: { ...config(), room: 'elsewhere' },
    pinTries: 7,
  });
  expect(memory).toEqual({ central: CENTRAL, config: null, pinTries: 7 });
  expect(aside).toEqual([]);
});

it('a snapshot that does not say under which privacy it was read counts as one that masked nothing personal', async () => {
  const window = { start: NOON, end: NOON };
  const meetings = [meeting('a', NOON, NOON)];
  const { snapshot } = await remember(null, {
    room: 'room-1',
    lastRead: NOON,
    window,
    meetings,
    checkIns: [],
    held: null,
  });
  expect(snapshot?.privacy).toEqual({ subjects: 'shown', organizers: 'shown', isPersonalPrivate: false });
});

it('what is no memory at all is put aside', async () => {
  expect((await remember({ central: 'x' })).aside).toEqual([MEMORY_FILE]);
});
