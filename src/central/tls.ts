/** The certificate central serves with. */
import { hostname, networkInterfaces } from 'node:os';
import type { Clock } from '../contract/values/clock.ts';
import { loadCertificate, type OwnCertificate } from '../platform/own-certificate.ts';

export type ServerCertificate = OwnCertificate & { names: string[] };

/** From central's own CA in the data directory, for every name and address this machine goes by. */
export async function loadServerCertificate(
  dir: string,
  publicUrl: string | null,
  clock: Clock,
): Promise<ServerCertificate> {
  const names = serverNames(publicUrl);
  return { ...(await loadCertificate({ dir, commonName: `Lintel central on ${hostname()}`, names, clock })), names };
}

/** Every name and address by which a panel or browser may call us, lower case. */
function serverNames(publicUrl: string | null): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap(list => list ?? [])
    .filter(({ address }) => !address.startsWith('fe80:'))
    .map(({ address }) => address);
  const chosen = publicUrl === null ? [] : [new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')];
  const own = hostname().toLowerCase();
  const all = ['localhost', '127.0.0.1', '::1', ...(isDnsName(own) ? [own] : []), ...addresses, ...chosen];
  return [...new Set(all.map(name => name.toLowerCase()))];
}

function isDnsName(name: string): boolean {
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name);
}
