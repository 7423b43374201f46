/** What networks do to answers, over real sockets. */
import { createServer, type Server, type Socket } from 'node:net';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import { BookingKey, EventId } from '../../../src/contract/values/ids.ts';
import { at, calendarAt, DAY, hurriedClock, INVITER } from './stub.ts';

const EVENT = v.parse(EventId, 'AAMk');
const KEY = v.parse(BookingKey, 'lintel-00112233445566778899aabbccddeeff');
const REQUEST = { key: KEY, span: DAY, title: 'Walk-up' };
/** Ten seconds pass in one, or in two and a half where no deadline is wanted. */
const [hurried, patient] = [hurriedClock(10), hurriedClock(4)];

let server: Server | null = null;
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise(resolve => (server === null ? resolve(null) : server.close(resolve)));
  server = null;
});

/** A server that does with every connection what `talk` says. `asked`: what it was sent, connection by connection. */
async function listen(talk: (socket: Socket) => void) {
  const asked: string[] = [];
  const made = createServer(socket => {
    sockets.add(socket);
    const index = asked.push('') - 1;
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', data => {
      asked[index] += data.toString();
    });
    talk(socket);
  });
  server = made;
  await new Promise<void>(resolve => made.listen(0, '127.0.0.1', resolve));
  const address = made.address();
  const port = typeof address === 'object' ? address?.port : null;
  return { port, asked };
}
const open = async (talk: (socket: Socket) => void, clock = patient, scheme = 'http') => {
  const { port, asked } = await listen(talk);
  return { asked, calendar: calendarAt(`${scheme}://127.0.0.1:${port}`, { clock, inviter: INVITER }) };
};
const afterRequest = (socket: Socket, then: () => void) => void socket.once('data', then);
const say = (text: string) => (socket: Socket) => afterRequest(socket, () => socket.end(text));
const head = (status: string, ...headers: string[]) => `HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\n\r\n`;
const JSON_TYPE = 'content-type: application/json';

describe('a socket that never answers', () => {
  const LATE = { kind: 'failed', problem: 'unreachable' };

  it('ends at the deadline, and is closed', async () => {
    const { calendar, asked } = await open(() => {}, hurried);
    expect(await calendar.list(DAY)).toMatchObject({ ...LATE, detail: 'list: no answer within 10 s' });
    expect(asked).toHaveLength(1);
    await expect.poll(() => sockets.size).toBe(0);
  });

  it('leaves a write in doubt', async () => {
    const { calendar, asked } = await open(() => {}, hurried);
    expect(await calendar.cancel(EVENT, null)).toMatchObject({ ...LATE, isOutcomeUnknown: true });
    expect(asked.filter(text => text.startsWith('DELETE'))).toHaveLength(1);
  });

  it('ends at the deadline when not even TLS is spoken', async () => {
    const { calendar } = await open(() => {}, hurried, 'https');
    expect(await calendar.list(DAY)).toMatchObject(LATE);
  });

  it('is as good as none when somebody cancels', async () => {
    const { calendar } = await open(() => {}, hurried);
    const answer = calendar.list(DAY, AbortSignal.timeout(30));
    expect(await answer).toMatchObject({ ...LATE, detail: 'list: cancelled by the caller' });
  });
});

describe('an answer that drips', () => {
  const drip = (socket: Socket, text: string) => {
    let sent = 0;
    const timer = setInterval(() => socket.write(text[sent++ % text.length] ?? ' '), 20);
    socket.once('close', () => clearInterval(timer));
  };
  it.each<[string, string | null]>([
    ['from its body on', head('200 OK', JSON_TYPE, 'content-length: 100000')],
    ['from its first byte on', null],
  ])('ends at the deadline: %s', async (_, start) => {
    const talk = (socket: Socket) =>
      afterRequest(socket, () => {
        if (start !== null) socket.write(start);
        drip(socket, start === null ? 'HTTP/1.1 200 OK\r\nx-a: ' : ' ');
      });
    const { calendar } = await open(talk, hurried);
    const before = performance.now();
    const answer = await calendar.list(DAY);
    expect(answer).toMatchObject({ problem: 'unreachable', detail: 'list: no answer within 10 s' });
    expect(performance.now() - before).toBeLessThan(5000);
    await expect.poll(() => sockets.size).toBe(0);
  });
});

describe('an answer that ends too soon', () => {
  const PART = '{"value":[{"id":"AAMk","subject":"Bud';
  it.each<[string, string, string]>([
    ['cut from a length', `${head('200 OK', JSON_TYPE, 'content-length: 999')}${PART}`, 'unreachable'],
    [
      'cut from its chunks',
      `${head('200 OK', JSON_TYPE, 'transfer-encoding: chunked')}${PART.length.toString(16)}\r\n${PART}\r\n`,
      'unreachable',
    ],
    ['whole, but not JSON', `${head('200 OK', JSON_TYPE, `content-length: ${PART.length}`)}${PART}`, 'misunderstood'],
    ['ended by the line', `${head('200 OK', JSON_TYPE, 'connection: close')}${PART}`, 'misunderstood'],
    ['in its head', 'HTTP/1.1 200 OK\r\ncontent-ty', 'unreachable'],
    ['before it began', '', 'unreachable'],
  ])('%s', async (_, text, problem) => {
    const { calendar } = await open(say(text));
    const answer = await calendar.list(DAY);
    expect(answer).toMatchObject({ kind: 'failed', problem });
    expect(JSON.stringify(answer)).not.toContain('Bud');
  });

  it('is no HTTP at all', async () => {
    const { calendar } = await open(say('SSH-2.0-OpenSSH_9.6\r\n'));
    expect(await calendar.list(DAY)).toMatchObject({ problem: 'unreachable' });
  });
});

describe('a captive portal is called by its name', () => {
  const PAGE = '<!DOCTYPE html><title>Guest network</title><p>Please accept our terms.';
  const html = (status: string, ...more: string[]) =>
    `${head(status, 'content-type: text/html', `content-length: ${PAGE.length}`, ...more)}${PAGE}`;
  it.each<[string, string]>([
    ['its page for an answer', html('200 OK')],
    ['its page called JSON', `${head('200 OK', JSON_TYPE, `content-length: ${PAGE.length}`)}${PAGE}`],
    ['sent elsewhere', head('302 Found', 'location: http://portal.example/login', 'content-length: 0')],
    ['sent elsewhere for good', head('307 Temporary Redirect', 'location: /login', 'content-length: 0')],
    ['as RFC 6585 says', html('511 Network Authentication Required')],
  ])('%s', async (_, text) => {
    const { calendar } = await open(say(text));
    const { invitations } = calendar;
    for (const answer of [
      await calendar.list(DAY),
      await calendar.book(REQUEST),
      await calendar.changeEnd(EVENT, 'W/"1"', at('2026-11-20T12:00:00Z')),
      await calendar.cancel(EVENT, null),
      await calendar.decline(EVENT, 'x'),
      await calendar.schedule([INVITER.address], DAY),
      await invitations?.send(REQUEST),
      await invitations?.withdraw(EVENT),
    ])
      expect(answer).toMatchObject({
        kind: 'failed',
        problem: 'captive-portal',
        isOutcomeUnknown: false,
        detail: expect.stringContaining('a web page where data belongs'),
      });
  });
});

describe('nobody at that name', () => {
  it('is unreachable', async () => {
    const calendar = calendarAt('http://graph.nowhere.invalid', { clock: hurried });
    expect(await calendar.list(DAY)).toMatchObject({ kind: 'failed', problem: 'unreachable' });
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN'])('and a write certainly was not made: %s', async code => {
    const lookup = Object.assign(new Error('getaddrinfo'), { code });
    const fetch = () => Promise.reject(new TypeError('fetch failed', { cause: lookup }));
    const calendar = calendarAt('http://graph.nowhere.invalid', { clock: hurried, fetch });
    expect(await calendar.cancel(EVENT, null)).toMatchObject({
      problem: 'unreachable',
      isOutcomeUnknown: false,
      detail: `cancel: no answer: ${code}`,
    });
  });
});
