/**
 * A thousand panels switched on in one building and paired from one table. Enrolled over real HTTPS with proofs, from twenty
 * addresses (one address may enrol sixty at once). Making a thousand keys and connections takes its time: up to 40 s.
 */
import { Agent, request } from 'node:https';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HIT_BUDGET, hitChance } from '../../src/central/domain/pairing-code.ts';
import type { Fetch } from '../../src/central/ports.ts';
import { seconds } from '../../src/contract/values/time.ts';
import { LicenceKeyRow, NewLicenceKeys, RollOutAnswer, RoomRow } from '../../src/contract/wire/console.ts';
import { ConsoleClient } from './support/console-client.ts';
import { PanelClient } from './support/panel-client.ts';
import { type RunningCentral, runCentral, seedRooms } from './support/running-central.ts';

const PANELS = 1000;
const ADDRESSES = 20;
const AT_ONCE = 20;

let running: RunningCentral;
let admin: ConsoleClient;
const agents: Agent[] = [];
beforeAll(async () => {
  const names = Array.from({ length: PANELS }, (_, n) => `Room${n}`);
  running = await runCentral({ seed: seedRooms(...names) });
  admin = new ConsoleClient(running.fetch, running.url);
  await admin.login();
});
afterAll(async () => {
  for (const agent of agents) agent.destroy();
  await running.stop();
});

/** As another machine would, as far as central can see. */
function fetchFrom(localAddress: string): Fetch {
  const agent = new Agent({ keepAlive: true, ca: running.central.caPem, localAddress, family: 4 });
  agents.push(agent);
  return (url, init) =>
    new Promise((resolve, reject) => {
      const { method = 'GET', headers, body } = init ?? {};
      const text = typeof body === 'string' ? body : '';
      const length = text === '' ? {} : { 'content-length': String(Buffer.byteLength(text)) };
      const plain = { ...Object.fromEntries(new Headers(headers as HeadersInit)), ...length };
      const asked = request(url, { agent, method, headers: plain }, answer => {
        const parts: Buffer[] = [];
        answer.on('data', part => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => {
          const told = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as [string, string]);
          resolve(new Response(Buffer.concat(parts), { status: answer.statusCode ?? 500, headers: told }));
        });
      });
      asked.on('error', reject);
      asked.end(text);
    });
}

const mac = (n: number) =>
  `02:aa:00:00:${(n >> 8).toString(16).padStart(2, '0')}:${(n & 255).toString(16).padStart(2, '0')}`;

test('a thousand panels are paired from one table in well under a minute', { timeout: 60_000 }, async () => {
  const keys: v.InferOutput<typeof NewLicenceKeys>['keys'] = [];
  for (let n = 0; n < 2; n++) {
    keys.push(...(await admin.ask('POST', '/licence-keys', NewLicenceKeys, { count: 500, note: '' })).keys);
  }
  const doors = Array.from({ length: ADDRESSES }, (_, n) => fetchFrom(`127.0.0.${n + 10}`));
  const panels: { panel: PanelClient; code: string }[] = [];
  const enrolStarted = performance.now();
  for (let n = 0; n < PANELS; n += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, async (_, at) => {
      const panel = await PanelClient.make(doors[at % ADDRESSES] as Fetch, running.url);
      const state = await panel.enrol({ mac: mac(n + at), machineId: `machine ${n + at}` });
      if (state.kind !== 'awaiting-approval') throw new Error(state.kind);
      return { panel, code: state.code };
    });
    panels.push(...(await Promise.all(batch)));
    // 500 at once, then ten a second, is what central takes from all of them together.
    await running.clock.advance(seconds(2));
  }
  const enrolTook = performance.now() - enrolStarted;
  const waiting = await admin.waiting();
  expect(waiting).toHaveLength(PANELS);
  const codes = waiting.map(row => row.code ?? '');
  expect(codes.reduce((sum, code) => sum + hitChance(code.length), 0)).toBeLessThanOrEqual(HIT_BUDGET);
  expect(Math.max(...codes.map(code => code.length))).toBeLessThanOrEqual(12);

  const rows = panels.map(({ code }, n) => `${mac(n)};room${n}@example.com;${n % 2 === 0 ? keys[n]?.key : ''};${code}`);
  const csv = `\uFEFFMAC;Room;Licence key;Code\r\n${rows.join('\r\n')}\r\n`;
  const dryStarted = performance.now();
  const dryRun = await admin.ask('POST', '/registrations/import', RollOutAnswer, { csv, isDryRun: true });
  const dryTook = performance.now() - dryStarted;
  expect(dryRun.rows.filter(row => row.verdict === 'pairs')).toHaveLength(PANELS);
  const started = performance.now();
  const answer = await admin.ask('POST', '/registrations/import', RollOutAnswer, { csv, isDryRun: false });
  const took = performance.now() - started;
  expect(answer).toMatchObject({ paired: PANELS, registered: 0, refused: 0 });
  expect(took).toBeLessThan(30_000);

  const rooms = await admin.ask('GET', '/rooms', v.array(RoomRow));
  expect(rooms.filter(room => room.panel !== null)).toHaveLength(PANELS);
  for (const [n, { panel }] of panels.entries()) {
    if (n % 50 !== 0) continue;
    expect(rooms.find(room => room.id === `room${n}`)?.panel?.id).toBe(panel.id);
    expect((await panel.send('GET', '/panel/v1/config')).status).toBe(200);
  }
  const used = await admin.ask('GET', '/licence-keys', v.array(LicenceKeyRow));
  expect(used.filter(key => key.state === 'used')).toHaveLength(PANELS);
  expect(used.find(key => key.id === keys[0]?.id)).toMatchObject({ room: 'Room0' });
  console.log(
    `1,000 panels: enrolled in ${Math.round(enrolTook)} ms, dry run ${Math.round(dryTook)} ms, paired in ${Math.round(took)} ms`,
  );
});
