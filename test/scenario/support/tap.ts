/** Stands between two parties that speak HTTPS, writes down what both say, and may put other words into an answer. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as send } from 'node:https';
import type { AddressInfo } from 'node:net';

export type Exchange = { method: string; path: string; request: string; answer: string };
export type Answer = { status: number; type: string; body: string };
/** Null: the answer passes as it is, as it comes. */
export type Tamper = (exchange: Exchange) => ((answer: Answer) => Answer) | null;

export type Tap = { port: number; exchanges: readonly Exchange[]; forget(): void; stop(): Promise<void> };
export type TapOptions = {
  /** 0 takes a free one. */
  port: number;
  to: { host: string; port: number };
  /** PEM. The certificate speaks for `localhost`, here and there. */
  tls: { key: string; cert: string; ca: string };
  tamper?: Tamper;
};

export async function startTap({ port, to, tls, tamper = () => null }: TapOptions): Promise<Tap> {
  const exchanges: Exchange[] = [];
  // A connection of its own for each: one that is used again may just be ending.
  const agent = new Agent({ keepAlive: false, ca: tls.ca });

  async function pass(incoming: IncomingMessage, response: ServerResponse) {
    const body = await readAll(incoming);
    const { method = 'GET', url: path = '/' } = incoming;
    const said = incoming.rawHeaders.join('\n');
    const exchange: Exchange = { method, path, request: `${said}\n${body.toString('latin1')}`, answer: '' };
    exchanges.push(exchange);
    const change = tamper(exchange);
    const headers = { ...incoming.headers, 'accept-encoding': 'identity' };
    const outgoing = send({ ...to, agent, servername: 'localhost', method, path, headers });
    response.on('close', () => outgoing.destroy());
    outgoing.on('error', () => response.destroy());
    outgoing.on('response', answer => {
      answer.on('error', () => response.destroy());
      exchange.answer = `${answer.rawHeaders.join('\n')}\n`;
      const { statusCode = 502, headers: heads } = answer;
      if (change === null) {
        response.writeHead(statusCode, heads);
        answer.on('data', (part: Buffer) => {
          exchange.answer += part.toString('latin1');
          response.write(part);
        });
        answer.on('end', () => response.end());
        return;
      }
      void readAll(answer).then(
        whole => {
          const type = heads['content-type'] ?? '';
          const changed = change({ status: statusCode, type, body: whole.toString('utf8') });
          exchange.answer += changed.body;
          const { 'content-length': _, 'transfer-encoding': __, ...rest } = heads;
          response.writeHead(changed.status, { ...rest, 'content-type': changed.type }).end(changed.body);
        },
        () => response.destroy(),
      );
    });
    outgoing.end(body);
  }

  const server = createServer({ key: tls.key, cert: tls.cert }, (incoming, response) => {
    pass(incoming, response).catch(() => response.destroy());
  });
  // Longer than anybody keeps one unused.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const bound: AddressInfo | string | null = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    exchanges,
    forget: () => void exchanges.splice(0),
    stop: () =>
      new Promise(resolve => {
        server.close(() => {
          agent.destroy();
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) if (Buffer.isBuffer(part)) parts.push(part);
  return Buffer.concat(parts);
}
