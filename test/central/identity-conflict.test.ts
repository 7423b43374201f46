import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { EMPTY_BOOT_BOOK, hearBoot } from '../../src/central/domain/identity.ts';
import { Overview, RoomRow } from '../../src/contract/wire/console.ts';
import { ConsoleClient } from './support/console-client.ts';
import { errorCodeIn, PanelClient } from './support/panel-client.ts';
import { type RunningCentral, runCentral, seedRooms } from './support/running-central.ts';

let running: RunningCentral;
let admin: ConsoleClient;
let original: PanelClient;
const CONFIG = '/panel/v1/config';

beforeAll(async () => {
  running = await runCentral({ seed: seedRooms('Oslo') });
  admin = new ConsoleClient(running.fetch, running.url);
  await admin.login();
  await admin.send('POST', '/licence-keys', { count: 1, note: '' });
});
afterAll(() => running.stop());

beforeEach(async () => {
  const rooms = await admin.ask('GET', '/rooms', v.array(RoomRow));
  for (const { panel } of rooms) if (panel) await admin.send('POST', `/panels/${panel.id}/unpair`);
  original = await PanelClient.make(running.fetch, running.url);
  await original.enrol();
  const approval = { room: 'oslo', licenceKeyId: null };
  expect((await admin.send('POST', `/free-macs/${original.id}/approve`, approval)).status).toBe(204);
});

async function expectConflict(...panels: PanelClient[]) {
  for (const panel of panels) {
    expect(await panel.state()).toEqual({ kind: 'identity-conflict', panel: panel.id });
    for (const [method, path] of [
      ['GET', CONFIG],
      ['POST', '/panel/v1/token'],
    ] as const) {
      const answer = await panel.send(method, path, method === 'POST' ? { isRefused: false } : undefined);
      expect([answer.status, await errorCodeIn(answer)]).toEqual([403, 'identity-conflict']);
    }
  }
}

test('restarts, however many, are no conflict', async () => {
  let panel = original;
  for (let n = 0; n < 5; n++) {
    panel = panel.startedAgain();
    expect(await panel.enrol()).toMatchObject({ kind: 'paired' });
    expect((await panel.send('GET', CONFIG)).status).toBe(200);
    // Enrolling again within one start is what a panel does after a lost link.
    expect(await panel.enrol()).toMatchObject({ kind: 'paired' });
  }
});

test('a copy started beside the living original: both are told, the original is found out by its own next request', async () => {
  const stream = await original.stream();
  expect(await stream.next()).toMatchObject({ kind: 'paired' });
  const copy = original.startedAgain();
  expect(await copy.enrol()).toMatchObject({ kind: 'paired' });
  // The original's stream is cut, so that it comes back at once instead of some day.
  expect(await stream.next()).toBe('ended');
  const copyStream = await copy.stream();
  expect(await copyStream.next()).toMatchObject({ kind: 'paired' });
  expect(await original.state()).toMatchObject({ kind: 'identity-conflict' });
  expect(await copyStream.next()).toMatchObject({ kind: 'identity-conflict' });
  copyStream.stop();
  await expectConflict(original, copy);

  const overview = await admin.ask('GET', '/overview', v.object({ ...Overview.entries }));
  expect(overview.conflicts).toBe(1);
  const [room] = await admin.ask('GET', '/rooms', v.array(RoomRow));
  expect(room?.panel).toMatchObject({ id: original.id, isConflict: true });
  expect(running.log.some(line => line.includes('identity-conflict'))).toBe(true);
});

test('a copy and its original started one after the other are found out by the count of starts', async () => {
  const copy = original.startedAgain();
  await copy.enrol();
  // The original comes back from repair with the count of its own disk.
  const back = original.startedAgain();
  expect(await back.enrol()).toMatchObject({ kind: 'identity-conflict' });
  await expectConflict(copy, back);
});

test('a conflict outlives restarts, and ends when an admin unpairs', async () => {
  const copy = original.startedAgain();
  await copy.enrol();
  await original.state();
  const later = copy.startedAgain().startedAgain();
  expect(await later.enrol()).toMatchObject({ kind: 'identity-conflict' });
  const licence = await later.send('POST', '/panel/v1/licence', { key: '0'.repeat(25), room: null });
  expect(licence.status).toBe(403);
  const refused = await admin.send('POST', `/free-macs/${original.id}/approve`, { room: 'oslo', licenceKeyId: null });
  expect(await errorCodeIn(refused)).toBe('identity-conflict');

  expect((await admin.send('POST', `/panels/${original.id}/unpair`)).status).toBe(204);
  expect(await later.enrol()).toMatchObject({ kind: 'awaiting-approval' });
  // If the other one still lives, it is found out again.
  expect(await original.enrol()).toMatchObject({ kind: 'identity-conflict' });
  expect(await later.state()).toMatchObject({ kind: 'identity-conflict' });
});

test('a panel holds three streams at most; the oldest gives way', async () => {
  const streams = [await original.stream(), await original.stream(), await original.stream(), await original.stream()];
  for (const stream of streams) expect(await stream.next()).toMatchObject({ kind: 'paired' });
  expect(await streams[0]?.next()).toBe('ended');
  await admin.send('POST', `/panels/${original.id}/unpair`);
  for (const stream of streams.slice(1)) expect(await stream.next()).toMatchObject({ kind: 'awaiting-approval' });
  for (const stream of streams) stream.stop();
});

test('a start that never enrolled is told to; a running panel does so whenever its link is lost', async () => {
  const copy = original.startedAgain();
  for (const path of [CONFIG, '/panel/v1/state']) {
    const answer = await copy.send('GET', path);
    expect([answer.status, await errorCodeIn(answer)]).toEqual([403, 'not-enrolled']);
  }
  // Nobody is disturbed by it.
  expect((await original.send('GET', CONFIG)).status).toBe(200);
  // A central put back from a backup has an older book.
  const book = { current: 'b3', superseded: ['b2', 'b1'], starts: 3 };
  expect(hearBoot(book, 'b5', null)).toEqual({ kind: 'unknown' });
  expect(hearBoot(book, 'b5', 5)).toMatchObject({ kind: 'new', book: { current: 'b5' } });
});

test('a paired key on other hardware is a conflict; another MAC or another machine id alone is not', async () => {
  const labels = { mac: '02:00:00:00:00:01', machineId: 'machine' };
  let panel = original;
  for (const change of [
    { ...labels, mac: null },
    labels,
    { ...labels, machineId: 'new' },
    { ...labels, machineId: 'new', mac: '02:00:00:00:00:09' },
  ]) {
    panel = panel.startedAgain();
    expect(await panel.enrol(change)).toMatchObject({ kind: 'paired' });
  }
  const moved = panel.startedAgain();
  expect(await moved.enrol({ mac: '02:00:00:00:00:05', machineId: 'elsewhere' })).toMatchObject({
    kind: 'identity-conflict',
  });
  await expectConflict(panel, moved);
});

test('the history of boots is bounded', () => {
  let book = EMPTY_BOOT_BOOK;
  for (let n = 1; n <= 200; n++) {
    const heard = hearBoot(book, `boot-${n}`, n);
    if (heard.kind !== 'new') throw new Error(heard.kind);
    book = heard.book;
  }
  expect(book.superseded).toHaveLength(50);
  expect(book.superseded[0]).toBe('boot-199');
});
