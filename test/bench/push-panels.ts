/**
 * Many panels in a process of their own, so that their work does not hide central's: each with its own key and its own
 * TLS connection, on which it listens to its stream. Driven by test/bench/push-fleet.ts over the process's channel.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { ClientRequest } from 'node:http';
import { request } from 'node:https';
import * as v from 'valibot';
import { PanelConfig } from '../../src/contract/values/config.ts';
import { PanelState } from '../../src/contract/wire/panel.ts';
import { StreamReader } from './stream-reader.ts';

export type ToPanels =
  | { kind: 'make'; count: number }
  | { kind: 'connect'; url: string; ca: string }
  | { kind: 'await-version'; version: number };
export type FromPanels =
  | { kind: 'made'; panels: { id: string; boot: string }[] }
  | { kind: 'connected' }
  /** When each panel had parsed the configuration of that version, in milliseconds of the machine's monotonic clock. */
  | { kind: 'arrived'; version: number; at: number[]; bytes: number }
  | { kind: 'broke'; detail: string };

type Panel = { id: string; boot: string; jwk: Record<string, unknown>; key: KeyObject };

const panels: Panel[] = [];
const streams: ClientRequest[] = [];
/** Version -> arrivals, one a panel. */
const arrivals = new Map<number, number[]>();
let awaited: number | null = null;
let bytes = 0;
const Config = v.pipe(v.string(), v.parseJson(), PanelConfig);
const State = v.pipe(v.string(), v.parseJson(), PanelState);

const tell = (message: FromPanels) => process.send?.(message);
const now = () => Number(process.hrtime.bigint()) / 1e6;

process.on('message', (message: ToPanels) => {
  void act(message).catch((error: unknown) => tell({ kind: 'broke', detail: String(error) }));
});
process.on('disconnect', () => process.exit());

async function act(message: ToPanels): Promise<void> {
  switch (message.kind) {
    case 'make':
      for (let n = 0; n < message.count; n++) panels.push(makePanel());
      tell({ kind: 'made', panels: panels.map(({ id, boot }) => ({ id, boot })) });
      return;
    case 'connect':
      await connectAll(message.url, message.ca);
      tell({ kind: 'connected' });
      return;
    case 'await-version':
      awaited = message.version;
      report();
  }
}

function makePanel(): Panel {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
  // RFC 7638: the members in the order of their names.
  const id = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return { id, boot: randomBytes(16).toString('hex'), jwk: { crv, kty, x, y }, key: privateKey };
}

async function connectAll(url: string, ca: string): Promise<void> {
  const nonce = await askNonce(url, ca);
  const waiting = [...panels];
  // Some at a time: a thousand handshakes at once are another measurement.
  const worker = async () => {
    for (let panel = waiting.pop(); panel; panel = waiting.pop()) await openStream(panel, url, ca, nonce);
  };
  await Promise.all(Array.from({ length: 20 }, worker));
}

function askNonce(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request(`${url}/panel/v1/state`, { ca, agent: false }, answer => {
      answer.resume();
      resolve(String(answer.headers['dpop-nonce']));
    });
    asking.on('error', reject).end();
  });
}

function openStream(panel: Panel, url: string, ca: string, nonce: string): Promise<void> {
  const address = `${url}/panel/v1/stream`;
  return new Promise((resolve, reject) => {
    const listening = request(
      address,
      { ca, agent: false, headers: { dpop: prove(panel, address, nonce) } },
      answer => {
        if (answer.statusCode !== 200) return reject(new Error(`a stream answered ${answer.statusCode}`));
        const reader = new StreamReader((event, data) => {
          heard(event, data);
          if (event === 'state') resolve();
        });
        answer.on('data', (part: Buffer) => {
          bytes += part.length;
          reader.feed(part);
        });
        answer.on('end', () => tell({ kind: 'broke', detail: 'a stream ended' }));
      },
    );
    listening.on('error', reject).end();
    streams.push(listening);
  });
}

function heard(event: string, data: string) {
  if (event === 'state') v.parse(State, data);
  if (event !== 'config') return;
  const { version } = v.parse(Config, data);
  const at = arrivals.get(version) ?? [];
  arrivals.set(version, at);
  at.push(now());
  report();
}

function report() {
  const at = awaited === null ? undefined : arrivals.get(awaited);
  if (awaited === null || at === undefined || at.length < panels.length) return;
  tell({ kind: 'arrived', version: awaited, at, bytes });
  awaited = null;
  bytes = 0;
}

/** A DPoP proof (RFC 9449), signed without ado. */
function prove(panel: Panel, htu: string, nonce: string): string {
  const claims = { htm: 'GET', htu, jti: randomBytes(16).toString('base64url'), iat: 0, boot: panel.boot, nonce };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ typ: 'dpop+jwt', alg: 'ES256', jwk: panel.jwk })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key: panel.key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
