import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEventStream } from '../../src/central/http/sse.ts';
import { PanelConfig } from '../../src/contract/values/config.ts';
import type { PolicyValues } from '../../src/contract/values/policy.ts';
import { instant, minutes } from '../../src/contract/values/time.ts';
import {
  LicenceKeyRow,
  NewLicenceKeys,
  NewVersion,
  Overview,
  Policies,
  Revision,
  RoomRow,
} from '../../src/contract/wire/console.ts';
import { PanelState } from '../../src/contract/wire/panel.ts';
import { makeLogo } from '../bench/push.ts';
import { PushFleet } from '../bench/push-fleet.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { ConsoleClient } from './support/console-client.ts';
import { errorCodeIn, PanelClient } from './support/panel-client.ts';
import { type RunningCentral, runCentral, seedRooms } from './support/running-central.ts';

let running: RunningCentral;
let admin: ConsoleClient;

beforeAll(async () => {
  running = await runCentral({ seed: seedRooms('Alta', 'Bodo', 'Drammen', 'Egersund', 'Fredrikstad', 'Gjovik') });
  admin = new ConsoleClient(running.fetch, running.url);
  expect((await admin.login()).status).toBe(204);
});
afterAll(() => running.stop());

type Stream = Awaited<ReturnType<PanelClient['stream']>>;

async function pairedPanel(room: string): Promise<PanelClient> {
  const panel = await PanelClient.make(running.fetch, running.url);
  await panel.enrol();
  await admin.ask('POST', '/licence-keys', NewLicenceKeys, { count: 1, note: room });
  const approval = { room, licenceKeyId: null, code: null };
  expect((await admin.send('POST', `/free-macs/${panel.id}/approve`, approval)).status).toBe(204);
  return panel;
}

async function save(values: PolicyValues): Promise<number> {
  const { version } = await admin.ask('GET', '/policies', Policies);
  const input = { scope: { kind: 'general' }, values, basedOn: version };
  return (await admin.ask('PUT', '/policies', NewVersion, input)).version;
}

/** The next event, parsed, under its name. */
async function nextOf(stream: Stream) {
  const event = await stream.nextEvent();
  if (event === 'ended') return event;
  if (event.event === 'config') return { config: v.parse(PanelConfig, event.data) };
  if (event.event !== 'state') return { [event.event]: event.data };
  return { state: v.parse(PanelState, event.data) };
}

async function report(panel: PanelClient, more: object) {
  const quiet = { configVersion: null, configRefused: null, lastRead: null, readProblem: null, problems: [] };
  expect((await panel.send('POST', '/panel/v1/report', { ...quiet, ...more })).status).toBe(204);
}

test('a save arrives as a whole config, then as the state that names it', async () => {
  const panel = await pairedPanel('alta');
  const stream = await panel.stream();
  // Paired just now, it has none yet.
  const first = await nextOf(stream);
  if (first === 'ended' || !('config' in first)) throw new Error('no config');
  expect(first.config).toMatchObject({ room: { id: 'alta', building: 'Main' }, panelName: null, extraCa: null });
  expect(await nextOf(stream)).toMatchObject({ state: { kind: 'paired', configVersion: first.config?.version } });

  const version = await save({ startingSoon: minutes(4) });
  expect(await nextOf(stream)).toMatchObject({ config: { version, policy: { startingSoon: minutes(4) } } });
  expect(await nextOf(stream)).toMatchObject({ state: { kind: 'paired', configVersion: version } });
  const fetched = await (await panel.send('GET', '/panel/v1/config')).json();
  expect(v.parse(PanelConfig, fetched)).toMatchObject({ version, policy: { startingSoon: minutes(4) } });
  stream.stop();
});

test('a panel that runs the target hears the state alone; one that does not is sent it again', async () => {
  const panel = await pairedPanel('bodo');
  const version = await save({ startingSoon: minutes(5) });
  await report(panel, { configVersion: version });
  const up = await panel.stream();
  expect(await nextOf(up)).toMatchObject({ state: { configVersion: version } });
  up.stop();
  await report(panel, { configVersion: version - 1 });
  const behind = await panel.stream();
  expect(await nextOf(behind)).toMatchObject({ config: { version } });
  expect(await nextOf(behind)).toMatchObject({ state: { configVersion: version } });
  // Once on a stream is enough, however often it looks again.
  await panel.enrol();
  await admin.send('POST', `/panels/${panel.id}/identify`);
  expect(await nextOf(behind)).toMatchObject({ command: { kind: 'identify' } });
  behind.stop();
});

test('of many saves one after the other, no older one comes after a newer one, and the last one comes', async () => {
  const panel = await pairedPanel('drammen');
  const stream = await panel.stream();
  await nextOf(stream);
  let last = 0;
  for (let n = 1; n <= 15; n++) last = await save({ startingSoon: minutes(n), helpContact: `Desk ${n}` });
  let config = 0;
  for (let state = 0; state < last; ) {
    const event = await nextOf(stream);
    if (event === 'ended') throw new Error(event);
    if ('config' in event && event.config) {
      expect(event.config.version).toBeGreaterThan(config);
      config = event.config.version;
    } else if ('state' in event && event.state?.kind === 'paired') {
      // A state never names what was not sent before.
      if (config > 0) expect(event.state.configVersion).toBe(config);
      state = event.state.configVersion;
    }
  }
  stream.stop();
});

test('a revoked panel is told so, and its stream ends', async () => {
  const panel = await pairedPanel('egersund');
  const stream = await panel.stream();
  await nextOf(stream);
  await nextOf(stream);
  const keys = await admin.ask('GET', '/licence-keys', v.array(LicenceKeyRow));
  const key = keys.find(row => row.note === 'egersund');
  expect((await admin.send('POST', `/licence-keys/${key?.id}/revoke`)).status).toBe(200);
  expect(await nextOf(stream)).toEqual({ state: { kind: 'revoked', panel: panel.id } });
  expect(await nextOf(stream)).toBe('ended');
  expect(await errorCodeIn(await panel.send('GET', '/panel/v1/config'))).toBe('revoked');
});

test('what a panel refused is shown with its reason until it runs what it should', async () => {
  const panel = await pairedPanel('fredrikstad');
  const before = await save({ theme: 'dark' });
  await report(panel, { configVersion: before });
  const version = await save({ theme: 'light' });
  const configRefused = { version, why: 'the theme is too bright' };
  await report(panel, { configVersion: before, configRefused });
  const row = async () =>
    (await admin.ask('GET', '/rooms', v.array(RoomRow))).find(({ id }) => id === 'fredrikstad')?.panel;
  const newest = async () => (await admin.ask('GET', '/policies/history', v.array(Revision)))[0];
  const alerts = async () =>
    (await admin.ask('GET', '/overview', Overview)).alerts.filter(alert => alert.kind === 'config-refused');
  expect(await row()).toMatchObject({ configVersion: before, targetVersion: version, configRefused });
  expect((await newest())?.panels).toMatchObject({ refused: 1 });
  expect(await alerts()).toEqual([
    { kind: 'config-refused', subject: null, connection: null, name: null, count: 1, at: null },
  ]);

  // Started anew it does not know of it; nothing else has changed.
  await report(panel, { configVersion: before });
  expect(await row()).toMatchObject({ configRefused });
  const back = await admin.ask('POST', '/policies/roll-back', NewVersion, { version: before });
  expect(await alerts()).toEqual([]);
  await report(panel, { configVersion: back.version });
  expect(await row()).toMatchObject({ configVersion: back.version, configRefused: null });
  expect((await newest())?.panels).toMatchObject({ running: 1, refused: 0 });
});

describe('a stream', () => {
  /** Opens a stream to a reader that never reads, and hands out both ends. */
  async function toSlowReader() {
    const clock = new VirtualClock(instant(0));
    const opened = Promise.withResolvers<{ stream: ReturnType<typeof openEventStream>; ends: () => number }>();
    const server = createServer((_request, response) => {
      let ends = 0;
      const stream = openEventStream(response, clock, {}, { onEnd: () => ends++ });
      opened.resolve({ stream, ends: () => ends });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const reader: Socket = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
    reader.pause();
    reader.on('error', () => {});
    reader.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const stop = () => {
      reader.destroy();
      server.closeAllConnections();
      server.close();
    };
    return { ...(await opened.promise), clock, stop };
  }

  test('bears one event of any size, and is cut when its reader falls behind', async () => {
    const { stream, ends, clock, stop } = await toSlowReader();
    stream.send('config', 'x'.repeat(1_000_000));
    expect(ends()).toBe(0);
    for (let n = 0; n < 1000 && ends() === 0; n++) stream.send('config', makeLogo(24));
    expect(ends()).toBe(1);
    expect(clock.armed).toBe(0);
    stream.send('state', 'nobody hears this');
    expect(ends()).toBe(1);
    stop();
  });
});

describe('200 panels, each with a key and a stream of its own', () => {
  let fleet: PushFleet;
  beforeAll(async () => {
    fleet = await PushFleet.start(200);
  });
  afterAll(() => fleet?.stop());

  /** The slowest panel of the quickest of three saves: other tests keep this machine busy meanwhile. */
  async function slowest(valuesOf: (n: number) => PolicyValues) {
    const rounds: number[] = [];
    for (let n = 0; n < 3; n++) {
      const { latencies } = await fleet.push(valuesOf(n));
      expect(latencies).toHaveLength(200);
      rounds.push(Math.max(...latencies));
    }
    return Math.min(...rounds);
  }

  test('all have parsed a saved change within a second, without asking for it', async () => {
    expect(await slowest(n => ({ startingSoon: minutes(1 + n) }))).toBeLessThan(1000);
  });

  test('with a logo of 24 KiB, too', async () => {
    expect(await slowest(() => ({ logo: makeLogo(24) }))).toBeLessThan(1000);
  });
});
