import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RoomAddress } from '../../../src/contract/values/ids.ts';
import { loadGraphContract } from '../../support/graph-contract.ts';
import { at, calendarAt, DAY, graphError, INVITER, type Say, type Stub, startStub } from './stub.ts';

let graph: Stub;
beforeAll(async () => {
  graph = await startStub(await loadGraphContract());
});
afterAll(() => graph.stop());
afterEach(() => expect(graph.problems).toEqual([]));

const address = (name: string) => v.parse(RoomAddress, `${name}@contoso.example`);
const [OAK, ELM, ASH] = [address('oak'), address('elm'), address('ash')];
const item = (status: unknown, start: string, end: string) => ({
  status,
  subject: 'SECRET',
  start: { dateTime: `2026-11-${start}:00.0000000`, timeZone: 'UTC' },
  end: { dateTime: `2026-11-${end}:00.0000000`, timeZone: 'UTC' },
});
const schedule = (scheduleId: string, ...scheduleItems: unknown[]) => ({ scheduleId, scheduleItems });
const answer = (...value: unknown[]): Say => ({ status: 200, body: { value } });
const ask = (rooms = [OAK], options = {}) => calendarAt(graph.base, options).schedule(rooms, DAY);
const busy = async (...items: unknown[]) => {
  graph.play([answer(schedule(OAK, ...items))]);
  const read = await ask();
  return read.kind === 'scheduled' ? read.rooms[0]?.busy : read;
};

describe('what is asked', () => {
  it('names the rooms and the window, in UTC', async () => {
    graph.play([answer(schedule(ELM), schedule(OAK))]);
    expect(await ask([OAK, ELM])).toEqual({
      kind: 'scheduled',
      rooms: [
        { room: OAK, busy: [] },
        { room: ELM, busy: [] },
      ],
    });
    expect(graph.asked[0]).toMatchObject({ method: 'POST', headers: { prefer: 'outlook.timezone="UTC"' } });
    expect(JSON.parse(graph.asked[0]?.body ?? '')).toEqual({
      schedules: [OAK, ELM],
      startTime: { dateTime: '2026-11-20T00:00:00.000', timeZone: 'UTC' },
      endTime: { dateTime: '2026-11-21T00:00:00.000', timeZone: 'UTC' },
    });
  });

  it.each([
    ['the signed-in account', { inviter: INVITER }, '/v1.0/me/calendar/getSchedule'],
    ['this room', { inviter: null }, '/v1.0/users/room.aspen%40contoso.example/calendar/getSchedule'],
    [
      'this room, for an application that invites',
      { inviter: { ...INVITER, isSignedIn: false } },
      '/v1.0/users/room.aspen%40contoso.example/calendar/getSchedule',
    ],
  ])('is asked through %s', async (_, options, path) => {
    graph.play([answer(schedule(OAK))]);
    await ask([OAK], options);
    expect(graph.asked.map(one => one.path)).toEqual([path]);
  });

  it('goes in batches of twenty, one after the other, in the order asked for', async () => {
    let underWay = 0;
    let most = 0;
    graph.play(async ({ body }) => {
      most = Math.max(most, ++underWay);
      await new Promise(resolve => setTimeout(resolve, 5));
      underWay--;
      const { schedules }: { schedules: string[] } = JSON.parse(body);
      return answer(...schedules.map(room => schedule(room, item('busy', '20T10:00', '20T11:00'))).reverse());
    });
    const rooms = Array.from({ length: 45 }, (_, n) => address(`room-${n}`));
    const read = await ask(rooms);
    expect(read.kind === 'scheduled' && read.rooms.map(one => one.room)).toEqual(rooms);
    expect(read.kind === 'scheduled' && read.rooms.every(one => one.busy?.length === 1)).toBe(true);
    expect(graph.asked.map(one => JSON.parse(one.body).schedules.length)).toEqual([20, 20, 5]);
    expect(most).toBe(1);
  });

  it('is nothing when nobody is asked about', async () => {
    graph.play([]);
    expect(await ask([])).toEqual({ kind: 'scheduled', rooms: [] });
    expect(graph.asked).toEqual([]);
  });
});

describe('what takes the room', () => {
  const ten = { start: at('2026-11-20T10:00:00Z'), end: at('2026-11-20T11:00:00Z') };
  it.each<[unknown, object[]]>([
    ['busy', [{ span: ten, isTentative: false }]],
    ['oof', [{ span: ten, isTentative: false }]],
    ['workingElsewhere', [{ span: ten, isTentative: false }]],
    ['tentative', [{ span: ten, isTentative: true }]],
    ['unknown', [{ span: ten, isTentative: false }]],
    ['aWordOfTheFuture', [{ span: ten, isTentative: false }]],
    [null, [{ span: ten, isTentative: false }]],
    ['free', []],
  ])('%s', async (status, expected) => {
    expect(await busy(item(status, '20T10:00', '20T11:00'))).toEqual(expected);
  });

  it('is cut to the window, in order, and nothing beside it counts', async () => {
    expect(
      await busy(
        item('busy', '20T23:00', '21T03:00'),
        item('busy', '18T23:00', '20T01:00'),
        item('busy', '19T23:00', '20T00:00'),
      ),
    ).toEqual([
      { span: { start: DAY.start, end: at('2026-11-20T01:00:00Z') }, isTentative: false },
      { span: { start: at('2026-11-20T23:00:00Z'), end: DAY.end }, isTentative: false },
    ]);
  });

  it('tells nothing of what the meetings are called', async () => {
    expect(JSON.stringify(await busy(item('busy', '20T10:00', '20T11:00')))).not.toContain('SECRET');
  });
});

it('is free all day where the view says so too', async () => {
  graph.play([answer({ ...schedule(OAK), availabilityView: '000000' })]);
  expect(await ask()).toMatchObject({ rooms: [{ busy: [] }] });
});

describe('a room of which nothing is known is not free', () => {
  it.each<[string, unknown[]]>([
    [
      'an error of its own',
      [{ ...schedule(OAK), error: { message: 'x', responseCode: 'ErrorMailRecipientNotFound' } }],
    ],
    ['missing', []],
    ['without items', [{ scheduleId: OAK }]],
    ['taken, and nothing that says when', [{ ...schedule(OAK), availabilityView: '000220' }]],
    ['an item without a time', [schedule(OAK, { status: 'busy' })]],
    [
      'an item in a zone nobody knows',
      [
        schedule(OAK, {
          ...item('busy', '20T10:00', '20T11:00'),
          end: { dateTime: '2026-11-20T11:00', timeZone: 'x' },
        }),
      ],
    ],
    [
      'an item in a hand-made zone',
      [
        schedule(OAK, {
          ...item('busy', '20T10:00', '20T11:00'),
          end: { dateTime: '2026-11-20T11:00', timeZone: 'tzone://Microsoft/Custom' },
        }),
      ],
    ],
    ['nothing at all', [null]],
  ])('%s', async (_, entries) => {
    graph.play([answer(...entries, schedule(ELM.toUpperCase()), schedule(ASH))]);
    expect(await ask([ELM, OAK, ASH])).toEqual({
      kind: 'scheduled',
      rooms: [
        { room: ELM, busy: [] },
        { room: OAK, busy: null },
        { room: ASH, busy: [] },
      ],
    });
  });
});

describe('no answer', () => {
  it.each<[string, Say[], object]>([
    ['no access', [graphError(403, 'ErrorAccessDenied')], { problem: 'no-access' }],
    ['throttled', [graphError(429, 'x', { 'retry-after': '7' })], { problem: 'throttled', retryAfter: 7000 }],
    ['too many', [graphError(400, 'ErrorTooManySchedules')], { problem: 'misunderstood' }],
    ['lost twice', ['drop'], { problem: 'unreachable' }],
    ['late', ['hang'], { problem: 'unreachable' }],
    ['a portal', [{ status: 200, body: '<html>' }], { problem: 'captive-portal' }],
    ['of another shape', [{ status: 200, body: [] }], { problem: 'misunderstood' }],
  ])('%s', async (_, script, expected) => {
    graph.play(script);
    // It changes nothing, so that its outcome is never in doubt.
    expect(await ask()).toMatchObject({ kind: 'failed', isOutcomeUnknown: false, ...expected });
  });

  it('is asked for once more after a lost one', async () => {
    graph.play(['drop', answer(schedule(OAK))]);
    expect(await ask()).toMatchObject({ kind: 'scheduled' });
    expect(graph.asked).toHaveLength(2);
  });

  it('of the second batch is none at all', async () => {
    graph.play((_, index) => (index === 0 ? answer() : graphError(403, 'ErrorAccessDenied')));
    expect(await ask(Array.from({ length: 21 }, (_, n) => address(`room-${n}`)))).toMatchObject({
      problem: 'no-access',
    });
  });
});
