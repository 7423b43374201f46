/** Roll-outs from a table: what each row becomes, and that a MAC by itself opens nothing. On both engines. */
import * as v from 'valibot';
import { beforeEach, describe, expect, test } from 'vitest';
import { readRollOut, writeRollOut } from '../../src/central/domain/roll-out-csv.ts';
import { CodeDesk } from '../../src/central/fleet/code-desk.ts';
import { confirmMany, enterCode } from '../../src/central/fleet/confirm.ts';
import { enrol } from '../../src/central/fleet/enrol.ts';
import { listLicenceKeys, makeLicenceKeys, revokeLicenceKey } from '../../src/central/fleet/licences.ts';
import { approve, reject, unpair } from '../../src/central/fleet/pairing.ts';
import { redeemLicenceKey } from '../../src/central/fleet/redeem.ts';
import { deleteRegistration, exportRollOut, listRegistrations } from '../../src/central/fleet/registrations.ts';
import { rollOut } from '../../src/central/fleet/roll-out.ts';
import { listWaiting } from '../../src/central/fleet/waiting.ts';
import { findPanel } from '../../src/central/store/panels.ts';
import { MacAddress, RoomId } from '../../src/contract/values/ids.ts';
import { LicenceKey } from '../../src/contract/values/licence-key.ts';
import { hours } from '../../src/contract/values/time.ts';
import { describeEngines } from './support/engines.ts';
import { enrolment, panelNamed } from './support/enrolment.ts';
import { seedRooms } from './support/running-central.ts';

const mac = (n: number) => v.parse(MacAddress, `02:00:00:00:00:${n.toString(16).padStart(2, '0')}`);
const [a, b, c] = [panelNamed('a'), panelNamed('b'), panelNamed('c')];

describe('the table', () => {
  test('commas or semicolons, a BOM, any line end, headings as people write them, in any order', () => {
    const line = { line: 2, mac: '02-00-00-00-00-01', room: 'Oslo', key: 'K', code: 'C' };
    for (const csv of [
      'mac,room,licence key,code\n02-00-00-00-00-01,Oslo,K,C\n',
      '\uFEFFCode;ROOM;MAC Address;License Key\r\nC;Oslo;02-00-00-00-00-01;K',
      'note,Licence_Key,room address,mac-address,code\r"a, b",K, Oslo ,02-00-00-00-00-01,C\r',
    ]) {
      expect(readRollOut(csv)).toEqual({ kind: 'lines', lines: [line] });
    }
  });

  test('lines are counted as an editor counts them, whatever is empty or broken over several', () => {
    const csv = 'mac,room,note\n\n01,Oslo,"one\ntwo\nthree"\n,,\n02,"Bergen ""North"""\n';
    const read = readRollOut(csv);
    if (read.kind !== 'lines') throw new Error(read.why);
    expect(read.lines.map(({ line, mac, room }) => [line, mac, room])).toEqual([
      [3, '01', 'Oslo'],
      [7, '02', 'Bergen "North"'],
    ]);
  });

  test.each([
    ['', 'no column'],
    ['mac,room', 'no row'],
    ['mac;raum\n1;2', 'no column “room”'],
    ['mac,room,MAC\n1,2,3', '“mac” twice'],
    ['mac,room\n1,"Oslo', 'line 2: a quotation mark is never closed'],
    ['mac,room\n1,Os"lo', 'line 2: a quotation mark'],
  ])('%j cannot be read, and it says why', (csv, why) => {
    expect(readRollOut(csv)).toMatchObject({ kind: 'unreadable', why: expect.stringContaining(why) });
  });

  test('more than 5,000 rows are too many at once', () => {
    const table = (rows: number) => readRollOut(`mac,room\n${'1,2\n'.repeat(rows)}`);
    expect(table(5000).kind).toBe('lines');
    expect(table(5001)).toMatchObject({ kind: 'unreadable', why: expect.stringContaining('5001 rows') });
  });

  test('no cell of an export begins like a formula, and it comes back as it was', () => {
    const rows = ['=cmd()@example.com', '+1', '-1', '@x', '\tx', '"quoted", and more'].map(room => ({
      mac: 'm',
      room,
    }));
    const csv = writeRollOut(rows);
    for (const text of csv.slice(1).split('\r\n').slice(1, -1)) expect(text.split(',')[1]).not.toMatch(/^"?[=+\-@\t]/);
    const read = readRollOut(csv);
    expect(read.kind === 'lines' && read.lines.map(row => row.room.trim())).toEqual(rows.map(row => row.room.trim()));
  });
});

describeEngines(engine => {
  let desk: CodeDesk;
  let keys: { id: string; key: string }[];
  beforeEach(async () => {
    const { store, context, clock } = engine();
    for (const table of ['registrations', 'licence_keys', 'panels', 'rooms', 'settings'] as const) {
      await store.db.deleteFrom(table).execute();
    }
    await seedRooms('Oslo', 'Bergen', 'Hamar', 'Voss')(store.db);
    await clock.advance(hours(1));
    desk = new CodeDesk(context);
    const made = await makeLicenceKeys(context, 4, '', 'admin');
    if (made.kind === 'refused') throw new Error(made.code);
    keys = made.keys;
  });
  const run = async (lines: string[], isDryRun = false) => {
    const csv = `mac,room,licence key,code\n${lines.join('\n')}\n`;
    const answer = await rollOut(engine().context, desk, { csv, isDryRun }, 'admin');
    if (answer.kind === 'refused') throw new Error(answer.message);
    return answer;
  };
  const verdicts = async (lines: string[], isDryRun = false) =>
    (await run(lines, isDryRun)).rows.map(row => row.verdict);
  const begin = async (panel: typeof a, n: number, more = {}) => {
    const enrolled = await enrol(engine().context, panel, '192.0.2.1', enrolment(panel, { mac: mac(n), ...more }));
    if (enrolled.kind !== 'enrolled' || enrolled.state.kind !== 'awaiting-approval') throw new Error(enrolled.kind);
    return enrolled.state.code;
  };
  const stageOf = async (panel: typeof a) => (await findPanel(engine().store.db, panel))?.stage;

  test('a dry run writes nothing; the real run registers; a second one changes nothing', async () => {
    const { store } = engine();
    const lines = [`${mac(1)},oslo@example.com`, `${mac(2)},bergen,${keys[0]?.key.toLowerCase()}`];
    expect(await verdicts(lines, true)).toEqual(['registers', 'registers']);
    expect(await listRegistrations(store.db)).toEqual([]);
    expect(await run(lines)).toMatchObject({ registered: 2, paired: 0, refused: 0 });
    expect(await listRegistrations(store.db)).toMatchObject([
      { mac: mac(2), room: { id: 'bergen', name: 'Bergen' }, licenceKeyHint: expect.stringContaining('…') },
      { mac: mac(1), room: { id: 'oslo', name: 'Oslo' }, licenceKeyHint: null },
    ]);
    expect(await verdicts(lines)).toEqual(['unchanged', 'unchanged']);
    // Another room for a MAC, and a key for one without.
    expect(await verdicts([`${mac(1)},voss,${keys[1]?.key}`, `${mac(2)},Bergen`])).toEqual(['registers', 'unchanged']);
    expect((await listRegistrations(store.db)).map(row => row.room.id)).toEqual(['bergen', 'voss']);
  });

  test('rows that cannot be are refused with the reason, and the others done all the same', async () => {
    const { store, context } = engine();
    await store.db
      .insertInto('rooms')
      .values({ id: 'voss2', name: 'voss', address: 'v2@example.com', zone: 'Europe/Oslo', is_missing: 0 })
      .execute();
    await store.db.updateTable('rooms').set({ is_missing: 1 }).where('id', '=', 'hamar').execute();
    await revokeLicenceKey(context, keys[0]?.id ?? '', 'admin');
    await begin(a, 1);
    await approve(context, a, { room: v.parse(RoomId, 'oslo'), licenceKeyId: keys[1]?.id ?? '', code: null }, 'admin');
    const mistyped = keys[2]?.key.replace(/.$/, last => (last === '0' ? '1' : '0'));
    const answer = await run([
      'nonsense,Nowhere', // 2
      `${mac(9)},`,
      `${mac(10)},Nowhere`,
      `${mac(11)},Voss`, // 5
      `${mac(12)},hamar@example.com`,
      `${mac(13)},Oslo`,
      `${mac(1)},Bergen`, // 8
      `${mac(14)},v2@example.com,${mistyped}`,
      `${mac(15)},v2@example.com,${keys[0]?.key}`,
      `${mac(16)},voss@example.com,${keys[1]?.key}`, // 11
    ]);
    expect(Object.fromEntries(answer.rows.map(row => [row.line, `${row.verdict}: ${row.message}`]))).toEqual({
      2: 'refused: This is not a MAC address.',
      3: 'refused: The room is missing.',
      4: 'refused: There is no room with this address or name.',
      5: 'refused: 2 rooms have this name. Use the room’s address.',
      6: 'refused: The directory no longer lists this room.',
      7: 'refused: Oslo has a panel already. Unpair or replace that one.',
      8: expect.stringContaining('refused: The panel with this MAC address is paired with Oslo.'),
      9: expect.stringContaining('lines 9 and 10'),
      10: expect.stringContaining('lines 9 and 10'),
      11: 'refused: Another panel uses this licence key.',
    });
    expect(
      await run([`${mac(14)},v2@example.com,${mistyped}`, `${mac(15)},voss@example.com,${keys[0]?.key}`]),
    ).toMatchObject({
      rows: [{ message: expect.stringContaining('mistyped') }, { message: 'This licence key was revoked.' }],
    });
    expect(await verdicts([`${mac(1)},Oslo,${keys[1]?.key}`, `${mac(20)},Bergen`, 'x,y'])).toEqual([
      'unchanged',
      'registers',
      'refused',
    ]);
  });

  test('the same MAC, room or key twice in a table: all of them are refused, with their lines', async () => {
    const key = keys[0]?.key;
    const answer = await run([
      `${mac(1)},Oslo,${key}`,
      `${mac(1)},Bergen`,
      `${mac(2)},oslo@example.com`,
      `${mac(3)},Voss,${key}`,
    ]);
    expect(answer.rows.map(row => row.verdict)).toEqual(['refused', 'refused', 'refused', 'refused']);
    expect(answer.rows.map(row => row.message)).toEqual([
      'The same MAC address stands in the lines 2 and 3.',
      'The same MAC address stands in the lines 2 and 3.',
      'The same room stands in the lines 2 and 4.',
      'The same licence key stands in the lines 2 and 5.',
    ]);
    // What is registered already is kept from others, too.
    await run([`${mac(1)},Oslo,${key}`]);
    expect(await run([`${mac(2)},Oslo`, `${mac(3)},Voss,${key}`])).toMatchObject({
      rows: [
        { message: `Oslo is registered for the MAC address ${mac(1)} already.` },
        { message: `This licence key is registered for the MAC address ${mac(1)}.` },
      ],
    });
  });

  test('a row with the code that the panel shows pairs it at once, under its key', async () => {
    const { store } = engine();
    const code = await begin(a, 1);
    const lines = [`${mac(1)},Oslo,${keys[3]?.key},${code.toLowerCase()}`];
    expect(await verdicts(lines, true)).toEqual(['pairs']);
    expect(await stageOf(a)).toBe('waiting');
    expect(await run(lines)).toMatchObject({ paired: 1, registered: 0 });
    expect(await findPanel(store.db, a)).toMatchObject({ stage: 'paired', room_id: 'oslo' });
    expect((await listLicenceKeys(store.db)).find(row => row.id === keys[3]?.id)).toMatchObject({
      state: 'used',
      room: 'Oslo',
    });
    expect(await listRegistrations(store.db)).toEqual([]);
    expect(await verdicts([`${mac(1)},Oslo`])).toEqual(['unchanged']);
  });

  test('of two that report one MAC the one whose code stands in the table is paired', async () => {
    await begin(a, 1);
    const code = await begin(b, 1, { machineId: 'another' });
    expect(await run([`${mac(1)},Oslo,,${code}`])).toMatchObject({ paired: 1 });
    expect([await stageOf(a), await stageOf(b)]).toEqual(['waiting', 'paired']);
  });

  test('a registered MAC by itself gets nothing: a person confirms the code, and not beside a copy', async () => {
    const { context } = engine();
    await run([`${mac(1)},Oslo`]);
    const code = await begin(a, 1);
    expect(await stageOf(a)).toBe('waiting');
    expect(await listWaiting(context)).toMatchObject([
      { panel: a, registration: { room: { id: 'oslo', name: 'Oslo' } }, twins: [] },
    ]);
    // Somebody else says it had that MAC: confirming rows could hit the wrong one.
    const spoofed = await begin(b, 1);
    const panels = [
      { panel: a, code },
      { panel: b, code: spoofed },
      { panel: c, code },
    ];
    expect(await confirmMany(context, desk, { panels }, 'admin')).toMatchObject({
      paired: 0,
      refused: [
        { panel: a, code: 'mac-shared' },
        { panel: b, code: 'mac-shared' },
        { panel: c, code: 'panel-unknown' },
      ],
    });
    // The code that somebody read from the glass tells them apart.
    expect(await enterCode(context, desk, code, 'admin')).toEqual({ kind: 'paired', panel: a, room: 'Oslo' });
    expect(await enterCode(context, desk, spoofed, 'admin')).toEqual({ kind: 'found', panel: b });
    expect(await confirmMany(context, desk, { panels: [{ panel: b, code: spoofed }] }, 'admin')).toMatchObject({
      refused: [{ code: 'not-registered' }],
    });
  });

  test('rows are confirmed together with the codes beside them', async () => {
    const { context } = engine();
    await run([`${mac(1)},Oslo`, `${mac(2)},Bergen`, `${mac(3)},Voss`]);
    const panels = [
      { panel: a, code: await begin(a, 1) },
      { panel: b, code: await begin(b, 2) },
      { panel: c, code: await begin(c, 3) },
    ];
    await reject(context, c, 'admin');
    expect(await confirmMany(context, desk, { panels }, 'admin')).toMatchObject({
      paired: 2,
      refused: [{ panel: c, code: 'code-expired' }],
    });
  });

  test('a registered key typed on a panel is paired with its room at once, and with no other', async () => {
    const { context, store } = engine();
    await run([`${mac(1)},Oslo,${keys[0]?.key}`, `${mac(2)},Voss`]);
    const key = v.parse(LicenceKey, keys[0]?.key);
    await begin(a, 1);
    expect(await redeemLicenceKey(context, a, { key, room: v.parse(RoomId, 'bergen') })).toMatchObject({
      why: 'room-taken',
    });
    expect(await redeemLicenceKey(context, a, { key, room: null })).toMatchObject({ kind: 'paired' });
    expect(await findPanel(store.db, a)).toMatchObject({ room_id: 'oslo' });
    // A key that is kept for nobody opens the rooms that are kept for nobody.
    await begin(b, 9);
    const free = v.parse(LicenceKey, keys[1]?.key);
    const choice = await redeemLicenceKey(context, b, { key: free, room: null });
    expect(choice.kind === 'choose-room' && choice.rooms.map(room => room.id)).toEqual(['bergen', 'hamar']);
    expect(await redeemLicenceKey(context, b, { key: free, room: v.parse(RoomId, 'voss') })).toMatchObject({
      why: 'room-taken',
    });
  });

  test('a room that is kept for a MAC is nobody else’s, until the registration is deleted', async () => {
    const { context } = engine();
    await run([`${mac(1)},Oslo`]);
    await begin(b, 2);
    const approval = { room: v.parse(RoomId, 'oslo'), licenceKeyId: null, code: null };
    expect(await approve(context, b, approval, 'admin')).toMatchObject({ code: 'room-registered' });
    expect(await deleteRegistration(context, mac(1), 'admin')).toEqual({ kind: 'done' });
    expect(await deleteRegistration(context, mac(1), 'admin')).toMatchObject({ code: 'registration-unknown' });
    expect(await approve(context, b, approval, 'admin')).toMatchObject({ kind: 'paired', room: 'Oslo' });
  });

  test('when seats or keys run out, the rest is registered and says so', async () => {
    const { context, store } = engine();
    for (const key of keys.slice(1)) await revokeLicenceKey(context, key.id, 'admin');
    const codes = [await begin(a, 1), await begin(b, 2)];
    const answer = await run([`${mac(1)},Oslo,,${codes[0]}`, `${mac(2)},Bergen,,${codes[1]}`]);
    expect(answer.rows).toMatchObject([
      { verdict: 'pairs' },
      { verdict: 'registers', message: expect.stringContaining('no free licence key') },
    ]);
    expect(await listRegistrations(store.db)).toHaveLength(1);
  });

  test('an export comes back as unchanged', async () => {
    const { context, store } = engine();
    await begin(a, 1);
    await approve(context, a, { room: v.parse(RoomId, 'oslo'), licenceKeyId: keys[0]?.id ?? '', code: null }, 'admin');
    await run([`${mac(2)},Bergen,${keys[3]?.key}`]);
    const csv = await exportRollOut(store.db);
    expect(csv).toBe(
      `\uFEFFmac,room,licence key,code\r\n${mac(2)},bergen@example.com,,\r\n${mac(1)},oslo@example.com,,\r\n`,
    );
    const again = await rollOut(context, desk, { csv, isDryRun: false }, 'admin');
    expect(again.kind === 'answer' && again.rows.map(row => row.verdict)).toEqual(['unchanged', 'unchanged']);
    // Nothing was lost on the way: the key is still kept.
    expect(await listRegistrations(store.db)).toMatchObject([{ licenceKeyHint: expect.stringContaining('…') }]);
    await unpair(context, a, 'admin');
    expect(await exportRollOut(store.db)).not.toContain(mac(1));
  });
});
