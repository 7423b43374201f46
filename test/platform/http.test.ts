import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTls } from 'node:https';
import { connect } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { milliseconds, seconds } from '../../src/contract/values/time.ts';
import { type Ca, issueLeaf, makeCa } from '../../src/platform/certificates.ts';
import { makeFetch, type TlsTrust } from '../../src/platform/http.ts';
import { listen } from '../../src/platform/start-error.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const clock = makeSystemClock();
let ca: Ca;
let key = '';
let chain = '';
beforeAll(async () => {
  ca = await makeCa('Lintel test CA', clock);
  ({ key, chain } = await issueLeaf(ca, ['127.0.0.1', 'localhost', 'central.test'], clock));
});

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function serve(handler: Handler, isTls = true): Promise<string> {
  const server: Server = isTls ? createTls({ key, cert: chain }, handler) : createServer(handler);
  const port = await listen(server, 0, '127.0.0.1');
  stops.push(() => {
    server.closeAllConnections();
    return new Promise(resolve => server.close(resolve));
  });
  return `${isTls ? 'https' : 'http'}://127.0.0.1:${port}`;
}

function client(trust: TlsTrust, env: NodeJS.ProcessEnv = {}) {
  const made = makeFetch({ trust, env });
  stops.push(made.close);
  return made.fetch;
}

test('a pinned CA is trusted and nothing else is; an extra CA stands beside the system ones', async () => {
  const url = await serve((_request, response) => response.end('hello'));
  const other = await makeCa('Another CA', clock);
  expect(await (await client({ kind: 'only', ca: ca.cert })(url)).text()).toBe('hello');
  expect(await (await client({ kind: 'system', extraCa: ca.cert })(url)).text()).toBe('hello');
  for (const trust of [
    { kind: 'only', ca: other.cert },
    { kind: 'system', extraCa: null },
    { kind: 'system', extraCa: other.cert },
  ] as const) {
    const failed = await client(trust)(url).catch((error: unknown) => error);
    expect(failed).toMatchObject({ cause: { code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO/) } });
  }
  expect(() => makeFetch({ trust: { kind: 'system', extraCa: 'not a certificate' } })).toThrow(/PEM/);
});

test('a CA of the system counts for the system trust, and not beside a pinned one', async () => {
  const url = await serve((_request, response) => response.end('hello'));
  const pinned = await makeCa('Another CA', clock);
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, ca.cert]);
  stops.push(() => setDefaultCACertificates(before));
  expect((await client({ kind: 'system', extraCa: null })(url)).status).toBe(200);
  await expect(client({ kind: 'only', ca: pinned.cert })(url)).rejects.toThrow('fetch failed');
});

test('method, headers and body arrive; status, headers and decoded body come back', async () => {
  const url = await serve((request, response) => {
    request.setEncoding('utf8').on('data', body => {
      response.writeHead(201, { 'content-encoding': 'gzip', 'retry-after': '1.5', 'DPoP-Nonce': 'n' });
      response.end(gzipSync(`${request.method} ${request.headers['x-lintel']} ${body}`));
    });
  });
  const answer = await client({ kind: 'only', ca: ca.cert })(url, {
    method: 'POST',
    headers: { 'x-lintel': '1' },
    body: 'b',
  });
  expect(answer).toBeInstanceOf(Response);
  expect(answer.status).toBe(201);
  expect(answer.headers.get('dpop-nonce')).toBe('n');
  expect(answer.headers.get('retry-after')).toBe('1.5');
  expect(await answer.text()).toBe('POST 1 b');
});

test('redirects are answers, and answers without a body are too', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/204') response.writeHead(204).end();
    else response.writeHead(302, { location: 'https://elsewhere.example/' }).end();
  }, false);
  const fetch = client({ kind: 'system', extraCa: null });
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get('location')]).toEqual([302, 'https://elsewhere.example/']);
  expect((await fetch(`${url}/204`)).status).toBe(204);
});

test('the deadline covers a missing head and a dripping body; a stream may take longer', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/silent') return;
    response.write('first');
    const timer = setInterval(() => response.write('.'), 30);
    const end = setTimeout(() => response.end('last'), 450);
    response.on('close', () => {
      clearInterval(timer);
      clearTimeout(end);
    });
  }, false);
  const fetch = client({ kind: 'system', extraCa: null });
  const deadline = milliseconds(150);
  await expect(fetch(`${url}/silent`, { deadline })).rejects.toMatchObject({ name: 'TimeoutError' });
  await expect(fetch(`${url}/drip`, { deadline })).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(await (await fetch(`${url}/drip`, { deadline, isStream: true })).text()).toMatch(/^first.*last$/);
});

test('a signal ends a request and a stream, with its own reason', async () => {
  let closed = 0;
  const url = await serve((_request, response) => {
    response.write('first');
    response.on('close', () => closed++);
  }, false);
  const fetch = client({ kind: 'system', extraCa: null });
  const abort = new AbortController();
  const answer = await fetch(url, { isStream: true, signal: abort.signal });
  const reader = answer.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('first');
  abort.abort(new Error('enough'));
  await expect(reader?.read()).rejects.toThrow('enough');
  await expect(fetch(url, { signal: abort.signal })).rejects.toThrow('enough');
  await expect.poll(() => closed).toBe(1);
});

test('proxies of the environment are used, through a tunnel for https, except for NO_PROXY and loopback', async () => {
  const seen: string[] = [];
  const target = await serve((_request, response) => response.end('behind the proxy'));
  const proxy = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.end('from the proxy');
  });
  proxy.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url}`);
    const onward = connect(Number(new URL(target).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) end.on('error', () => onward.destroy());
  });
  const port = await listen(proxy, 0, '127.0.0.1');
  stops.push(() => {
    proxy.closeAllConnections();
    return new Promise(resolve => proxy.close(resolve));
  });
  const address = `http://127.0.0.1:${port}`;
  const fetch = client(
    { kind: 'only', ca: ca.cert },
    { HTTP_PROXY: address, https_proxy: address, NO_PROXY: 'direct.test' },
  );
  expect(await (await fetch('https://central.test/')).text()).toBe('behind the proxy');
  expect(await (await fetch('http://plain.test/x')).text()).toBe('from the proxy');
  expect(await (await fetch(target)).text()).toBe('behind the proxy');
  await expect(fetch('http://direct.test/', { deadline: seconds(2) })).rejects.toThrow();
  expect(seen).toEqual(['CONNECT central.test:443', 'GET http://plain.test/x']);
});

test('a kept connection that the server has closed is not used again', async () => {
  let connections = 0;
  const server = createServer({ keepAliveTimeout: 50 }, (_request, response) => response.end('ok'));
  server.on('connection', () => connections++);
  const port = await listen(server, 0, '127.0.0.1');
  stops.push(() => new Promise(resolve => server.close(resolve)));
  const fetch = client({ kind: 'system', extraCa: null });
  for (let i = 0; i < 4; i++) {
    expect((await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'x' })).status).toBe(200);
    await new Promise(resolve => setTimeout(resolve, 80));
  }
  expect(connections).toBeGreaterThan(1);
});
