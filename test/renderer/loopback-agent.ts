import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PANEL_CSP, TYPES } from './serve-static.ts';

const FRAME = '/frame';
const framing = (address: string) =>
  `<!doctype html><link rel="icon" href="data:,"><iframe src="${address}" style="width:1280px;height:700px"></iframe>`;

type Intended = { header: string | undefined; type: string | undefined; body: unknown };
export type LoopbackAgent = Awaited<ReturnType<typeof startLoopbackAgent>>;

/**
 * The agent's end of the loopback bridge, reduced to what the page can see of it. `secret`: the path below which it is
 * served; beside it stands a page that shows it in a frame, as a reverse proxy's may.
 */
export async function startLoopbackAgent(folder: string, secret = '/k3-9fQ') {
  const streams = new Set<ServerResponse>();
  const intents: Intended[] = [];
  const requests: { path: string; bytes: number }[] = [];
  let last: string | null = null;
  const agent = { isAway: false };

  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    if (agent.isAway) return response.writeHead(503).end();
    if (path === FRAME) return response.writeHead(200, { 'content-type': 'text/html' }).end(framing(`.${secret}/`));
    if (!path.startsWith(`${secret}/`)) return response.writeHead(404).end();
    const name = path.slice(secret.length);
    if (name === '/bridge/stream') {
      requests.push({ path, bytes: 0 });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      streams.add(response);
      response.on('close', () => streams.delete(response));
      if (last !== null) response.write(`event: view\ndata: ${last}\n\n`);
      return;
    }
    if (name === '/bridge/intent') {
      const body = JSON.parse((await request.toArray()).join(''));
      intents.push({
        header: request.headers['lintel-panel']?.toString(),
        type: request.headers['content-type'],
        body,
      });
      return response.writeHead(204).end();
    }
    const file = name === '/' ? '/index.html' : name;
    try {
      const raw = await readFile(join(folder, file));
      const isPacked = extname(file) === '.woff2';
      const body = isPacked ? raw : gzipSync(raw);
      requests.push({ path, bytes: body.length });
      response.writeHead(200, {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        ...(isPacked ? {} : { 'content-encoding': 'gzip' }),
        'content-security-policy': PANEL_CSP,
      });
      response.end(body);
    } catch {
      requests.push({ path, bytes: 0 });
      response.writeHead(404).end();
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const dropStreams = () => {
    for (const stream of streams) stream.destroy();
  };
  return Object.assign(agent, {
    url: `http://127.0.0.1:${port}${secret}/`,
    frameUrl: `http://127.0.0.1:${port}${FRAME}`,
    intents,
    requests,
    dropStreams,
    say(json: string) {
      last = json;
      for (const stream of streams) stream.write(`event: view\ndata: ${json}\n\n`);
    },
    stop() {
      dropStreams();
      server.closeAllConnections();
      return new Promise<void>(resolve => server.close(() => resolve()));
    },
  });
}
