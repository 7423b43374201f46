import { createServer, type Server } from 'node:https';
import { getRequestListener } from '@hono/node-server';
import { seconds } from '../../contract/values/time.ts';
import { errorCode, listen, StartError } from '../../platform/start-error.ts';
import type { Log } from '../ports.ts';
import type { ServerCertificate } from '../tls.ts';
import { makeApp } from './app.ts';
import type { Services } from './env.ts';

export function makeServer(certificate: ServerCertificate, services: Services, version: string, log: Log): Server {
  const app = makeApp(services, version);
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer(
    {
      key: certificate.key,
      cert: certificate.chain,
      minVersion: 'TLSv1.2',
      // Slow senders are cut; event streams are answers, not requests, and live on.
      headersTimeout: seconds(10),
      requestTimeout: seconds(30),
      keepAliveTimeout: seconds(65),
      maxHeaderSize: 16 * 1024,
    },
    (request, response) => {
      listener(request, response).catch((error: unknown) => log.error('listener-broke', { detail: String(error) }));
    },
  );
  // Port scans and browsers that dislike our CA: not worth a line each, and no reason to end.
  server.on('tlsClientError', () => {});
  return server;
}

/** Both families where there are both; machines without IPv6 get IPv4. */
export async function listenSomewhere(
  server: Server,
  port: number,
  host: string,
  mayFallBack: boolean,
): Promise<number> {
  try {
    return await listen(server, port, host);
  } catch (error) {
    const isNoIpv6 = errorCode(error) === 'EAFNOSUPPORT';
    const isNotHere = error instanceof StartError && error.kind === 'address-not-here';
    if (!mayFallBack || !(isNoIpv6 || isNotHere)) throw error;
    return listen(server, port, '0.0.0.0');
  }
}

export function closeServer(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
