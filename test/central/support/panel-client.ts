/** A panel as far as central can tell: a key of its own, and proofs made with it, good or (on request) bad. */
import { randomBytes } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as v from 'valibot';
import type { Fetch } from '../../../src/central/ports.ts';
import { PanelId } from '../../../src/contract/values/ids.ts';
import { type EnrolRequest, PanelState, WIRE_VERSION } from '../../../src/contract/wire/panel.ts';

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
export type ProofChanges = {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  /** Signs with this key instead of the one in the header. */
  signer?: Keys;
};

export class PanelClient {
  readonly id: PanelId;
  readonly url: string;
  boot: string;
  starts: number;
  nonce: string | null = null;
  readonly #keys: Keys;
  readonly #jwk: Record<string, unknown>;
  readonly #fetch: Fetch;

  private constructor(
    fetch: Fetch,
    url: string,
    keys: Keys,
    jwk: Record<string, unknown>,
    id: PanelId,
    starts: number,
  ) {
    this.#fetch = fetch;
    this.url = url;
    this.#keys = keys;
    this.#jwk = jwk;
    this.id = id;
    this.starts = starts;
    this.boot = randomBytes(16).toString('hex');
  }

  static async make(fetch: Fetch, url: string): Promise<PanelClient> {
    const keys = await generateKeyPair('ES256', { extractable: true });
    const { kty, crv, x, y } = await exportJWK(keys.publicKey);
    const jwk = { kty, crv, x, y };
    const id = v.parse(PanelId, await calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }));
    return new PanelClient(fetch, url, keys, jwk, id, 1);
  }

  /** The same identity started once more: after a restart, or on a copied disk. */
  startedAgain(): PanelClient {
    return new PanelClient(this.#fetch, this.url, this.#keys, this.#jwk, this.id, this.starts + 1);
  }

  async prove(method: string, path: string, changes: ProofChanges = {}): Promise<string> {
    const claims = {
      htm: method,
      htu: this.url + path,
      jti: randomBytes(16).toString('base64url'),
      iat: Math.floor(Date.now() / 1000),
      boot: this.boot,
      ...(this.nonce === null ? {} : { nonce: this.nonce }),
      ...changes.claims,
    };
    return new SignJWT(claims)
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: this.#jwk, ...changes.header })
      .sign((changes.signer ?? this.#keys).privateKey);
  }

  /** One request with this proof, and no second try. */
  async sendWith(proof: string | null, method: string, path: string, body?: unknown): Promise<Response> {
    const answer = await this.#fetch(this.url + path, {
      method,
      headers: {
        ...(proof === null ? {} : { dpop: proof }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    this.nonce = answer.headers.get('dpop-nonce') ?? this.nonce;
    return answer;
  }

  /** As panels do: once more with the nonce of the answer, when it asks for one. */
  async send(method: string, path: string, body?: unknown): Promise<Response> {
    if (this.nonce === null) await this.sendWith(await this.prove('GET', '/panel/v1/state'), 'GET', '/panel/v1/state');
    return this.sendWith(await this.prove(method, path), method, path, body);
  }

  enrolRequest(more: Partial<Record<keyof EnrolRequest, unknown>> = {}): Record<string, unknown> {
    return {
      wireVersion: WIRE_VERSION,
      agentVersion: '0.1.0',
      mac: '02:00:00:00:00:01',
      machineId: 'machine',
      hostname: 'panel-1',
      keyStore: 'sealed-file',
      boot: this.boot,
      starts: this.starts,
      wantsNewCode: false,
      ...more,
    };
  }

  async enrol(more: Partial<Record<keyof EnrolRequest, unknown>> = {}): Promise<PanelState> {
    return stateIn(await this.send('POST', '/panel/v1/enrol', this.enrolRequest(more)));
  }

  async state(): Promise<PanelState> {
    return stateIn(await this.send('GET', '/panel/v1/state'));
  }

  /** What is pushed: `next` waits for the next state, `nextEvent` for whatever comes. */
  async stream() {
    if (this.nonce === null) await this.send('GET', '/panel/v1/state');
    const path = '/panel/v1/stream';
    const abort = new AbortController();
    const answer = await this.#fetch(this.url + path, {
      headers: { dpop: await this.prove('GET', path) },
      isStream: true,
      signal: abort.signal,
    });
    if (!answer.ok || answer.body === null) throw new Error(`the stream answered ${answer.status}`);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const nextEvent = async (): Promise<{ event: string; data: unknown } | 'ended'> => {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end >= 0) {
          const lines = text.slice(0, end);
          text = text.slice(end + 2);
          const data = /^data: (.*)$/m.exec(lines)?.[1];
          if (data !== undefined) return { event: /^event: (.*)$/m.exec(lines)?.[1] ?? '', data: JSON.parse(data) };
          continue;
        }
        const part = await reader.read().catch(() => ({ done: true as const, value: undefined }));
        if (part.done) return 'ended';
        text += part.value;
      }
    };
    return {
      nextEvent,
      /** The next state; other events are passed over. */
      async next(): Promise<PanelState | 'ended'> {
        for (;;) {
          const event = await nextEvent();
          if (event === 'ended') return event;
          if (event.event === 'state') return v.parse(PanelState, event.data);
        }
      },
      stop: () => abort.abort(),
    };
  }
}

async function stateIn(answer: Response): Promise<PanelState> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`central answered ${answer.status} ${text}`);
  return v.parse(PanelState, JSON.parse(text));
}

/** The code of a WireError. */
export async function errorCodeIn(answer: Response): Promise<string> {
  const Body = v.object({ error: v.object({ code: v.string(), message: v.string() }) });
  return v.parse(Body, await answer.json()).error.code;
}
