/** `lintel demo` as a newcomer meets it, and the commands' bad days. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFetch } from '../../src/platform/http.ts';
import { descendants, freePorts, isAlive, lintel } from './lintel.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lintel-e2e-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const KEYS = [
  'console',
  'panel',
  'graph',
  'authority',
  'tenantId',
  'clientId',
  'clientSecret',
  'caFile',
  'room',
  'username',
  'password',
  'dataDir',
];

describe('lintel demo', () => {
  it('runs twice side by side, says where everything is, and Ctrl-C ends every process it started', {
    timeout: 60_000,
  }, async () => {
    const demos = [lintel(['demo', '--json', '--port', '0']), lintel(['demo', '--json', '--port', '0'])];
    const [one, two] = await Promise.all(demos.map(d => d.ready));
    for (const ready of [one, two]) {
      expect(Object.keys(ready ?? {}).sort()).toEqual([...KEYS].sort());
      for (const key of KEYS) expect(typeof ready?.[key], key).toBe('string');
      const page = await fetch(String(ready?.panel));
      expect(await page.text()).toContain('<div id="panel">');
      const trusted = makeFetch({ trust: { kind: 'only', ca: await readFile(String(ready?.caFile), 'utf8') } });
      expect((await trusted.fetch(String(ready?.console))).status).toBe(200);
      expect((await trusted.fetch(`${ready?.graph}/v1.0/me`)).status).toBe(401);
      const discovery = await trusted.fetch(
        `${ready?.authority}/${ready?.tenantId}/v2.0/.well-known/openid-configuration`,
      );
      expect(await discovery.json()).toMatchObject({ issuer: `${ready?.authority}/${ready?.tenantId}/v2.0` });
      await trusted.close();
    }
    const pids = demos.flatMap(d => descendants(d.child.pid ?? 0));
    expect(pids.length).toBe(6);
    for (const { child } of demos) child.kill('SIGINT');
    for (const { ended } of demos) expect((await ended).code).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(existsSync(String(one?.dataDir))).toBe(false);
  });

  it('leaves nothing behind when it is killed, and finds everything again in its data directory', {
    timeout: 60_000,
  }, async () => {
    const port = String(await freePorts());
    const start = () => lintel(['demo', '--json', '--port', port, '--data-dir', join(dir, 'demo')]);
    const first = start();
    const before = await first.ready;
    const pids = descendants(first.child.pid ?? 0);
    first.child.kill('SIGKILL');
    await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    const began = performance.now();
    const second = start();
    const after = await second.ready;
    expect(performance.now() - began).toBeLessThan(5000);
    const beside = lintel(['demo', '--port', '0', '--data-dir', join(dir, 'demo')]);
    for (const key of ['tenantId', 'clientSecret', 'password', 'console', 'graph', 'room'])
      expect(after[key], key).toBe(before[key]);
    expect(await beside.ended).toMatchObject({
      code: 1,
      err: expect.stringMatching(/already uses the data directory/),
    });
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });
});

describe('the lintel command', () => {
  it.each(['panel', 'central', 'demo', 'tenant', 'doctor'])('%s explains itself', async name => {
    const { code, out } = await lintel([name, '--help']).ended;
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^lintel ${name}: `));
    expect(out).toContain('--help');
  });

  it('names what is in the way, and what to do about it', async () => {
    const blocker = createServer();
    const port = await freePorts();
    await new Promise<void>(resolve => blocker.listen(port, '127.0.0.1', resolve));
    const taken = await lintel(['central', '--host', '127.0.0.1', '--port', String(port), '--data-dir', join(dir, 'c')])
      .ended;
    blocker.close();
    expect([taken.code, taken.err]).toEqual([
      1,
      expect.stringMatching(new RegExp(`port ${port} .*in use[\\s\\S]*--port`)),
    ]);

    const file = join(dir, 'a-file');
    await writeFile(file, '');
    for (const command of ['central', 'tenant', 'panel']) {
      const unwritable = await lintel([command, '--port', '0', '--data-dir', join(file, 'below')]).ended;
      expect([command, unwritable.code, unwritable.err]).toEqual([
        command,
        1,
        expect.stringMatching(/not writable[\s\S]*LINTEL_DATA_DIR/),
      ]);
    }
    const mars = await lintel(['demo', '--port', '0', '--zone', 'Mars/Base']).ended;
    expect([mars.code, mars.err]).toEqual([1, expect.stringContaining('there is no time zone "Mars/Base"')]);
    const nonsense = await lintel(['central', '--port', 'many']).ended;
    expect([nonsense.code, nonsense.err]).toEqual([1, expect.stringContaining('"many" is no port')]);
    expect(await lintel(['central', '--colour']).ended).toMatchObject({
      code: 2,
      err: expect.stringContaining('--colour'),
    });
    expect(await lintel(['backend']).ended).toMatchObject({
      code: 2,
      err: expect.stringContaining('no command "backend"'),
    });
  });

  it('prints the first password once, and --init sets another', async () => {
    const dataDir = join(dir, 'central');
    const first = lintel(['central', '--json', '--port', '0', '--data-dir', dataDir]);
    expect(await first.ready).toMatchObject({ username: 'admin', password: expect.stringMatching(/.{12}/) });
    first.child.kill('SIGTERM');
    await first.ended;
    const second = lintel(['central', '--json', '--port', '0', '--data-dir', dataDir]);
    expect(await second.ready).toMatchObject({ password: null });
    second.child.kill('SIGTERM');
    await second.ended;
    const init = await lintel(['central', '--init', '--data-dir', dataDir], {
      LINTEL_ADMIN_PASSWORD: 'a better password',
    }).ended;
    expect([init.code, init.out]).toEqual([0, expect.stringContaining('admin can log in')]);
    const short = await lintel(['central', '--init', '--data-dir', dataDir], { LINTEL_ADMIN_PASSWORD: 'short' }).ended;
    expect([short.code, short.err]).toEqual([1, expect.stringMatching(/fewer than 8/)]);
  });
});
