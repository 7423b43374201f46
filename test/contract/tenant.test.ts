/** Whatever the demo tenant answers, Microsoft's own description of Graph must be able to answer too. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant, toIso } from '../../src/contract/values/time.ts';
import { contractMissing, type GraphClient, ROOM, userClient, utc } from '../demo/support/graph-client.ts';
import { type Json, START, startTestTenant, type TestTenant } from '../demo/support/tenant.ts';
import { loadGraphContract } from '../support/graph-contract.ts';

let test: TestTenant;
let graph: GraphClient;
beforeAll(async () => {
  test = await startTestTenant();
  graph = await userClient(test);
});
afterAll(() => test.stop());

describe.skipIf(contractMissing !== null)(
  `the demo tenant by Microsoft's description${contractMissing ? ` (${contractMissing})` : ''}`,
  () => {
    it('gives every event of every room as Graph would', async () => {
      const window = [toIso(instant(START - 30 * 86_400_000)), toIso(instant(START + 30 * 86_400_000))] as const;
      let seen = 0;
      for (const { address } of test.tenant.rooms) {
        const { json } = await graph.view(address, ...window, '&$top=1000');
        seen += json.value.length;
        const types = new Set(json.value.map((event: Json) => event.type));
        expect(types.has('seriesMaster')).toBe(false);
        await graph.get(`/users/${address}/events?$top=100`);
        if (json.value[0]) await graph.get(`/users/${address}/events/${encodeURIComponent(json.value[0].id)}`);
      }
      expect(seen).toBeGreaterThan(100);
    });

    it('gives each kind of answer as Graph would', async () => {
      const event = { subject: 'x', start: utc('2027-06-01T09:00:00'), end: utc('2027-06-01T10:00:00') };
      const { json } = await graph.post(`/users/${ROOM}/events`, event);
      const replies = [
        await graph.get('/me'),
        await graph.get('/me/calendar'),
        await graph.get('/me/calendars'),
        await graph.get('/subscriptions'),
        await graph.get('/subscriptions/nothing'),
        await graph.get('/organization'),
        await graph.get('/places/microsoft.graph.room'),
        await graph.get('/places/aurora@lintel.example'),
        await graph.get('/places/nowhere@lintel.example'),
        await graph.patch(`/users/${ROOM}/events/${json.id}`, { subject: 'y' }),
        await graph.post(`/users/${ROOM}/events/${json.id}/decline`, { comment: 'no' }),
        await graph.post(`/users/${ROOM}/events/${json.id}/cancel`, { comment: 'off' }),
        await graph.delete(`/users/${ROOM}/events/${json.id}`),
      ];
      expect(replies.map(reply => reply.status)).toEqual([
        ...[200, 200, 200, 200, 404, 200, 200, 200, 404],
        ...[200, 400, 202, 404],
      ]);
    });

    it('is judged by a judge that does object', async () => {
      const contract = await loadGraphContract();
      const path = `/v1.0/users/${ROOM}/events/x`;
      const good = (
        await graph.post(`/users/${ROOM}/events`, {
          subject: 'x',
          start: utc('2027-07-01T09:00:00'),
          end: utc('2027-07-01T10:00:00'),
        })
      ).json;
      const check = (body: unknown) => contract?.checkResponse({ method: 'GET', path, status: 200, body }) ?? [];
      expect(check(good)).toEqual([]);
      expect(check({ ...good, showAs: 'unheardOf' })).not.toEqual([]);
      expect(check({ ...good, isAllDay: 'no' })).not.toEqual([]);
      expect(check({ ...good, start: '2027-07-01' })).not.toEqual([]);
    });
  },
);
