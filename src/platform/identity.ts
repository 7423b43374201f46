/** Who this panel is: an ES256 key pair made at first boot, how often it has started, and the proofs it signs. */
import { randomBytes } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import * as v from 'valibot';
import type { Files, Identity, Log } from '../agent/ports.ts';
import type { Clock } from '../contract/values/clock.ts';
import { type MacAddress, PanelId } from '../contract/values/ids.ts';
import { type KeyStore, type KeyStoreKind, makeKeyStore } from './key-store.ts';
import { type Keychain, makeKeychain } from './keychain.ts';
import { readMachine } from './machine.ts';

const STATE_FILE = 'identity';
const State = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    panel: PanelId,
    keyStore: v.picklist(['keychain', 'sealed-file']),
    starts: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  }),
);
type State = v.InferOutput<typeof State>;

const base64url = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));
const PrivateJwk = v.object({
  kty: v.literal('EC'),
  crv: v.literal('P-256'),
  x: base64url,
  y: base64url,
  d: base64url,
});
type PrivateJwk = v.InferOutput<typeof PrivateJwk>;

/** `detail`: what somebody can do about it, for the log and the glass. */
export type IdentityUnusable = { kind: 'unusable'; detail: string };
export type OpenedIdentity = { kind: 'opened'; identity: Identity } | IdentityUnusable;

/**
 * Opens the panel's identity, or makes it at the first start. A key that was sealed on another machine is put aside
 * and a new identity made (the old one would be a clone); one that merely cannot be reached is `unusable`.
 */
export async function openIdentity(options: {
  dataDir: string;
  files: Files;
  clock: Clock;
  log: Log;
  /** `off` keeps the key in a sealed file even where there is a keychain; also the way out of a lost one. */
  keychain: 'auto' | 'off' | Keychain;
  /** Instead of what the machine says, for tests and for several panels on one machine. */
  mac?: MacAddress | null;
  machineId?: string | null;
}): Promise<OpenedIdentity> {
  const { files, clock, log } = options;
  const machine = await readMachine();
  const machineId = options.machineId === undefined ? machine.machineId : options.machineId;
  const keychain = options.keychain === 'off' ? null : options.keychain === 'auto' ? makeKeychain() : options.keychain;
  const keys = makeKeyStore({ dataDir: options.dataDir, files, keychain, machineId, log });

  const key = await loadOrMakeKey(keys, await readState(files), clock, log);
  if (key.kind === 'unusable') return key;
  const { jwk, state, isNew } = key;
  const written = await files.write(STATE_FILE, JSON.stringify(state));
  if (written.kind === 'failed') {
    const detail = `the data directory cannot hold the panel's identity: ${written.detail}`;
    if (isNew) return { kind: 'unusable', detail };
    // The pairing outweighs the counter: at worst central asks an admin about this panel.
    log.error('identity-starts-not-kept', { why: written.why });
  }
  const boot = randomBytes(16).toString('hex');
  const privateKey = await importJWK(jwk, 'ES256');
  const identity: Identity = {
    panel: state.panel,
    keyStore: state.keyStore,
    boot,
    starts: state.starts,
    mac: options.mac === undefined ? machine.mac : options.mac,
    machineId,
    hostname: machine.hostname,
    prove: (method, url, nonce) =>
      new SignJWT({
        htm: method.toUpperCase(),
        htu: withoutQuery(url),
        jti: randomBytes(16).toString('base64url'),
        boot,
        ...(nonce === null ? {} : { nonce }),
      })
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: publicPart(jwk) })
        .setIssuedAt(Math.floor(clock.now() / 1000))
        .sign(privateKey),
  };
  return { kind: 'opened', identity };
}

/** RFC 9449 section 4.2: the target URI without query and fragment. */
function withoutQuery(url: string): string {
  const target = new URL(url);
  return target.origin + target.pathname;
}

async function readState(files: Files): Promise<State | null> {
  const file = await files.read(STATE_FILE);
  if (file.kind !== 'read') return null;
  const parsed = v.safeParse(State, file.text);
  if (parsed.success) return parsed.output;
  await files.setAside(STATE_FILE, 'does not parse');
  return null;
}

type Key = { kind: 'key'; jwk: PrivateJwk; state: State; isNew: boolean } | IdentityUnusable;

async function loadOrMakeKey(keys: KeyStore, before: State | null, clock: Clock, log: Log): Promise<Key> {
  const loaded = await keys.load(before?.keyStore ?? null);
  if (loaded.kind === 'locked') {
    return { kind: 'unusable', detail: `the panel's key cannot be read: ${loaded.detail}` };
  }
  const parsed =
    loaded.kind === 'loaded' ? v.safeParse(v.pipe(v.string(), v.parseJson(), PrivateJwk), loaded.secret) : null;
  if (loaded.kind === 'loaded' && parsed?.success) {
    const panel = await panelIdOf(parsed.output);
    const isKnown = before !== null && before.panel === panel;
    const starts = nextStart(isKnown ? before.starts : 0, clock);
    if (!isKnown) log.warn('identity-starts-lost', { starts });
    return { kind: 'key', jwk: parsed.output, state: { panel, keyStore: loaded.store, starts }, isNew: false };
  }
  if (before !== null) log.warn('identity-lost', { panel: before.panel, keyStore: before.keyStore });
  return makeKey(keys, clock, log);
}

async function makeKey(keys: KeyStore, clock: Clock, log: Log): Promise<Key> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const jwk = v.parse(PrivateJwk, await exportJWK(pair.privateKey));
  const panel = await panelIdOf(jwk);
  const stored = await keys.store(JSON.stringify(jwk));
  if (stored.kind === 'failed') {
    return {
      kind: 'unusable',
      detail: `neither keychain nor data directory can hold the panel's key: ${stored.detail}`,
    };
  }
  const keyStore: KeyStoreKind = stored.store;
  log.info('identity-made', { panel, keyStore });
  return { kind: 'key', jwk, state: { panel, keyStore, starts: nextStart(0, clock) }, isNew: true };
}

/**
 * Grows with every start, even when the one before could not be written down (a full disk must not make a panel look
 * like a copy of itself): the seconds since 1970, or one more than last time where the clock has gone back.
 */
const nextStart = (before: number, clock: Clock) => Math.max(before + 1, Math.floor(clock.now() / 1000));

async function panelIdOf(jwk: PrivateJwk): Promise<PanelId> {
  return v.parse(PanelId, await calculateJwkThumbprint(publicPart(jwk), 'sha256'));
}

function publicPart({ kty, crv, x, y }: PrivateJwk) {
  return { kty, crv, x, y };
}
