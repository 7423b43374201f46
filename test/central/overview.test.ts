import { afterAll, beforeAll, expect, test } from 'vitest';
import { worstFirst } from '../../src/central/fleet/panel-alerts.ts';
import { hours, instant } from '../../src/contract/values/time.ts';
import { type Alert, Overview, SetUp } from '../../src/contract/wire/console.ts';
import { ConsoleClient } from './support/console-client.ts';
import { pairedPanel } from './support/paired-panel.ts';
import { errorCodeIn } from './support/panel-client.ts';
import { ADMIN, type RunningCentral, runCentral, seedRooms } from './support/running-central.ts';

let running: RunningCentral;
let visitor: ConsoleClient;
let password = ADMIN.password;

beforeAll(async () => {
  running = await runCentral({
    seed: async db => {
      await seedRooms('Alta', 'Bodo', 'Drammen')(db);
      const [alta, bodo, drammen] = ['a', 'b', 'd'].map(letter => letter.repeat(43));
      await db
        .insertInto('panels')
        .values([
          pairedPanel(alta ?? '', 'alta', { config_version: 4, config_refused: 'no', config_refused_version: 4 }),
          // Refused an earlier one; what it should run now it has not refused.
          pairedPanel(bodo ?? '', 'bodo', { config_version: 4, config_refused: 'no', config_refused_version: 3 }),
          pairedPanel(drammen ?? '', 'drammen', { stage: 'conflict' }),
        ])
        .execute();
    },
  });
  visitor = await loggedIn();
});
afterAll(() => running.stop());

async function loggedIn(): Promise<ConsoleClient> {
  const client = new ConsoleClient(running.fetch, running.url);
  expect((await client.login({ ...ADMIN, password })).status).toBe(204);
  return client;
}
const setUp = (client: ConsoleClient) => client.ask('GET', '/set-up', SetUp);

test('the overview counts, and tells what is wrong with the worst first', async () => {
  const overview = await visitor.ask('GET', '/overview', Overview);
  expect(overview).toMatchObject({ serverSettings: 'sign-in-needed', rooms: 3, licenceKeysFree: 0, conflicts: 1 });
  const told = overview.alerts.map(({ kind, count }) => [kind, count]);
  expect(told).toEqual([
    ['sign-in-needed', null],
    ['identity-conflict', 1],
    ['config-refused', 1],
  ]);
});

test('what stops panels stands before what will, and of one kind the earliest', () => {
  const alert = (kind: Alert['kind'], at: number | null = null): Alert => ({
    kind,
    subject: null,
    connection: null,
    name: null,
    count: null,
    at: at === null ? null : instant(at),
  });
  const mixed = [
    alert('expires-soon', 9),
    alert('rooms-unreadable'),
    alert('expires-soon', 3),
    alert('sign-in-needed'),
  ];
  expect(worstFirst(mixed)).toEqual([
    alert('sign-in-needed'),
    alert('rooms-unreadable'),
    alert('expires-soon', 3),
    alert('expires-soon', 9),
  ]);
});

test('the set-up follows the state of things, and is left for good', async () => {
  const client = visitor;
  expect(await setUp(client)).toMatchObject({ connection: 'saved', rooms: 3, panels: 2, isDismissed: false });
  expect((await client.send('PUT', '/set-up', { isDismissed: true })).status).toBe(204);
  expect(await setUp(client)).toMatchObject({ isDismissed: true });
  await client.send('PUT', '/set-up', { isDismissed: false });
  expect(await setUp(client)).toMatchObject({ isDismissed: false });
  expect((await client.send('PUT', '/set-up', { isDismissed: 'maybe' })).status).toBe(400);
});

test('a new password ends every other session and is the only one that still works', async () => {
  const client = await loggedIn();
  const other = visitor;
  const answer = await client.send('POST', '/password', { current: password, next: 'quite another one' });
  expect(answer.status).toBe(204);
  expect((await client.send('GET', '/session')).status).toBe(200);
  expect((await other.send('GET', '/session')).status).toBe(401);
  expect((await new ConsoleClient(running.fetch, running.url).login({ ...ADMIN, password })).status).toBe(401);
  password = 'quite another one';
  const again = await loggedIn();
  expect(await setUp(again)).toMatchObject({ hasOwnPassword: true });
  expect(running.log.join()).not.toContain('quite another one');
});

test('a wrong current password changes nothing, and guessing it slows down logging in, too', async () => {
  const client = await loggedIn();
  const other = await loggedIn();
  const guess = (current: string) => client.send('POST', '/password', { current, next: 'mine from now on' });
  const short = await client.send('POST', '/password', { current: password, next: 'short' });
  expect([short.status, (await short.text()).includes('short')]).toEqual([400, false]);
  for (let n = 0; n < 3; n++) {
    const wrong = await guess(`guess ${n}`);
    expect([wrong.status, await errorCodeIn(wrong)]).toEqual([403, 'wrong-password']);
  }
  const slowed = await guess(password);
  expect(slowed.status).toBe(429);
  expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect((await new ConsoleClient(running.fetch, running.url).login({ ...ADMIN, password })).status).toBe(429);
  expect((await other.send('GET', '/session')).status).toBe(200);
  // Whoever guesses keeps nobody out for long.
  await running.clock.advance(hours(2));
});

test('of two changes at once one counts', async () => {
  const [one, two] = [await loggedIn(), await loggedIn()];
  const change = (client: ConsoleClient, next: string) => client.send('POST', '/password', { current: password, next });
  const statuses = await Promise.all([
    change(one, 'the first of two').then(answer => answer.status),
    change(two, 'the second of two').then(answer => answer.status),
  ]);
  expect(statuses.toSorted()).toEqual([204, expect.toSatisfy(status => status === 403 || status === 401)]);
  password = statuses[0] === 204 ? 'the first of two' : 'the second of two';
  expect(await setUp(await loggedIn())).toMatchObject({ hasOwnPassword: true });
});
