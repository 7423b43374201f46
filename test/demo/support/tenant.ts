/** A tenant on a free port with a certificate of its own, and a client that trusts it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch, type RequestInit, type Response } from 'undici';
import type { Clock } from '../../../src/contract/values/clock.ts';
import { instant } from '../../../src/contract/values/time.ts';
import { startTenant, type Tenant } from '../../../src/demo/start-tenant.ts';
import { type Ca, issueLeaf, makeCa } from '../../../src/platform/certificates.ts';
import { makeSystemClock } from '../../../src/platform/system-clock.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

export type Reply = { status: number; headers: Headers; text: string; json: Json };
/** A parsed answer whose shape the test itself asserts. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely; the contract checks their shape.
export type Json = any;

export type TestTenant = {
  tenant: Tenant;
  ca: Ca;
  dataDir: string;
  agent: Agent;
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** One JSON call to the control API. */
  control(method: string, path: string, body?: unknown): Promise<Reply>;
  restart(clock?: Clock): Promise<void>;
  stop(): Promise<void>;
};

/** A Friday, 11:07 in Oslo. Time stands still unless a test hands in another clock. */
export const START = instant(Date.parse('2026-11-20T10:07:00Z'));

export async function startTestTenant(
  options: { clock?: Clock; zone?: string; dataDir?: string } = {},
): Promise<TestTenant> {
  const clock = options.clock ?? new VirtualClock(START);
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'lintel-tenant-')));
  const ca = await makeCa('Lintel test CA', makeSystemClock());
  const leaf = await issueLeaf(ca, ['localhost', '127.0.0.1'], makeSystemClock());
  const tls = { key: leaf.key, cert: leaf.chain, ca: ca.cert };
  const log = (event: string, fields?: unknown) => console.error(event, fields);
  const zone = options.zone ?? 'Europe/Oslo';
  const start = (port: number, at: Clock) => startTenant({ dataDir, port, clock: at, tls, zone, log });
  const agent = new Agent({ connect: { ca: ca.cert } });
  const test: TestTenant = {
    tenant: await start(0, clock),
    ca,
    dataDir,
    agent,
    fetch: (url, init) => fetch(url, { dispatcher: agent, redirect: 'manual', ...init }),
    async control(method, path, body) {
      const init =
        body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      return readReply(await test.fetch(`${test.tenant.control}/api${path}`, { method, ...init }));
    },
    async restart(next = clock) {
      const port = Number(new URL(test.tenant.url).port);
      await test.tenant.stop();
      test.tenant = await start(port, next);
    },
    async stop() {
      await test.tenant.stop();
      await agent.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return test;
}

export async function readReply(response: Response): Promise<Reply> {
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: new Headers([...response.headers]),
    text,
    json: isJson ? JSON.parse(text) : null,
  };
}
