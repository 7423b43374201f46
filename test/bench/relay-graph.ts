/**
 * Graph and its sign-in as far as the relay's cost needs them, in a process of their own: a token for whoever asks, and a day
 * of eight meetings for every room. Driven by test/bench/relay.ts over the process's channel.
 */
import { createServer } from 'node:https';

export type ToGraph = { kind: 'serve'; key: string; cert: string };
export type FromGraph = { kind: 'serving'; port: number };

const MEETINGS = 8;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

process.on('disconnect', () => process.exit());
process.on('message', (message: ToGraph) => {
  const server = createServer({ key: message.key, cert: message.cert }, (request, response) => {
    request.resume();
    const { pathname } = new URL(request.url ?? '/', 'https://localhost');
    const body = answer(pathname, request.headers.host ?? '');
    response.writeHead(body === null ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? {}));
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    process.send?.({ kind: 'serving', port } satisfies FromGraph);
  });
});

function answer(path: string, host: string): unknown {
  const authority = `https://${host}/tenant`;
  if (path.endsWith('/.well-known/openid-configuration')) {
    return {
      issuer: `${authority}/v2.0`,
      authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
      token_endpoint: `${authority}/oauth2/v2.0/token`,
      jwks_uri: `${authority}/discovery/v2.0/keys`,
    };
  }
  if (path.endsWith('/token')) return { token_type: 'Bearer', expires_in: 3600, access_token: 'a'.repeat(1500) };
  const room = /^\/v1\.0\/users\/([^/]+)\/calendarView$/.exec(path)?.[1];
  if (room === undefined) return null;
  return { value: Array.from({ length: MEETINGS }, (_, n) => event(decodeURIComponent(room), n)) };
}

function event(room: string, n: number) {
  const start = Math.floor(Date.now() / DAY_MS) * DAY_MS + (8 + n) * HOUR_MS;
  const time = (at: number) => ({ dateTime: new Date(at).toISOString().replace('Z', '0000'), timeZone: 'UTC' });
  return {
    '@odata.etag': `W/"${room}${n}=="`,
    id: `AAMkAGI2TG93AAA${Buffer.from(`${room}-${n}`).toString('base64url')}`,
    changeKey: `${n}==`,
    createdDateTime: '2026-11-01T08:00:00.0000000Z',
    subject: `Weekly review of project number ${n}`,
    start: time(start),
    end: time(start + HOUR_MS),
    isAllDay: false,
    isCancelled: false,
    isOrganizer: false,
    showAs: 'busy',
    sensitivity: 'normal',
    type: 'singleInstance',
    seriesMasterId: null,
    iCalUId: `040000008200E00074C5B7101A82E008${n}`,
    transactionId: null,
    responseStatus: { response: 'accepted', time: '2026-11-01T08:00:00Z' },
    organizer: { emailAddress: { name: 'Ingrid Solberg', address: 'ingrid.solberg@example.com' } },
  };
}
