import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { defaultRouteInterface, pickMac, readMachine } from '../../src/platform/machine.ts';

const card = (mac: string, internal = false): NetworkInterfaceInfo[] => [
  { address: '10.0.0.7', netmask: '255.0.0.0', family: 'IPv4', mac, internal, cidr: '10.0.0.7/8' },
];

test('the default route decides, then universal addresses, then the name', () => {
  const interfaces = {
    lo: card('00:00:00:00:00:00', true),
    docker0: card('00:11:22:00:00:01'),
    'br-12ab': card('00:11:22:00:00:02'),
    veth1: card('00:11:22:00:00:03'),
    wlan0: card('00:1A:2B:3C:4D:5E'),
    enp3s0: card('00:1a:2b:3c:4d:5f'),
    dead0: card('00:00:00:00:00:00'),
    azure0: card('02:00:00:00:00:01'),
  };
  expect(pickMac(interfaces, 'wlan0')).toBe('00:1a:2b:3c:4d:5e');
  expect(pickMac(interfaces, null)).toBe('00:1a:2b:3c:4d:5f');
  expect(pickMac(interfaces, 'docker0')).toBe('00:1a:2b:3c:4d:5f');
  expect(pickMac({ azure0: interfaces.azure0 }, null)).toBe('02:00:00:00:00:01');
  expect(pickMac({ lo: interfaces.lo, dead0: interfaces.dead0 }, null)).toBeNull();
});

test('the default route with the smallest metric is found in the kernel table', () => {
  const table = [
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    'enp3s0\t0000000A\t00000000\t0001\t0\t0\t100\t000000FF\t0\t0\t0',
    'wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0',
    'enp3s0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\t0\t0',
    '',
  ].join('\n');
  expect(defaultRouteInterface(table)).toBe('enp3s0');
  expect(defaultRouteInterface('')).toBeNull();
});

test('this machine answers, twice alike', async () => {
  const machine = await readMachine();
  expect(machine).toEqual(await readMachine());
  expect(machine.hostname).not.toBe('');
  if (machine.machineId !== null) expect(machine.machineId).toMatch(/^[0-9a-f]{64}$/);
});
