/** Whose calendars a panel may touch through central: its own room's, a little of those it may offer, nobody else's. */
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EventId, RoomId } from '../../src/contract/values/ids.ts';
import type { Policy } from '../../src/contract/values/policy.ts';
import { minutes, plus, type Span, toIso } from '../../src/contract/values/time.ts';
import { NewVersion, Policies, RoomRow } from '../../src/contract/wire/console.ts';
import { RoomsOnOffer } from '../../src/contract/wire/panel.ts';
import { userClient, utc } from '../demo/support/graph-client.ts';
import { errorCodeIn, PanelClient } from './support/panel-client.ts';
import { type Door, makeSlots, newKey, type RelayOffice, startRelayOffice } from './support/relay-office.ts';

let office: RelayOffice;
let aurora: Door;
let birch: Door;
let foreign: RoomId;
const slot = makeSlots();
const iso = ({ start, end }: Span) => ({ start: toIso(start), end: toIso(end) });
/** Every answer that a panel got, headers included. */
const answers: string[] = [];

beforeAll(async () => {
  office = await startRelayOffice();
  aurora = await office.pair('aurora');
  birch = await office.pair('birch');
  const connection = await office.session.add({ name: 'Elsewhere', access: 'relay' });
  const place = { name: 'Foreign', zone: 'Europe/Oslo', capacity: null, building: null, floor: null, equipment: [] };
  const room = { connection, address: 'foreign@lintel.example', ...place };
  foreign = v.parse(RoomId, (await office.session.admin.ask('POST', '/rooms', RoomRow, room)).id);
  for (const { panel } of [aurora, birch]) {
    const send = panel.send.bind(panel);
    panel.send = async (...request) => {
      const answer = await send(...request);
      answers.push(await answer.clone().text(), JSON.stringify([...answer.headers]));
      return answer;
    };
  }
});
afterAll(() => office?.stop());

const EVENT = { event: 'AAMkADnowhere', version: 'W/"1"' };
const METHODS: Record<string, () => object> = {
  '/list': () => ({ window: slot(), isShareable: true }),
  '/book': () => ({ key: newKey(), span: slot(), title: 'Booked at the door' }),
  '/change-end': () => ({ ...EVENT, end: slot().end }),
  '/cancel': () => EVENT,
  '/decline': () => ({ event: EVENT.event, comment: '' }),
  '/decline-series': () => ({ series: EVENT.event, comment: '' }),
  '/schedule': () => ({ rooms: [office.addressOf('birch')], window: slot() }),
  '/invitations/send': () => ({ key: newKey(), span: slot(), title: 'Booked at the door' }),
  '/invitations/find': () => ({ uid: 'nobody-has-this' }),
  '/invitations/answer': () => ({ invitation: EVENT.event }),
  '/invitations/change-end': () => ({ invitation: EVENT.event, end: slot().end }),
  '/invitations/withdraw': () => ({ invitation: EVENT.event }),
};
/** Of a room on offer: what may be asked at all, and what only about things that this panel made there. */
const OFFERED = ['/list', '/book', '/invitations/send', '/invitations/find'];

describe.each(Object.entries(METHODS))('%s', (path, body) => {
  const ask = (panel: PanelClient, room: string) => office.ask(panel, path, { room, ...body() });

  test('is answered for the own room', async () => {
    const answer = await ask(aurora.panel, aurora.room);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  });

  test('is, for a room on offer, answered or turned away', async () => {
    const answer = await ask(aurora.panel, office.idOf('cedar'));
    if (OFFERED.includes(path)) return expect(answer.status).toBe(200);
    expect([answer.status, await errorCodeIn(answer)]).toEqual([403, 'not-your-room']);
  });

  test('is turned away for rooms of another connection, and for rooms there are not', async () => {
    for (const room of [foreign, 'no-such-room']) {
      const answer = await ask(aurora.panel, room);
      expect([answer.status, await errorCodeIn(answer)]).toEqual([403, 'not-your-room']);
    }
  });

  test('is turned away for panels that are not paired, and without a proof', async () => {
    const { fetch, url } = office.session.running;
    const stranger = await PanelClient.make(fetch, url);
    const unknown = await ask(stranger, aurora.room);
    expect([unknown.status, await errorCodeIn(unknown)]).toEqual([403, 'not-enrolled']);
    await stranger.enrol({ mac: null, machineId: null });
    const waiting = await ask(stranger, aurora.room);
    expect([waiting.status, await errorCodeIn(waiting)]).toEqual([403, 'not-paired']);
    const bare = await stranger.sendWith(null, 'POST', `/panel/v1/calendar${path}`, { room: aurora.room, ...body() });
    expect(bare.status).toBe(401);
  });

  test('takes nothing but what the wire describes', async () => {
    for (const wrong of [{}, { room: aurora.room }, { room: 7, ...body() }, []]) {
      expect((await office.ask(aurora.panel, path, wrong)).status).toBe(400);
    }
    const long = await office.ask(aurora.panel, path, { room: aurora.room, ...body(), title: 'x'.repeat(40_000) });
    expect(long.status).toBe(413);
  });
});

test('an answer about another room names nobody and says nothing of what', async () => {
  const span = slot();
  await office.book('birch', { ...iso(span), subject: 'Canary in the mine' });
  expect(await birch.calendar.list(span)).toMatchObject({ meetings: [{ title: { text: 'Canary in the mine' } }] });
  const seen = await office.elsewhere(aurora, 'birch').list(span);
  const [meeting] = seen.kind === 'listed' ? seen.meetings : [];
  expect(meeting).toMatchObject({
    title: { kind: 'none' },
    organizer: null,
    uid: null,
    series: null,
    occupies: 'busy',
  });
  expect(JSON.stringify(seen)).not.toMatch(/Canary|Solberg/);
});

test('in another room a panel takes back what it booked there, and nothing else', async () => {
  const there = office.elsewhere(aurora, 'birch');
  const [mine, theirs, persons] = [slot(), slot(), slot()];
  const booked = await there.book({ key: newKey(), span: mine, title: 'Booked at the door' });
  const other = await birch.calendar.book({ key: newKey(), span: theirs, title: 'Booked at the door' });
  await office.book('birch', { ...iso(persons), subject: 'Budget' });
  const listed = await birch.calendar.list(persons);
  if (booked.kind !== 'booked' || other.kind !== 'booked' || listed.kind !== 'listed') throw new Error('not set up');
  for (const meeting of [other.meeting, ...listed.meetings]) {
    expect(await there.cancel(meeting.id, null)).toMatchObject({ detail: expect.stringContaining('403') });
  }
  expect(await birch.calendar.list(theirs)).toMatchObject({ meetings: [{ id: other.meeting.id }] });
  expect(await there.cancel(booked.meeting.id, null)).toEqual({ kind: 'done' });
  expect(await birch.calendar.list(mine)).toMatchObject({ meetings: [] });
});

test("a key that was read in another room's calendar does not open what it stands for", async () => {
  const there = office.elsewhere(aurora, 'birch');
  const span = slot();
  const booked = await birch.calendar.book({ key: newKey(), span, title: 'Booked at the door' });
  const seen = await there.list(span);
  const [meeting] = seen.kind === 'listed' ? seen.meetings : [];
  if (booked.kind !== 'booked' || meeting?.bookingKey == null) throw new Error('not set up');
  // At the same time, and at another, where Graph answers with the event that has the key.
  for (const at of [span, slot()]) {
    const stolen = await there.book({ key: meeting.bookingKey, span: at, title: 'Booked at the door' });
    expect(stolen).toMatchObject({ kind: 'failed', detail: expect.stringContaining('403') });
    expect(await there.cancel(meeting.id, null)).toMatchObject({ detail: expect.stringContaining('403') });
  }
  expect(await birch.calendar.list(span)).toMatchObject({ meetings: [{ id: booked.meeting.id }] });
});

test('a booking in another room whose answer was lost is found by its key, and taken back', async () => {
  const there = office.elsewhere(aurora, 'birch');
  const { faults } = office.session.tenant.tenant;
  const span = slot();
  const mailbox = office.addressOf('birch');
  faults.add({ kind: 'lost-reply', mailbox, method: 'POST', times: null });
  faults.add({ kind: 'lost-reply', mailbox, method: 'GET', times: null });
  const key = newKey();
  // The look before it is lost as well: nothing is booked without one.
  expect(await there.book({ key, span, title: 'Booked at the door' })).toMatchObject({ isOutcomeUnknown: false });
  faults.clear();
  faults.add({ kind: 'lost-reply', mailbox, method: 'POST', times: null });
  expect(await there.book({ key, span, title: 'Booked at the door' })).toMatchObject({ kind: 'booked' });
  faults.clear();
  const seen = await there.list(span);
  const mine = seen.kind === 'listed' ? seen.meetings.find(({ bookingKey }) => bookingKey === key) : undefined;
  if (mine === undefined) throw new Error('it is not there');
  expect(await there.cancel(mine.id, null)).toEqual({ kind: 'done' });
});

describe("the inviter's calendar is everybody's, and each panel sees its own part of it", () => {
  async function invitedBy(door: Door) {
    const request = { key: newKey(), span: slot(), title: 'Booked at the door' };
    const sent = await door.calendar.invitations?.send(request);
    if (sent?.kind !== 'invited') throw new Error(JSON.stringify(sent));
    return { ...sent, request, end: plus(request.span.end, minutes(15)) };
  }
  const touch = (calendar: Door['calendar'], { invitation, uid, end }: Awaited<ReturnType<typeof invitedBy>>) => [
    calendar.invitations?.find({ uid }),
    calendar.invitations?.answerTo(invitation),
    calendar.invitations?.changeEnd(invitation, end),
    calendar.invitations?.withdraw(invitation),
  ];

  test("another room's invitations are out of reach, through the own room and through that room", async () => {
    const sent = await invitedBy(birch);
    for (const outcome of touch(aurora.calendar, sent))
      expect(await outcome).toMatchObject({ kind: 'refused', why: 'gone' });
    for (const outcome of touch(office.elsewhere(aurora, 'birch'), sent)) {
      expect(await outcome).toMatchObject({ detail: expect.stringContaining('403') });
    }
    expect(await birch.calendar.list(sent.span)).toMatchObject({ meetings: [{ when: sent.span, uid: sent.uid }] });
    expect(await birch.calendar.invitations?.withdraw(sent.invitation)).toEqual({ kind: 'done' });
  });

  test('whoever knows the key of an invitation has sent it, to that room; nobody else finds it so', async () => {
    const there = office.elsewhere(aurora, 'birch');
    const { request, invitation } = await invitedBy({ ...aurora, calendar: there });
    expect(await there.invitations?.find(request)).toMatchObject({ kind: 'invited', invitation });
    expect(await aurora.calendar.invitations?.find(request)).toMatchObject({ kind: 'refused', why: 'gone' });
    const other = { ...request, key: newKey() };
    expect(await there.invitations?.find(other)).toMatchObject({ kind: 'refused', why: 'gone' });
    expect(await there.invitations?.withdraw(invitation)).toEqual({ kind: 'done' });
  });

  test('what a panel sent for another room is its to withdraw, and that room\u2019s too', async () => {
    const there = office.elsewhere(aurora, 'birch');
    const sent = await invitedBy({ ...aurora, calendar: there });
    expect(await there.invitations?.answerTo(sent.invitation)).toMatchObject({ kind: 'answered' });
    expect(await birch.calendar.invitations?.find({ uid: sent.uid })).toMatchObject({ invitation: sent.invitation });
    expect(await there.invitations?.changeEnd(sent.invitation, sent.end)).toEqual({ kind: 'done' });
    expect(await birch.calendar.invitations?.withdraw(sent.invitation)).toEqual({ kind: 'done' });
  });
});

test("what the inviter's own people made is out of every panel's reach, also where it invites the panel's room", async () => {
  const span = slot();
  const hers = await userClient(office.session.tenant);
  const made = await hers.post('/me/events', {
    subject: 'Board meeting',
    start: utc(iso(span).start.slice(0, -1)),
    end: utc(iso(span).end.slice(0, -1)),
    attendees: [
      { type: 'required', emailAddress: { address: 'ingrid.solberg@lintel.example' } },
      { type: 'resource', emailAddress: { address: office.addressOf('aurora') } },
    ],
  });
  const invitation = v.parse(EventId, made.json.id);
  const listed = await aurora.calendar.list(span);
  const uid = listed.kind === 'listed' ? listed.meetings[0]?.uid : null;
  if (uid == null) throw new Error('the room was not invited');
  const { invitations } = aurora.calendar;
  const outcomes = [
    await invitations?.find({ uid }),
    await invitations?.answerTo(invitation),
    await invitations?.changeEnd(invitation, plus(span.end, minutes(15))),
    await invitations?.withdraw(invitation),
  ];
  expect(outcomes).toMatchObject(outcomes.map(() => ({ kind: 'refused', why: 'not-allowed' })));
  const { json } = await hers.get(`/me/events/${encodeURIComponent(invitation)}`);
  expect([json.isCancelled, `${json.end.dateTime}Z`.replace(/0{4}Z/, 'Z')]).toEqual([false, iso(span).end]);
});

test('busy times are told of rooms on offer alone: an address may be a person\u2019s', async () => {
  const window = slot();
  await office.book('birch', { ...iso(window), subject: 'Budget' });
  const rooms = ['birch', 'aurora'].map(alias => office.addressOf(alias));
  const strangers = ['ingrid.solberg@lintel.example', 'foreign@lintel.example', 'board-room@lintel.example'];
  const answer = await office.ask(aurora.panel, '/schedule', {
    room: aurora.room,
    rooms: [...rooms, ...strangers],
    window,
  });
  expect(await answer.json()).toEqual({
    kind: 'scheduled',
    rooms: [
      { room: rooms[0], busy: [{ span: window, isTentative: false }] },
      { room: rooms[1], busy: [] },
      ...strangers.map(room => ({ room, busy: null })),
    ],
  });
});

test('rooms are offered nearest first, of the same connection, without the own', async () => {
  const { equipment, rooms } = v.parse(RoomsOnOffer, await (await aurora.panel.send('GET', '/panel/v1/rooms')).json());
  expect(equipment.length).toBeGreaterThan(0);
  const names = rooms.map(({ name }) => name);
  // Aurora is on the first floor and has eight seats.
  expect(names.slice(0, 5)).toEqual(['Cedar', 'Birch', 'Dovre', 'Elder', 'Fjell']);
  expect(new Set(rooms.slice(0, 5).map(({ floor }) => floor)).size).toBe(1);
  expect(names).not.toContain('Aurora');
  expect(names).not.toContain('Foreign');
  // Where the settings say that the panel offers no rooms, it gets at none.
  const { admin } = office.session;
  const { version } = await admin.ask('GET', '/policies', Policies);
  const input = { scope: { kind: 'room', room: aurora.room }, basedOn: version };
  const next = await admin.ask('PUT', '/policies', NewVersion, { ...input, values: { canFindRoom: false } });
  expect(await (await aurora.panel.send('GET', '/panel/v1/rooms')).json()).toEqual({ equipment, rooms: [] });
  const window = slot();
  const answer = await office.ask(aurora.panel, '/list', { room: birch.room, window, isShareable: true });
  expect(answer.status).toBe(403);
  await admin.ask('PUT', '/policies', NewVersion, { ...input, basedOn: next.version, values: {} });
});

describe('rooms on offer are booked as the own room is', () => {
  const modeOf = async (room: RoomId, bookingMode: Policy['bookingMode'] | null) => {
    const { admin } = office.session;
    const { version } = await admin.ask('GET', '/policies', Policies);
    const values = bookingMode === null ? {} : { bookingMode };
    await admin.ask('PUT', '/policies', NewVersion, { scope: { kind: 'room', room }, values, basedOn: version });
  };
  const offered = async ({ panel }: Door) =>
    v.parse(RoomsOnOffer, await (await panel.send('GET', '/panel/v1/rooms')).json()).rooms.map(({ name }) => name);
  const bookBirch = () =>
    office.elsewhere(aurora, 'birch').book({ key: newKey(), span: slot(), title: 'Booked at the door' });

  test.each(['off', 'invite'] as const)('so not one where it is %s', async mode => {
    await modeOf(birch.room, mode);
    expect(await offered(aurora)).not.toContain('Birch');
    expect(await bookBirch()).toMatchObject({ kind: 'failed', detail: expect.stringContaining('403') });
    await modeOf(birch.room, null);
    expect(await offered(aurora)).toContain('Birch');
    expect(await bookBirch()).toMatchObject({ kind: 'booked' });
  });

  test('and none where nothing is booked at the door, not even one that is alike', async () => {
    await modeOf(aurora.room, 'off');
    await modeOf(birch.room, 'off');
    expect(await offered(aurora)).toEqual([]);
    expect(await bookBirch()).toMatchObject({ kind: 'failed', detail: expect.stringContaining('403') });
    await modeOf(aurora.room, 'invite');
    await modeOf(birch.room, 'invite');
    expect(await offered(aurora)).toEqual(['Birch']);
    for (const { room } of [aurora, birch]) await modeOf(room, null);
  });
});

describe('an id is a part of an address and nothing more', () => {
  const ask = (path: string, id: string) =>
    office.ask(aurora.panel, path, {
      room: aurora.room,
      ...{ event: id, series: id, invitation: id },
      ...{ version: 'W/"1"', comment: '', end: slot().end },
    });
  const BY_ID = [
    ...['/change-end', '/cancel', '/decline', '/decline-series'],
    ...['/invitations/answer', '/invitations/change-end', '/invitations/withdraw'],
  ];
  const asked = async (): Promise<{ path: string }[]> =>
    (await office.session.tenant.control('GET', '/log?count=1000')).json;

  test.each(BY_ID)('%s refuses those that lead elsewhere, or cannot be written', async path => {
    for (const id of ['.', '..', '\ud800', 'AAMk\udc00']) expect((await ask(path, id)).status).toBe(400);
  });

  test.each(BY_ID)('%s writes the others so that they stay one part', async path => {
    const ids = [
      '%2e%2e',
      '../calendar',
      '..\\calendar',
      'a/../../b',
      'a?b=c',
      'a#b',
      '...',
      '%2F..%2F',
      'a\r\nb',
      'é',
    ];
    for (const id of ids) {
      const before = (await asked()).length;
      const answer = await ask(path, id);
      expect([id, answer.status]).toEqual([id, 200]);
      const paths = (await asked()).slice(before).map(one => one.path.replace(/\?.*/, ''));
      for (const one of paths) {
        const [, part, rest] = /^\/v1\.0\/(?:me|users\/[^/]+)\/events\/([^/]+)((?:\/decline)?)$/.exec(one) ?? [];
        expect([one, decodeURIComponent(part ?? ''), rest]).toEqual([one, id, expect.any(String)]);
      }
      expect(paths.length).toBeGreaterThan(0);
    }
  });
});

test('a version that is no header is a 400, and no word of it is in the log', async () => {
  const canary = `canary-${randomBytes(8).toString('hex')}`;
  const { log } = office.session.running;
  const lines = log.length;
  for (const version of ['\n', '\r\nX-Evil: 1', '\0', '\u2028', 'é', '\ud800'].map(end => canary + end)) {
    for (const path of ['/cancel', '/change-end']) {
      const answer = await office.ask(aurora.panel, path, { ...EVENT, room: aurora.room, version, end: slot().end });
      expect([path, answer.status]).toEqual([path, 400]);
    }
  }
  expect(log.slice(lines).join('\n')).not.toContain('canary');
});

test('nothing that a panel writes stands in the log, however odd, nor is it too odd for central', async () => {
  const canary = `canary-${randomBytes(8).toString('hex')}`;
  const { log } = office.session.running;
  const lines = log.length;
  for (const end of ['', '\n', '\0', '\ud800', '"', '\u202e']) {
    const text = canary + end;
    for (const [path, body] of Object.entries(METHODS)) {
      const said = Object.fromEntries(
        Object.entries(body()).map(([name, value]) => [
          name,
          typeof value === 'string' && name !== 'key' ? text : value,
        ]),
      );
      expect([path, (await office.ask(aurora.panel, path, { room: aurora.room, ...said })).status]).toEqual([
        path,
        expect.toBeOneOf([200, 400]),
      ]);
    }
  }
  expect(log.slice(lines).join('\n')).not.toContain(canary);
});

test('what a refused panel did stands in the log, now and then, without a word of what it asked', async () => {
  const canary = `canary-${randomBytes(8).toString('hex')}`;
  for (let n = 0; n < 30; n++) {
    await office.ask(aurora.panel, '/decline', { room: birch.room, event: canary, comment: canary });
  }
  const log = office.session.running.log.join('\n');
  expect(log).not.toContain(canary);
  const lines = log.match(/"why":"not-your-room"/g) ?? [];
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.length).toBeLessThan(30);
});

test('no token, secret or private subject is in any answer, log line or table', async () => {
  const { dataDir, log } = office.session.running;
  const span = slot();
  await office.book('aurora', { ...iso(span), subject: 'Secret canary', isPrivate: true });
  expect(await aurora.calendar.list(span)).toMatchObject({ meetings: [{ title: { kind: 'private' } }] });
  const files = await readdir(dataDir, { withFileTypes: true });
  const texts = await Promise.all(
    files.filter(file => file.isFile()).map(file => readFile(join(dataDir, file.name), 'latin1')),
  );
  const everything = [...answers, ...log, ...texts].join('\n');
  expect(answers.length).toBeGreaterThan(100);
  // Every access token of the tenant is a JWT.
  expect(answers.join('\n')).not.toMatch(/eyJ[\w-]+\.eyJ|[Bb]earer/);
  expect(log.join('\n')).not.toMatch(/eyJ[\w-]+\.eyJ|[Bb]earer/);
  expect(everything).not.toMatch(/Secret canary/);
  expect(everything).not.toContain(office.session.tenant.tenant.clientSecret);
});
