/** Labels of the machine we run on: for people and for detecting duplicates, never proof of anything. */
import { readFile } from 'node:fs/promises';
import { hostname, type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import nodeMachineId from 'node-machine-id';
import * as v from 'valibot';
import { MacAddress } from '../contract/values/ids.ts';

export type Machine = { mac: MacAddress | null; machineId: string | null; hostname: string };
type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/** Made by software and often alike on many machines, or new with every start. */
const VIRTUAL = /^(lo|docker|veth|br-|virbr|vmnet|vboxnet|tun|tap|wg|zt|tailscale|cni|flannel|cali|dummy|ifb|bond_)/i;
const NO_MAC = new Set(['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff']);
const LONGEST_HOSTNAME = 200;

/** What can be learnt of this machine; what cannot is null. */
export async function readMachine(): Promise<Machine> {
  const route = await readFile('/proc/net/route', 'utf8').catch(() => '');
  return {
    mac: pickMac(networkInterfaces(), defaultRouteInterface(route)),
    machineId: await readMachineId(),
    hostname: hostname()
      .replaceAll(/\p{Cc}/gu, '')
      .slice(0, LONGEST_HOSTNAME),
  };
}

/**
 * The MAC of the interface with the default route; else of the first physical one by name, universally administered
 * addresses before the ones made up by software.
 */
export function pickMac(interfaces: Interfaces, preferred: string | null): MacAddress | null {
  const candidates = Object.entries(interfaces)
    .filter(([name, infos]) => !VIRTUAL.test(name) && infos?.some(info => !info.internal))
    .flatMap(([name, infos]) => {
      const mac = infos?.map(info => info.mac).find(raw => !NO_MAC.has(raw));
      const parsed = v.safeParse(MacAddress, mac);
      return parsed.success ? [{ name, mac: parsed.output }] : [];
    })
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  function rank(candidate: { name: string; mac: string }): number {
    if (candidate.name === preferred) return 0;
    return isLocallyAdministered(candidate.mac) ? 2 : 1;
  }
  return candidates[0]?.mac ?? null;
}

/** Name of the interface of the default route with the smallest metric in the text of Linux' /proc/net/route. */
export function defaultRouteInterface(table: string): string | null {
  const routes = table
    .split('\n')
    .slice(1)
    .map(line => line.split('\t'))
    .filter(columns => columns[1] === '00000000' && columns[7] === '00000000')
    .sort((a, b) => Number(a[6]) - Number(b[6]));
  return routes[0]?.[0] ?? null;
}

/** IEEE 802: the second lowest bit of the first octet. */
function isLocallyAdministered(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 0b10) !== 0;
}

async function readMachineId(): Promise<string | null> {
  try {
    const id = await nodeMachineId.machineId();
    return /^[0-9a-f]{64}$/.test(id) && id !== HASH_OF_NOTHING ? id : null;
  } catch {
    return null;
  }
}

/** SHA-256 of the empty text: what node-machine-id answers when there is no machine id. */
const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
