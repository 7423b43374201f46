/** Reading: places, calendarView, users; headers, preferences, paging and refusals. */
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  appToken,
  type GraphClient,
  makeGraphClient,
  ROOM,
  userClient,
  userTokens,
  utc,
} from './support/graph-client.ts';
import { type Json, readReply, START, startTestTenant, type TestTenant } from './support/tenant.ts';

let test: TestTenant;
let graph: GraphClient;
let app: GraphClient;
beforeAll(async () => {
  test = await startTestTenant();
  graph = await userClient(test);
  app = makeGraphClient(test, await appToken(test));
});
afterAll(() => test.stop());

const book = (user: string, start: string, end: string, more: object = {}) =>
  graph.post(`/users/${user}/events`, { subject: 'Walk-up', start: utc(start), end: utc(end), ...more });
const subjects = (reply: { json: Json }) => reply.json.value.map((event: Json) => event.subject);

describe('places', () => {
  it('lists the fourteen rooms, the hidden one not among them', async () => {
    const { json } = await graph.get('/places/microsoft.graph.room');
    expect(json.value).toHaveLength(14);
    expect(json.value.map((room: Json) => room.emailAddress)).toEqual(test.tenant.rooms.map(room => room.address));
    expect(json.value[0]).toMatchObject({
      displayName: 'Aurora',
      capacity: 8,
      building: 'Fjord House',
      floorNumber: 1,
    });
    expect(json['@odata.nextLink']).toBeUndefined();
    expect((await app.get('/places/microsoft.graph.room')).json.value).toHaveLength(14);
  });

  it('pages by $top, with absolute links back to the same host', async () => {
    const names: string[] = [];
    let next: string | undefined = '/places/microsoft.graph.room?$top=5&$count=true';
    let pages = 0;
    while (next !== undefined) {
      const { json }: { json: Json } = await graph.get(next);
      if (pages === 0) expect(json['@odata.count']).toBe(14);
      names.push(...json.value.map((room: Json) => room.displayName));
      next = json['@odata.nextLink'];
      if (next) expect(next.startsWith(`${test.tenant.graph}/v1.0/places/microsoft.graph.room?`)).toBe(true);
      pages += 1;
    }
    expect(pages).toBe(3);
    expect(new Set(names).size).toBe(14);
  });
});

describe('calendarView', () => {
  it('needs both ends of its window', async () => {
    const { status, json } = await graph.get(`/users/${ROOM}/calendarView?startDateTime=2027-03-01T00:00:00Z`, {
      isWrong: true,
    });
    expect(status).toBe(400);
    expect(json.error).toMatchObject({
      code: 'ErrorInvalidRequest',
      message: expect.stringMatching(/StartDateTime and EndDateTime/),
    });
    expect((await graph.view(ROOM, 'yesterday', 'tomorrow')).json.error.code).toBe('ErrorInvalidParameter');
  });

  it('gives what overlaps the window, offsets in it obeyed, the rest read as UTC whatever Prefer says', async () => {
    await book(ROOM, '2027-03-01T08:00:00', '2027-03-01T09:00:00', { subject: 'early' });
    await book(ROOM, '2027-03-01T09:00:00', '2027-03-01T10:00:00', { subject: 'late' });
    expect(subjects(await graph.view(ROOM, '2027-03-01T08:30:00Z', '2027-03-01T09:00:00Z'))).toEqual(['early']);
    expect(subjects(await graph.view(ROOM, '2027-03-01T11:00:00+02:00', '2027-03-01T12:00:00+02:00'))).toEqual([
      'late',
    ]);
    const prefer = { headers: { prefer: 'outlook.timezone="Pacific Standard Time"' } };
    expect(subjects(await graph.view(ROOM, '2027-03-01T09:00:00', '2027-03-01T10:00:00', '', prefer))).toEqual([
      'late',
    ]);
  });

  it('speaks UTC with seven digits unless another zone is preferred, IANA or Windows', async () => {
    await book(ROOM, '2027-07-01T08:00:00', '2027-07-01T09:00:00');
    const start = async (prefer?: string) => {
      const reply = await graph.view(
        ROOM,
        '2027-07-01T00:00:00Z',
        '2027-07-02T00:00:00Z',
        '',
        prefer ? { headers: { prefer } } : {},
      );
      return [reply.json.value[0].start, reply.headers.get('preference-applied')];
    };
    expect(await start()).toEqual([{ dateTime: '2027-07-01T08:00:00.0000000', timeZone: 'UTC' }, null]);
    expect(await start('outlook.timezone="Europe/Oslo"')).toEqual([
      { dateTime: '2027-07-01T10:00:00.0000000', timeZone: 'Europe/Oslo' },
      'outlook.timezone="Europe/Oslo"',
    ]);
    expect((await start('outlook.timezone="W. Europe Standard Time"'))[0]).toEqual({
      dateTime: '2027-07-01T10:00:00.0000000',
      timeZone: 'W. Europe Standard Time',
    });
    const unknown = await graph.view(ROOM, '2027-07-01T00:00:00Z', '2027-07-02T00:00:00Z', '', {
      headers: { prefer: 'outlook.timezone="Mars/Olympus"' },
    });
    expect(unknown.json.error.code).toBe('TimeZoneNotSupportedException');
  });

  it('gives ten at a time, or as many as asked, and a link to the rest', async () => {
    for (let hour = 8; hour < 20; hour++) {
      const at = (minute: string) => `2027-04-05T${String(hour).padStart(2, '0')}:${minute}:00`;
      await book(ROOM, at('00'), at('30'), { subject: `m${hour}` });
    }
    const window = ['2027-04-05T00:00:00Z', '2027-04-06T00:00:00Z'] as const;
    const first = await graph.view(ROOM, ...window);
    expect(first.json.value).toHaveLength(10);
    const rest = await graph.get(first.json['@odata.nextLink']);
    expect([...subjects(first), ...subjects(rest)]).toEqual(Array.from({ length: 12 }, (_, i) => `m${i + 8}`));
    expect((await graph.view(ROOM, ...window, '&$top=100')).json['@odata.nextLink']).toBeUndefined();
    const preferred = await graph.view(ROOM, ...window, '', {
      headers: { prefer: 'odata.maxpagesize=7, outlook.timezone="UTC"' },
    });
    expect(preferred.json.value).toHaveLength(7);
    expect(preferred.headers.get('preference-applied')).toContain('odata.maxpagesize=7');
    expect((await graph.view(ROOM, ...window, '&$top=none', { isWrong: true })).status).toBe(400);
  });

  it('gives only what $select names, beside id and etag', async () => {
    const { json } = await graph.view(ROOM, '2027-04-05T08:00:00Z', '2027-04-05T08:30:00Z', '&$select=subject,start');
    expect(Object.keys(json.value[0]).sort()).toEqual(['@odata.etag', 'id', 'start', 'subject']);
    expect(
      (await graph.view(ROOM, '2027-04-05T08:00:00Z', '2027-04-05T09:00:00Z', '&$select=nonsense', { isWrong: true }))
        .status,
    ).toBe(400);
  });

  it('floats all-day events in the asked zone, or shifts them when told to', async () => {
    await graph.post(`/users/${ROOM}/events`, {
      subject: 'all day',
      isAllDay: true,
      start: { dateTime: '2027-05-10T00:00:00', timeZone: 'Europe/Oslo' },
      end: { dateTime: '2027-05-11T00:00:00', timeZone: 'Europe/Oslo' },
    });
    const times = async () => {
      const { json } = await graph.view(ROOM, '2027-05-10T06:00:00Z', '2027-05-10T07:00:00Z');
      expect(json.value[0].isAllDay).toBe(true);
      return [json.value[0].start.dateTime, json.value[0].end.dateTime];
    };
    expect(await times()).toEqual(['2027-05-10T00:00:00.0000000', '2027-05-11T00:00:00.0000000']);
    const fault = test.tenant.faults.add({ kind: 'all-day-zoned' });
    expect(await times()).toEqual(['2027-05-09T22:00:00.0000000', '2027-05-10T22:00:00.0000000']);
    test.tenant.faults.remove(fault.id);
    const outside = await graph.view(ROOM, '2027-05-10T22:30:00Z', '2027-05-10T23:00:00Z');
    expect(outside.json.value, 'over at midnight in the office').toEqual([]);
  });
});

describe('users', () => {
  it('knows who is asking, and little about others', async () => {
    expect((await graph.get('/me')).json).toMatchObject({ userPrincipalName: test.tenant.username });
    expect((await graph.get(`/users/${test.tenant.username}`)).status).toBe(200);
    expect((await graph.get('/users/ingrid.solberg@lintel.example')).json.error.code).toBe(
      'Authorization_RequestDenied',
    );
    expect((await app.get('/me')).status).toBe(400);
    expect((await graph.get('/organization')).json.value[0].id).toBe(test.tenant.tenantId);
    expect((await graph.get(`/users/${ROOM}/calendar`)).json.owner.address).toBe(ROOM);
  });
});

describe('headers', () => {
  it('name the request, echo the client’s own id, and tell the time', async () => {
    const { headers } = await graph.get('/me', { headers: { 'client-request-id': 'abc' } });
    expect(headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('client-request-id')).toBe('abc');
    expect(headers.get('date')).toBe(new Date(START).toUTCString());
  });
});

describe('refusals', () => {
  const ask = async (authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization };
    return readReply(await test.fetch(`${test.tenant.graph}/v1.0/me`, { headers }));
  };

  it('are 401 with WWW-Authenticate without a token of this tenant', async () => {
    const now = Math.floor(Date.now() / 1000);
    const { privateKey } = await generateKeyPair('RS256');
    const claims = { tid: test.tenant.tenantId, appid: 'x', oid: 'y', scp: 'User.Read' };
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(`${test.tenant.authority}/${test.tenant.tenantId}/v2.0`)
      .setAudience(test.tenant.graph)
      .setExpirationTime(now + 600)
      .sign(privateKey);
    const idToken = (await userTokens(test)).json.id_token;
    const bad = ['Bearer ', 'Bearer nonsense', `Bearer ${forged}`, `Bearer ${idToken}`, 'Basic abc'];
    for (const authorization of [undefined, ...bad]) {
      const { status, headers, json } = await ask(authorization);
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer /);
      expect(json.error).toMatchObject({ code: 'InvalidAuthenticationToken', message: expect.any(String) });
      expect(json.error.innererror['request-id']).toBe(headers.get('request-id'));
    }
  });

  it('are 403 for a mailbox without rights, 404 for one that is not there', async () => {
    const window = ['2027-03-01T00:00:00Z', '2027-03-02T00:00:00Z'] as const;
    for (const client of [graph, app]) {
      const denied = await client.view('board-room@lintel.example', ...window);
      expect([denied.status, denied.json.error.code]).toEqual([403, 'ErrorAccessDenied']);
      const unknown = await client.view('cellar@lintel.example', ...window);
      expect([unknown.status, unknown.json.error.code]).toEqual([404, 'ErrorInvalidUser']);
    }
    expect((await graph.view('ingrid.solberg@lintel.example', ...window)).status).toBe(403);
    const gone = await graph.get(`/users/${ROOM}/events/AAMkAGnonsense`);
    expect([gone.status, gone.json.error.code]).toEqual([404, 'ErrorItemNotFound']);
  });

  it('are 403 without the shared scope', async () => {
    await test.control('PUT', '/consent', { delegated: ['Calendars.ReadWrite', 'User.Read'], application: [] });
    const poor = await userClient(test);
    const denied = await poor.view(ROOM, '2027-03-01T00:00:00Z', '2027-03-02T00:00:00Z');
    expect(denied.json.error.code).toBe('ErrorAccessDenied');
    expect((await poor.get('/places/microsoft.graph.room')).status).toBe(403);
    expect((await poor.get('/me/events')).status).toBe(200);
  });
});
