/**
 * Some forty ways to be paired without leave that are none (and seventy more in attacks-identity.test.ts). After each of them
 * the intruders ask for a configuration and a token, and get neither; and each has left a line in the log or in the history.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeLicenceKey } from '../../src/contract/values/licence-key.ts';
import { hours, minutes } from '../../src/contract/values/time.ts';
import { Arena, expectNo } from './support/arena.ts';
import type { PanelClient } from './support/panel-client.ts';

const CONFIG = '/panel/v1/config';

let arena: Arena;
beforeAll(async () => {
  arena = await Arena.open();
});
afterAll(() => arena.close());
afterEach(() => arena.nextCase());

describe('codes', () => {
  const approve = (panel: PanelClient, code: string | null) =>
    arena.admin.send('POST', `/free-macs/${panel.id}/approve`, { room: arena.room(), licenceKeyId: null, code });
  const typed = (code: string) => arena.admin.send('POST', '/free-macs/code', { code });
  const confirm = async (panel: PanelClient, code: string) => {
    const answer = await arena.admin.send('POST', '/free-macs/confirm', { panels: [{ panel: panel.id, code }] });
    expect(await answer.json()).toMatchObject({ paired: 0, refused: [{ panel: panel.id }] });
  };
  const altered = (code: string) => code.replace(/^./, first => (first === 'B' ? 'C' : 'B'));

  test('a code that ran out, approved', async () => {
    const panel = await arena.waiting();
    await arena.running.clock.advance(minutes(10));
    arena.mark();
    await expectNo(await approve(panel, panel.code));
    await panel.send('GET', CONFIG).catch(() => {});
    panel.nonce = null;
    await panel.send('GET', CONFIG);
    await arena.expectHeld(panel);
  });
  test('a code that ran out, typed in', async () => {
    const panel = await arena.waiting();
    await arena.register(`${panel.mac},${arena.room()}`);
    await arena.running.clock.advance(minutes(10));
    arena.mark();
    await expectNo(await typed(panel.code));
    await arena.expectHeld(panel);
  });
  test('a code that was used', async () => {
    const panel = await arena.waiting();
    await arena.register(`${panel.mac},${arena.room()}`);
    expect((await typed(panel.code)).status).toBe(200);
    arena.mark();
    await expectNo(await typed(panel.code));
    await arena.expectHeld();
  });
  test('the code of before, after a new one was asked', async () => {
    const panel = await arena.waiting();
    await panel.enrol({ mac: panel.mac, wantsNewCode: true });
    arena.mark();
    await expectNo(await approve(panel, panel.code));
    await arena.expectHeld(panel);
  });
  test('the code of another panel, for a row', async () => {
    const [panel, other] = [await arena.waiting(), await arena.waiting()];
    arena.mark();
    await expectNo(await approve(panel, other.code));
    await arena.expectHeld(panel, other);
  });
  test('the code of another panel, confirmed', async () => {
    const [panel, other] = [await arena.waiting(), await arena.waiting()];
    await arena.register(`${panel.mac},${arena.room()}`);
    arena.mark();
    await confirm(panel, other.code);
    await arena.expectHeld(panel, other);
  });
  test('the code of another panel, in a table', async () => {
    const [panel, other] = [await arena.waiting(), await arena.waiting()];
    arena.mark();
    const csv = `mac,room,code\n${panel.mac},${arena.room()},${other.code}`;
    for (const isDryRun of [true, false]) {
      const answer = await arena.admin.send('POST', '/registrations/import', { csv, isDryRun });
      const rows = [{ verdict: 'registers', message: 'The panel shows another code.' }];
      expect(await answer.json()).toMatchObject({ paired: 0, rows });
    }
    await arena.expectHeld(panel, other);
  });
  test.each([
    ['with one letter changed', (code: string) => altered(code)],
    ['with one letter missing', (code: string) => code.slice(1)],
    ['with one letter more', (code: string) => `${code}B`],
    ['backwards', (code: string) => [...code].reverse().join('')],
    ['that is empty', () => ''],
    ['that is a pattern', () => '%'],
    ['that is a piece of SQL', () => `' or code <> '`],
    [
      'of letters that look alike',
      (code: string) => code.replaceAll(/[A-Z]/g, letter => `${letter.normalize('NFD')}\u0301`),
    ],
  ])('a code %s, typed in', async (_name, change) => {
    const panel = await arena.waiting();
    await arena.register(`${panel.mac},${arena.room()}`);
    arena.mark();
    await expectNo(await typed(change(panel.code)));
    await arena.expectHeld(panel);
  });
  test('the code of a panel that was rejected', async () => {
    const panel = await arena.rejected();
    await arena.register(`${panel.mac},${arena.room()}`);
    arena.mark();
    await expectNo(await typed(panel.code));
    await arena.expectHeld(panel);
  });
  test('the code that a revoked panel once had', async () => {
    const panel = await arena.revoked();
    await arena.register(`${panel.mac},${arena.room()}`);
    arena.mark();
    await expectNo(await typed(panel.code));
    await confirm(panel, panel.code);
    await arena.expectHeld(panel);
  });
  test('a new code, asked for by a revoked panel itself, and the key that it was paired with', async () => {
    const panel = await arena.revoked();
    const { key } = await arena.key();
    arena.mark();
    expect(await panel.enrol({ mac: panel.mac, wantsNewCode: true })).toEqual({ kind: 'revoked', panel: panel.id });
    await expectNo(await arena.typeKey(panel, key, arena.room()));
    await arena.expectHeld(panel);
  });
  test('a sixth code after five wrong ones, though it is right', async () => {
    const panel = await arena.waiting();
    await arena.register(`${panel.mac},${arena.room()}`);
    arena.mark();
    for (let n = 0; n < 5; n++) await expectNo(await typed(altered(panel.code)));
    await expectNo(await typed(panel.code));
    await expectNo(await approve(panel, panel.code));
    await confirm(panel, panel.code);
    await arena.expectHeld(panel);
  });
});

describe('MACs that are said, not proved', () => {
  test('a registered MAC by itself', async () => {
    const mac = arena.mac();
    await arena.register(`${mac},${arena.room()}`);
    arena.mark();
    await arena.expectHeld(await arena.waiting({ mac }));
  });
  test('a registered MAC beside its real owner, when all rows are confirmed', async () => {
    const mac = arena.mac();
    await arena.register(`${mac},${arena.room()}`);
    const owner = await arena.waiting({ mac });
    arena.mark();
    const spoof = await arena.waiting({ mac });
    const panels = [owner, spoof].map(({ id: panel, code }) => ({ panel, code }));
    const answer = await arena.admin.send('POST', '/free-macs/confirm', { panels });
    expect(await answer.json()).toMatchObject({ paired: 0 });
    await arena.expectHeld(spoof, owner);
  });
  test('a registered MAC with the code in the table of its real owner', async () => {
    const mac = arena.mac();
    const owner = await arena.waiting({ mac });
    arena.mark();
    const spoof = await arena.waiting({ mac });
    expect(await arena.register(`${mac},${arena.room()},,${owner.code}`)).toMatchObject({ paired: 1 });
    await arena.expectHeld(spoof);
  });
  test('the MAC and machine id of a panel that is paired', async () => {
    const victim = await arena.paired();
    arena.mark();
    await arena.expectHeld(await arena.waiting({ mac: victim.mac, machineId: `machine ${victim.mac}` }));
    expect((await arena.admin.waiting()).find(row => row.twins.some(twin => twin.panel === victim.id))).toBeDefined();
  });
  test('a waiting panel that takes on a registered MAC later', async () => {
    const mac = arena.mac();
    await arena.register(`${mac},${arena.room()}`);
    const spoof = await arena.waiting();
    arena.mark();
    await spoof.enrol({ mac, machineId: `machine ${spoof.mac}` });
    await arena.expectHeld(spoof);
  });
  test('a rejected panel with a registered MAC', async () => {
    const spoof = await arena.rejected();
    await arena.register(`${spoof.mac},${arena.room()}`);
    arena.mark();
    await spoof.startedAgain().enrol({ mac: spoof.mac });
    await spoof.send('GET', CONFIG);
    await arena.expectHeld(spoof);
  });
});

describe('licence keys', () => {
  const foreign = (n: number) => makeLicenceKey(Array.from({ length: 24 }, (_, at) => (at * 11 + n * 7) % 32));

  test.each([
    ['of another installation', async () => foreign(1)],
    ['that another panel uses', () => arena.keyInUse()],
    ['that was revoked', () => arena.keyRevoked()],
    ['with one character mistyped', async () => (await arena.key()).key.replace(/^./, c => (c === '7' ? '8' : '7'))],
    [
      'with two characters swapped',
      async () => (await arena.key()).key.replace(/^(.)(.)/, (_, a, b) => (a === b ? `${a}9` : b + a)),
    ],
    ['cut short', async () => (await arena.key()).key.slice(0, -6)],
    ['that is empty', async () => ''],
  ])('a key %s', async (_name, make) => {
    const [key, panel] = [await make(), await arena.waiting()];
    arena.mark();
    await expectNo(await arena.typeKey(panel, key, arena.room()));
    await arena.expectHeld(panel);
  });
  test('a good key for a room that has a panel', async () => {
    const [victim, panel, { key }] = [await arena.paired(), await arena.waiting(), await arena.key()];
    arena.mark();
    await expectNo(await arena.typeKey(panel, key, victim.room));
    await arena.expectHeld(panel);
  });
  test('a good key for a room that there is not', async () => {
    const [panel, { key }] = [await arena.waiting(), await arena.key()];
    arena.mark();
    await expectNo(await arena.typeKey(panel, key, 'atlantis'));
    await arena.expectHeld(panel);
  });
  test('a good key for a room that is kept for another panel', async () => {
    const [panel, { key }, room] = [await arena.waiting(), await arena.key(), arena.room()];
    await arena.register(`${arena.mac()},${room}`);
    arena.mark();
    await expectNo(await arena.typeKey(panel, key, room));
    await arena.expectHeld(panel);
  });
  test('a key that is registered for one room, in another', async () => {
    const [panel, { key }, room] = [await arena.waiting(), await arena.key(), arena.room()];
    await arena.register(`${arena.mac()},${room},${key}`);
    arena.mark();
    await expectNo(await arena.typeKey(panel, key, arena.room()));
    await arena.expectHeld(panel);
  });
  test('a key that is registered for another panel, given by an admin', async () => {
    const [panel, { id, key }] = [await arena.waiting(), await arena.key()];
    await arena.register(`${arena.mac()},${arena.room()},${key}`);
    arena.mark();
    const approval = { room: arena.room(), licenceKeyId: id, code: panel.code };
    await expectNo(await arena.admin.send('POST', `/free-macs/${panel.id}/approve`, approval));
    await panel.send('GET', CONFIG);
    await arena.expectHeld(panel);
  });
  test('a second room with the key that a panel has', async () => {
    const [panel, { key }] = [await arena.waiting(), await arena.key()];
    expect(await (await arena.typeKey(panel, key, arena.room())).json()).toMatchObject({ kind: 'paired' });
    arena.mark();
    await expectNo(await arena.typeKey(panel, key, arena.room()));
    await arena.expectHeld();
  });
  test('one key on two panels at once', async () => {
    const [a, b, { key }] = [await arena.waiting(), await arena.waiting(), await arena.key()];
    arena.mark();
    const answers = await Promise.all([arena.typeKey(a, key, arena.room()), arena.typeKey(b, key, arena.room())]);
    const kinds = await Promise.all(answers.map(async answer => (await answer.json()).kind));
    expect(kinds.sort()).toEqual(['paired', 'refused']);
    const states = await Promise.all([a.state(), b.state()]);
    await arena.expectHeld(...[a, b].filter((_, n) => states[n]?.kind !== 'paired'));
  });
  test('guessing keys', async () => {
    const panel = await arena.waiting();
    arena.mark();
    for (let n = 0; n < 12; n++) await expectNo(await arena.typeKey(panel, foreign(n), arena.room()));
    // Even a right one must wait then.
    await expectNo(await arena.typeKey(panel, (await arena.key()).key, arena.room()));
    await arena.expectHeld(panel);
  });
});

describe('rooms and versions', () => {
  test('a panel that was moved keeps nothing of the room it had', async () => {
    const panel = await arena.paired();
    const [before, after] = [panel.room, arena.room()];
    arena.mark();
    await arena.admin.send('POST', `/panels/${panel.id}/move`, { room: after });
    const config = await (await panel.send('GET', CONFIG)).json();
    expect(config).toMatchObject({ room: { id: after } });
    expect(JSON.stringify(config)).not.toContain(`"${before}"`);
    await arena.expectHeld();
  });
  test('an unpaired panel asks on', async () => {
    const panel = await arena.paired();
    await arena.admin.send('POST', `/panels/${panel.id}/unpair`);
    arena.mark();
    await panel.send('GET', CONFIG);
    await arena.expectHeld(panel);
  });
  test('a panel that waited for an hour, approved from an old page', async () => {
    const panel = await arena.waiting();
    await arena.running.clock.advance(hours(1));
    arena.mark();
    const approval = { room: arena.room(), licenceKeyId: null, code: panel.code };
    await expectNo(await arena.admin.send('POST', `/free-macs/${panel.id}/approve`, approval));
    panel.nonce = null;
    await panel.send('GET', CONFIG);
    await arena.expectHeld(panel);
  });
});

test('that was enough of them', () => {
  expect(arena.held).toBeGreaterThanOrEqual(40);
  console.log(`${arena.held} attacks, nobody got in`);
});
