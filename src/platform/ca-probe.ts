import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import type { CaProbe } from '../agent/ports.ts';
import { type Duration, seconds } from '../contract/values/time.ts';
import { splitPem } from './certificates.ts';
import { errorCode } from './start-error.ts';

const DEADLINE = seconds(5);
/** OpenSSL's and Node's words for an answer that is not TLS. */
const NOT_TLS =
  /wrong version number|unknown protocol|packet length too long|http request|EPROTO|disconnected before secure/i;

/**
 * Looks which CA stands at the end of the chain that a server presents, without believing it: nothing is sent but
 * the TLS handshake. What is found is trusted only after people have compared the four words.
 */
export function makeCaProbe(deadline: Duration = DEADLINE): CaProbe {
  return async url => {
    const target = URL.parse(url);
    if (target === null) return { kind: 'unreachable', detail: 'not an address' };
    if (target.protocol !== 'https:') return { kind: 'no-tls', detail: `${target.protocol} is not https:` };
    // `rejectUnauthorized: false` is the purpose of this file; the socket is closed before a byte of ours is written.
    const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
    return new Promise(resolve => {
      const socket = connect({
        host,
        port: Number(target.port || 443),
        servername: serverName(host),
        rejectUnauthorized: false,
      });
      const finish = (answer: Awaited<ReturnType<CaProbe>>) => {
        clearTimeout(timer);
        socket.destroy();
        resolve(answer);
      };
      const timer = setTimeout(
        () => finish({ kind: 'unreachable', detail: `no answer within ${deadline / 1000} s` }),
        deadline,
      );
      socket.once('secureConnect', () => finish(lastOfChain(socket)));
      socket.once('error', error => finish(explain(error)));
    });
  };
}

/** SNI takes names only (RFC 6066 section 3). */
function serverName(host: string): string {
  return /^[\d.]+$|:/.test(host) ? '' : host;
}

function lastOfChain(socket: TLSSocket): Awaited<ReturnType<CaProbe>> {
  let last: DetailedPeerCertificate = socket.getPeerCertificate(true);
  if (last.raw === undefined) return { kind: 'no-tls', detail: 'the server presented no certificate' };
  // A self-signed certificate is its own issuer; a chain without its root just ends.
  for (let depth = 0; depth < 10; depth++) {
    const issuer = last.issuerCertificate;
    if (issuer?.raw === undefined || issuer.fingerprint256 === last.fingerprint256) break;
    last = issuer;
  }
  const base64 = last.raw.toString('base64').replace(/.{64}/g, '$&\n');
  const [pem] = splitPem(`-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`);
  return pem === undefined ? { kind: 'no-tls', detail: 'no certificate' } : { kind: 'ca', pem };
}

function explain(error: Error): Awaited<ReturnType<CaProbe>> {
  const code = errorCode(error);
  const detail = `${code ?? error.name}: ${error.message}`;
  return { kind: NOT_TLS.test(detail) ? 'no-tls' : 'unreachable', detail };
}
