/** The panel's pages and its bridge over 127.0.0.1, behind a secret path. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as v from 'valibot';
import type { Log } from '../../agent/ports.ts';
import type { AgentPort } from '../../contract/bridge/bridge.ts';
import { Intent } from '../../contract/bridge/intent.ts';
import type { Clock } from '../../contract/values/clock.ts';
import { randomHex } from '../../platform/random.ts';
import { listen } from '../../platform/start-error.ts';
import { pickBody, type StaticFiles } from '../../platform/static-files.ts';
import { SECURITY_HEADERS } from '../headers.ts';
import { admit } from './request-guard.ts';
import { makeViewStream } from './view-stream.ts';

const HOST = '127.0.0.1';
const LARGEST_INTENT = 16 * 1024;
const IntentText = v.pipe(v.string(), v.parseJson(), Intent);

export interface LoopbackServer {
  /** `http://127.0.0.1:PORT/TOKEN/`; whoever knows it can use the panel. */
  readonly url: string;
  /** How many pages listen to views. */
  readers(): number;
  stop(): Promise<void>;
}

/** Throws StartError when the port is in use; port 0 takes a free one. */
export async function startLoopbackServer(options: {
  agent: AgentPort;
  files: StaticFiles;
  port: number;
  log: Log;
  clock: Clock;
}): Promise<LoopbackServer> {
  const { agent, files, log } = options;
  const token = randomHex(16);
  const stream = makeViewStream(agent, options.clock);
  let port = options.port;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const admission = admit({ url: request.url ?? '/', method, headers: request.headers }, { port, token });
    if (admission.kind === 'refused') return end(response, admission.status);
    const isRead = method === 'GET' || method === 'HEAD';
    if (admission.path === '/bridge/stream') {
      if (method !== 'GET') return end(response, 405);
      return stream.open(response) ? undefined : end(response, 503);
    }
    if (admission.path === '/bridge/intent') {
      return method === 'POST' ? takeIntent(request, response, agent) : end(response, 405);
    }
    return isRead ? sendFile(request, response, files, admission.path) : end(response, 405);
  }

  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    answer(request, response).catch((error: unknown) => {
      log.error('loopback-request-failed', { detail: error instanceof Error ? error.message : String(error) });
      if (response.headersSent) response.destroy();
      else end(response, 500);
    });
  });
  server.requestTimeout = 10_000;
  try {
    port = await listen(server, options.port, HOST);
  } catch (error) {
    stream.stop();
    throw error;
  }
  return {
    url: `http://${HOST}:${port}/${token}/`,
    readers: stream.readers,
    stop: () =>
      new Promise(resolve => {
        stream.stop();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function takeIntent(request: IncomingMessage, response: ServerResponse, agent: AgentPort): Promise<void> {
  if (request.headers['lintel-panel'] !== '1') return end(response, 403);
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return end(response, 415);
  const text = await readText(request);
  if (text === null) return end(response, 413);
  const intent = v.safeParse(IntentText, text);
  if (!intent.success)
    return end(response, 400, `${v.getDotPath(intent.issues[0]) ?? 'body'}: ${intent.issues[0].message}`);
  agent.intend(intent.output);
  end(response, 204);
}

/** Null when it is longer than an intent can be. */
async function readText(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) return null;
    parts.push(part);
    length += part.length;
    if (length > LARGEST_INTENT) return null;
  }
  return Buffer.concat(parts).toString('utf8');
}

function sendFile(request: IncomingMessage, response: ServerResponse, files: StaticFiles, path: string): void {
  const file = files.lookup(path);
  if (file === null) {
    end(response, 404);
    return;
  }
  response.setHeader('etag', file.etag);
  response.setHeader('cache-control', file.cacheControl);
  response.setHeader('vary', 'accept-encoding');
  if (request.headers['if-none-match'] === file.etag) {
    end(response, 304);
    return;
  }
  const { encoding, body } = pickBody(file, request.headers['accept-encoding']);
  if (encoding !== 'identity') response.setHeader('content-encoding', encoding);
  response.writeHead(200, { 'content-type': file.type, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function end(response: ServerResponse, status: number, reason?: string): void {
  if (reason === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(reason.slice(0, 500));
}
