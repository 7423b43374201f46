import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, EmbeddedJWK, jwtVerify } from 'jose';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Identity, Log } from '../../src/agent/ports.ts';
import type { Clock } from '../../src/contract/values/clock.ts';
import { instant, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { makeFiles } from '../../src/platform/files.ts';
import { openIdentity } from '../../src/platform/identity.ts';
import type { Keychain } from '../../src/platform/keychain.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const THIS_MACHINE = 'a'.repeat(64);
const OTHER_MACHINE = 'b'.repeat(64);
const start = instant(Date.UTC(2026, 10, 20, 12));

let dir = '';
let events: string[] = [];
const log: Log = {
  info: event => events.push(event),
  warn: event => events.push(event),
  error: event => events.push(event),
};
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lintel-identity-'));
  events = [];
});
afterEach(() => rm(dir, { recursive: true, force: true }));

type Options = { dataDir?: string; machineId?: string | null; keychain?: 'off' | Keychain; clock?: Clock };
const tryOpen = (options: Options = {}) => {
  const dataDir = options.dataDir ?? dir;
  return openIdentity({
    dataDir,
    files: makeFiles(dataDir, log),
    clock: options.clock ?? new VirtualClock(start),
    log,
    keychain: options.keychain ?? 'off',
    machineId: options.machineId === undefined ? THIS_MACHINE : options.machineId,
    mac: null,
  });
};
async function open(options: Options = {}): Promise<Identity> {
  const opened = await tryOpen(options);
  if (opened.kind === 'unusable') throw new Error(opened.detail);
  return opened.identity;
}

/** A keychain in memory, which can be taken away. */
function memoryKeychain() {
  const secrets = new Map<string, string>();
  const state = { isAway: false };
  const away = { kind: 'absent', detail: 'locked' } as const;
  const keychain: Keychain = {
    get: async (service, account) =>
      state.isAway ? away : { kind: 'ok', value: secrets.get(`${service}/${account}`) ?? null },
    set: async (service, account, secret) => {
      if (state.isAway) return away;
      secrets.set(`${service}/${account}`, secret);
      return { kind: 'ok', value: null };
    },
  };
  return { keychain, secrets, state };
}

test('the count of starts grows even when it cannot be written down', async () => {
  const later = (by: number) => open({ clock: new VirtualClock(plus(start, seconds(by))) });
  const first = await later(0);
  const kept = await readFile(join(dir, 'identity'));
  const second = await later(1);
  // As after a write onto a full disk: the counter's file is what it was.
  await writeFile(join(dir, 'identity'), kept);
  const third = await later(2);
  expect(second.starts).toBeGreaterThan(first.starts);
  expect(third.starts).toBeGreaterThan(second.starts);
});

test('an identity is made once, survives restarts, and counts them', async () => {
  const first = await open();
  const second = await open();
  expect(first).toMatchObject({ keyStore: 'sealed-file', machineId: THIS_MACHINE, mac: null });
  expect(second.panel).toBe(first.panel);
  expect(second.starts).toBeGreaterThan(first.starts);
  expect(second.boot).toMatch(/^[0-9a-f]{32}$/);
  expect(second.boot).not.toBe(first.boot);
  expect(events.filter(event => event === 'identity-made')).toHaveLength(1);
});

test('a proof is a DPoP proof: RFC 9449, signed by the key whose thumbprint is the panel', async () => {
  const identity = await open();
  const proof = await identity.prove('post', 'https://central.local:4300/panel/v1/enrol?x=1#y', 'nonce-1');
  await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ['ES256'], currentDate: new Date(start) });
  const header = decodeProtectedHeader(proof);
  expect(Object.keys(header.jwk ?? {}).sort()).toEqual(['crv', 'kty', 'x', 'y']);
  expect(await calculateJwkThumbprint(header.jwk ?? {})).toBe(identity.panel);
  expect(decodeJwt(proof)).toEqual({
    htm: 'POST',
    htu: 'https://central.local:4300/panel/v1/enrol',
    jti: expect.stringMatching(/^[\w-]{22}$/),
    iat: start / 1000,
    nonce: 'nonce-1',
    boot: identity.boot,
  });
  const next = await identity.prove('GET', 'https://central.local:4300/panel/v1/state', null);
  expect(decodeJwt(next)).not.toHaveProperty('nonce');
  expect(decodeJwt(next).jti).not.toBe(decodeJwt(proof).jti);
});

test('the private key stands in no file', async () => {
  const { keychain, secrets } = memoryKeychain();
  await open({ keychain });
  const key = v.parse(v.object({ d: v.string() }), JSON.parse([...secrets.values()][0] ?? ''));
  await open({ keychain: 'off' });
  for (const name of await readdir(dir)) {
    const text = await readFile(join(dir, name), 'utf8');
    expect(text).not.toContain(key.d);
    expect(text).not.toMatch(/"d"/);
  }
});

test('a data directory copied to another machine does not open there; the original goes on', async () => {
  const original = await open();
  const copy = `${dir}-copy`;
  await cp(dir, copy, { recursive: true });
  const there = await open({ dataDir: copy, machineId: OTHER_MACHINE });
  expect(there.panel).not.toBe(original.panel);
  expect(there.starts).toBeGreaterThan(1_000_000);
  expect(events).toContain('identity-key-set-aside');
  expect(await readdir(copy)).toContain('identity-key.bad-1');
  await rm(copy, { recursive: true });
  const again = await open();
  expect(again.panel).toBe(original.panel);
  expect(again.starts).toBeGreaterThan(original.starts);
});

test('a machine id that cannot be read just now costs nothing', async () => {
  const original = await open();
  expect(await tryOpen({ machineId: null })).toMatchObject({ kind: 'unusable' });
  const again = await open();
  expect(again.panel).toBe(original.panel);
  expect(again.starts).toBeGreaterThan(original.starts);
});

test('garbage in the key file ends in a new identity, the garbage kept', async () => {
  const original = await open();
  await writeFile(join(dir, 'identity-key'), 'garbage');
  expect((await open()).panel).not.toBe(original.panel);
  expect(await readdir(dir)).toContain('identity-key.bad-1');
});

test('a lost counter never makes the panel look older than it was', async () => {
  const original = await open();
  await writeFile(join(dir, 'identity'), 'garbage');
  const after = await open();
  expect(after.panel).toBe(original.panel);
  expect(after.starts).toBeGreaterThan(1_000_000);
  expect((await open()).starts).toBeGreaterThan(after.starts);
});

test('the keychain is used where there is one, per data directory; away, the key is waited for', async () => {
  const { keychain, state, secrets } = memoryKeychain();
  const one = await open({ keychain });
  expect(one.keyStore).toBe('keychain');
  expect(await readdir(dir)).toEqual(['identity']);
  const neighbour = await mkdtemp(join(tmpdir(), 'lintel-identity-'));
  expect((await open({ keychain, dataDir: neighbour })).panel).not.toBe(one.panel);
  await rm(neighbour, { recursive: true });

  state.isAway = true;
  expect(await tryOpen({ keychain })).toMatchObject({ kind: 'unusable', detail: expect.stringContaining('locked') });
  state.isAway = false;
  expect(await open({ keychain })).toMatchObject({ panel: one.panel, keyStore: 'keychain' });
  expect(await open({ keychain: 'off' })).toMatchObject({ keyStore: 'sealed-file' });
  secrets.clear();
  expect((await open({ keychain })).panel).not.toBe(one.panel);
});

test('a keychain that answers nothing at first boot gives way to the sealed file', async () => {
  const { keychain, state } = memoryKeychain();
  state.isAway = true;
  expect((await open({ keychain })).keyStore).toBe('sealed-file');
  state.isAway = false;
  expect(await open({ keychain })).toMatchObject({ keyStore: 'sealed-file' });
});

test.skipIf(process.getuid?.() === 0)('a directory that takes no file is unusable (not as root)', async () => {
  await chmod(dir, 0o500);
  expect(await tryOpen()).toMatchObject({ kind: 'unusable' });
});

test('nowhere to put the key is unusable', async () => {
  await writeFile(join(dir, 'file'), '');
  expect(await tryOpen({ dataDir: join(dir, 'file') })).toMatchObject({ kind: 'unusable' });
});

const hasKeyring = ['dbus-run-session', 'gnome-keyring-daemon'].every(name => spawnSync('which', [name]).status === 0);
test.skipIf(!hasKeyring)(
  'with a real Secret Service (gnome-keyring on a bus of its own) the key lives there',
  async () => {
    const script = join(import.meta.dirname, 'identity-keychain.ts');
    const unlocked = `printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec '${process.execPath}' '${script}' '${dir}'`;
    expect(await inSession(unlocked)).toMatch(/^keychain \d+,keychain \d+$/);
  },
);

async function inSession(script: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'lintel-home-'));
  const child = spawn('dbus-run-session', ['--', 'sh', '-c', script], {
    env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, XDG_DATA_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', part => {
    output += part;
  });
  await once(child, 'close');
  await rm(home, { recursive: true, force: true });
  return output.trim();
}

test('time on a proof follows the clock that was handed in', async () => {
  const clock = new VirtualClock(start);
  const opened = await openIdentity({ dataDir: dir, files: makeFiles(dir), clock, log, keychain: 'off' });
  if (opened.kind === 'unusable') throw new Error(opened.detail);
  clock.jump(minutes(5));
  const proof = await opened.identity.prove('GET', 'https://central.local/', null);
  expect(decodeJwt(proof).iat).toBe(start / 1000 + 300);
});
