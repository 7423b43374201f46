/** A licence key in clear is shown once, to the admin who made it, and is nowhere after that. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeLicenceKey } from '../../src/contract/values/licence-key.ts';
import { Arena } from './support/arena.ts';

let arena: Arena;
beforeAll(async () => {
  arena = await Arena.open();
});
afterAll(() => arena.close());

test('not in the database, its write-ahead log, the log, the history, or any later answer', async () => {
  const [used, typed, kept, revoked, wasted] = [
    await arena.key(),
    await arena.key(),
    await arena.key(),
    await arena.key(),
    await arena.key(),
  ];
  const foreign = makeLicenceKey(Array.from({ length: 24 }, (_, n) => (n * 5 + 3) % 32));
  const mistyped = wasted.key.replace(/^./, c => (c === '7' ? '8' : '7'));
  const answers: string[] = [];
  const note = async (answer: Response) => answers.push(await answer.text());

  const approved = await arena.waiting();
  const approval = { room: arena.room(), licenceKeyId: used.id, code: approved.code };
  await note(await arena.admin.send('POST', `/free-macs/${approved.id}/approve`, approval));
  const panel = await arena.waiting();
  for (const key of [foreign, mistyped, used.key]) await note(await arena.typeKey(panel, key, arena.room()));
  await note(await arena.typeKey(panel, typed.key, null));
  await note(await arena.typeKey(panel, typed.key.toLowerCase(), arena.room()));
  await note(await arena.admin.send('POST', `/licence-keys/${revoked.id}/revoke`));
  const late = await arena.waiting();
  await note(await arena.typeKey(late, revoked.key, arena.room()));
  for (const isDryRun of [true, false]) {
    const rows = [kept.key, foreign, revoked.key, mistyped, used.key].map(
      key => `${arena.mac()},${arena.room()},${key}`,
    );
    const csv = `mac,room,licence key\n${rows.join('\n')}`;
    await note(await arena.admin.send('POST', '/registrations/import', { csv, isDryRun }));
  }
  for (const path of ['/licence-keys', '/licence', '/registrations', '/registrations/export', '/free-macs', '/rooms']) {
    await note(await arena.admin.send('GET', path));
  }

  const texts = [...answers, ...arena.running.log];
  const { dataDir } = arena.running;
  const files = (await readdir(dataDir)).filter(name => name.startsWith('central.db'));
  expect(files.length).toBeGreaterThanOrEqual(2);
  for (const name of files) texts.push((await readFile(join(dataDir, name))).toString('latin1'));
  const everything = texts.join('\n').toUpperCase();
  const secrets = [used.key, typed.key, kept.key, revoked.key, wasted.key, String(foreign), mistyped];
  for (const key of secrets) {
    for (const spelling of [key, key.replaceAll('-', ''), key.replaceAll('-', ' '), key.slice(6, -6)]) {
      expect(everything.includes(spelling)).toBe(false);
    }
  }
  // The search would have found one: what is kept is the hint.
  expect(everything.includes(`${used.key.slice(0, 5)}-…-${used.key.slice(-5)}`)).toBe(true);
});
