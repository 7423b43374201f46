/** The control API and page: what they do, and whom they refuse. */
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GraphClient, userClient } from './support/graph-client.ts';
import { type Json, startTestTenant, type TestTenant } from './support/tenant.ts';

let test: TestTenant;
let graph: GraphClient;
beforeAll(async () => {
  test = await startTestTenant();
  graph = await userClient(test);
});
afterAll(() => test.stop());

/** fetch sets Host by itself; this does not. */
function rawStatus(headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${test.tenant.control}/api/state`,
      { method, headers, ca: test.ca.cert, servername: 'localhost' },
      response => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.once('error', reject);
    sent.end();
  });
}

describe('the guard', () => {
  it('lets this machine in under its own names', async () => {
    const { host, port } = new URL(test.tenant.url);
    expect(await rawStatus({ host })).toBe(200);
    expect(await rawStatus({ host: `127.0.0.1:${port}` })).toBe(200);
    expect(await rawStatus({ host, origin: `https://${host}` })).toBe(200);
  });

  it('refuses foreign names and foreign pages', async () => {
    const { host, port } = new URL(test.tenant.url);
    expect(await rawStatus({ host: `rebound.example:${port}` })).toBe(421);
    expect(await rawStatus({ host: `localhost.evil.example:${port}` })).toBe(421);
    expect(await rawStatus({ host, origin: 'https://evil.example' })).toBe(403);
    expect(await rawStatus({ host, origin: 'null' })).toBe(403);
    expect(await rawStatus({ host, origin: `https://localhost:${Number(port) + 1}` })).toBe(403);
    expect(await rawStatus({ host, 'sec-fetch-site': 'cross-site' }, 'POST')).toBe(403);
  });
});

describe('the control API', () => {
  it('tells what there is', async () => {
    const state = (await test.control('GET', '/state')).json;
    expect(state).toMatchObject({ clientSecret: test.tenant.clientSecret, zone: 'Europe/Oslo', faults: [] });
    const rooms = (await test.control('GET', '/rooms')).json;
    expect(rooms).toHaveLength(15);
    expect(rooms[0]).toMatchObject({ address: 'aurora@lintel.example', processing: { replacesSubject: false } });
  });

  it('switches faults on and off, and refuses nonsense', async () => {
    const made = await test.control('POST', '/faults', { kind: 'throttle', retryAfter: '600' });
    expect(made).toMatchObject({
      status: 201,
      json: { kind: 'throttle', status: 429, retryAfter: '600', times: null },
    });
    expect((await graph.get('/me')).status).toBe(429);
    expect((await test.control('GET', '/rooms')).status, 'control is never struck').toBe(200);
    expect((await test.control('DELETE', `/faults/${made.json.id}`)).status).toBe(204);
    expect((await test.control('DELETE', `/faults/${made.json.id}`)).status).toBe(404);
    expect((await graph.get('/me')).status).toBe(200);
    expect((await test.control('POST', '/faults', { kind: 'gremlin' })).status).toBe(400);
    expect((await test.control('POST', '/faults', { kind: 'throttle', status: 200 })).status).toBe(400);
  });

  it('books as somebody else, and the organiser cancels', async () => {
    const body = {
      organizer: 'zofia.novakova@lintel.example',
      subject: 'Surprise',
      start: '2027-02-01T10:00:00Z',
      end: '2027-02-01T11:00:00Z',
      isPrivate: true,
    };
    const url = '/rooms/birch@lintel.example';
    const booked = await test.control('POST', `${url}/meetings`, body);
    expect(booked).toMatchObject({ status: 201, json: { answer: 'accepted' } });
    expect((await test.control('POST', `${url}/meetings`, body)).json).toEqual({ answer: 'declined', id: null });
    const forced = await test.control('POST', `${url}/meetings`, { ...body, isForced: true });
    expect(forced.json.answer).toBe('accepted');
    const view = async () =>
      (await graph.view('birch@lintel.example', '2027-02-01T10:00:00Z', '2027-02-01T11:00:00Z')).json.value;
    expect((await view()).find((event: Json) => event.id === booked.json.id)).toMatchObject({
      subject: 'Surprise',
      sensitivity: 'private',
      isOrganizer: false,
      organizer: { emailAddress: { name: 'Žofia Nováková' } },
    });
    expect(await view()).toHaveLength(2);
    for (const id of [booked.json.id, forced.json.id])
      await test.control('DELETE', `${url}/meetings/${encodeURIComponent(id)}`);
    expect((await view()).map((event: Json) => event.isCancelled)).toEqual([true]);
    const listed = (await test.control('GET', `${url}/events?from=2027-02-01T00:00:00Z&to=2027-02-02T00:00:00Z`)).json;
    expect(listed).toHaveLength(1);
    expect((await test.control('POST', `${url}/meetings`, { start: 'now', end: 'later' })).status).toBe(400);
    expect((await test.control('POST', '/rooms/nowhere@lintel.example/meetings', body)).status).toBe(404);
  });

  it('sets the faults of everything at once, and leaves the clock alone', async () => {
    await test.control('PUT', '/clock', { by: 3_600_000 });
    for (const [fault, status] of [
      [{ kind: 'throttle' }, 429],
      [{ kind: 'error', status: 503 }, 503],
    ] as const) {
      expect((await test.control('PUT', '/faults', [fault])).json).toHaveLength(2);
      expect((await graph.get('/me')).status).toBe(status);
    }
    await test.control('PUT', '/faults', [{ kind: 'drop' }]);
    await expect(graph.get('/me')).rejects.toThrow();
    expect((await test.control('PUT', '/faults', [{ kind: 'gremlin' }])).status).toBe(400);
    await test.control('PUT', '/faults', []);
    expect((await graph.get('/me')).status).toBe(200);
    expect((await test.control('GET', '/state')).json.clockOffBy).toBe(3_600_000);
    await test.control('PUT', '/clock', { by: 0 });
    expect((await test.control('GET', '/state')).json).toMatchObject({ clockOffBy: 0, faults: [] });
  });

  it('moves the clock, and today with it', async () => {
    const shown = async () => {
      const rooms = (await test.control('GET', '/rooms')).json;
      const date = (await graph.get('/me')).headers.get('date');
      return {
        dates: new Set(rooms.flatMap((room: Json) => room.meetings.map((m: Json) => m.start.slice(0, 10)))),
        date,
      };
    };
    expect((await shown()).dates).toContain('2026-11-20');
    const moved = await test.control('PUT', '/clock', { by: 3 * 86_400_000 });
    expect(moved.json.now).toBe('2026-11-23T10:07:00.000Z');
    const monday = await shown();
    expect([...monday.dates]).toEqual(['2026-11-23']);
    expect(monday.date).toBe('Mon, 23 Nov 2026 10:07:00 GMT');
    expect((await test.control('PUT', '/clock', { by: 'tomorrow' })).status).toBe(400);
    await test.control('PUT', '/clock', { by: 0 });
    expect((await test.control('GET', '/people')).json).toContainEqual({
      address: 'ase.brathen@lintel.example',
      name: 'Åse Bråthen',
    });
  });

  it('counts and lists requests, by path alone', async () => {
    const before = (await test.control('GET', '/counters')).json;
    await graph.view('aurora@lintel.example', '2027-02-01T10:00:00Z', '2027-02-01T11:00:00Z');
    const after = (await test.control('GET', '/counters')).json;
    expect(after.graph - before.graph).toBe(1);
    const [last] = (await test.control('GET', '/log?count=1')).json;
    expect(last).toMatchObject({
      area: 'graph',
      method: 'GET',
      path: '/v1.0/users/aurora@lintel.example/calendarView',
      status: 200,
    });
  });
});

describe('the control page', () => {
  it('is one page, one script, one style, and nothing inline', async () => {
    const page = await test.fetch(test.tenant.control);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(html).not.toMatch(/<script>|\son\w+=|<style/);
    const files = [...html.matchAll(/(?:src|href)="(\/control\/[^"]+)"/g)].map(match => match[1]);
    expect(files).toHaveLength(2);
    for (const file of files) expect((await test.fetch(test.tenant.url + file)).status).toBe(200);
  });
});
