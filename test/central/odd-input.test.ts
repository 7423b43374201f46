/** Control characters and numbers that no database takes are refused at the door, in words. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConsoleClient } from './support/console-client.ts';
import { errorCodeIn, PanelClient } from './support/panel-client.ts';
import { findPostgres, type Postgres, startPostgres } from './support/postgres.ts';
import { type RunningCentral, runCentral, seedRooms } from './support/running-central.ts';

const bin = await findPostgres();
const ROOM = { connection: 'default', address: 'x@example.com', zone: 'Europe/Oslo', capacity: 1, equipment: [] };
const PLACE = { name: 'X', building: null, floor: null };
const GENERAL = { kind: 'general' };

describe.each(['sqlite', 'postgres'] as const)('%s', engine => {
  describe.skipIf(engine === 'postgres' && bin === null)('odd input', () => {
    let postgres: Postgres | null = null;
    let running: RunningCentral;
    let admin: ConsoleClient;
    beforeAll(async () => {
      if (engine === 'postgres') postgres = await startPostgres(bin ?? '');
      const database = postgres ? { databaseUrl: await postgres.newDatabase() } : {};
      running = await runCentral({ ...database, seed: seedRooms('Oslo') });
      admin = new ConsoleClient(running.fetch, running.url);
      await admin.login();
    });
    afterAll(async () => {
      await running.stop();
      await postgres?.stop();
    });

    test.each<[string, string, string, unknown?]>([
      ['a name that is never an admin’s', 'POST', '/login', { username: 'a\0b', password: 'correct horse' }],
      ['a note', 'POST', '/licence-keys', { count: 1, note: 'a\u0001b' }],
      ['a room’s name', 'POST', '/rooms', { ...ROOM, ...PLACE, name: 'a\0b' }],
      ['a room’s floor', 'POST', '/rooms', { ...ROOM, ...PLACE, floor: 'a\u007fb' }],
      ['a connection', 'POST', '/rooms', { ...ROOM, ...PLACE, connection: 'a\0b' }],
      ['a room’s id in the address', 'GET', '/rooms/%00/photo'],
      ['a connection in the address', 'GET', '/server-settings/a%00b'],
      ['a key in the address', 'POST', '/licence-keys/%1F/revoke'],
      ['a help contact', 'PUT', '/policies', { scope: GENERAL, values: { helpContact: 'a\0b' }, basedOn: 0 }],
      ['a building', 'PUT', '/policies', { scope: { kind: 'building', building: 'a\0' }, values: {}, basedOn: 0 }],
      ['a file', 'POST', '/registrations/import', { csv: 'mac,room\n020000000009,os\0lo', isDryRun: true }],
      ['half a version', 'POST', '/policies/roll-back', { version: 1.5 }],
      ['a version without end', 'POST', '/policies/roll-back', { version: 1e300 }],
      ['a version below all', 'POST', '/policies/roll-back', { version: -1 }],
      ['saving upon half a version', 'PUT', '/policies', { scope: GENERAL, values: {}, basedOn: 0.5 }],
    ])('%s', async (_name, method, path, body) => {
      const answer = await admin.send(method, path, body);
      expect([answer.status, await errorCodeIn(answer)]).toEqual([400, 'invalid']);
    });

    test.each(['hostname', 'machineId', 'agentVersion'])('a panel’s %s', async field => {
      const panel = await PanelClient.make(running.fetch, running.url);
      const answer = await panel.send('POST', '/panel/v1/enrol', panel.enrolRequest({ [field]: 'x\0y' }));
      expect([answer.status, await errorCodeIn(answer)]).toEqual([400, 'invalid']);
    });

    test('a panel’s words on several lines are taken, on one', async () => {
      const panel = await PanelClient.make(running.fetch, running.url);
      const state = await panel.enrol();
      const code = state.kind === 'awaiting-approval' ? state.code : null;
      await admin.send('POST', '/licence-keys', { count: 1, note: '' });
      await admin.send('POST', `/free-macs/${panel.id}/approve`, { room: 'oslo', licenceKeyId: null, code });
      const report = {
        configVersion: null,
        configRefused: { version: 2, why: 'no\nsuch\0field' },
        lastRead: null,
        readProblem: null,
        problems: [],
      };
      expect((await panel.send('POST', '/panel/v1/report', report)).status).toBe(204);
    });
  });
});
