/** Rooms that take their time, wait for a person, or never answer; and what happens to the meeting meanwhile. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seconds } from '../../src/contract/values/time.ts';
import type { FaultInput } from '../../src/demo/faults.ts';
import { AURORA, CEDAR, makeTestCore } from './support/core.ts';
import { utc } from './support/graph-client.ts';
import type { Json } from './support/tenant.ts';

let core: ReturnType<typeof makeTestCore>;
beforeEach(() => {
  core = makeTestCore();
});
afterEach(() => {
  core.close();
  expect(core.clock.armed, 'a timer was left behind').toBe(0);
});

const MINE = '/users/panels@lintel.example/events';
const at = (time: string) => utc(`2026-11-20T${time}:00`);
const WINDOW = 'startDateTime=2026-11-20T00:00:00Z&endDateTime=2026-11-21T00:00:00Z';

const on = (fault: FaultInput) => core.faults.add(fault);
async function invite(from: string, to: string, room = CEDAR): Promise<Json> {
  const attendees = [{ emailAddress: { address: room, name: 'Room' }, type: 'resource' }];
  return (await core.call('POST', MINE, { subject: 'Budget', start: at(from), end: at(to), attendees })).json;
}
const statusOf = (event: Json) => event.attendees[0].status;
const mine = async (id: string) => (await core.call('GET', `${MINE}/${id}`)).json;
const copies = async (room = CEDAR): Promise<Json[]> =>
  (await core.call('GET', `/users/${room}/calendarView?${WINDOW}`)).json.value;
const told = () => core.calendars.messages.latest(10).map(({ kind, sender }) => `${kind} by ${sender}`);

describe('a room that takes its time', () => {
  beforeEach(() => on({ kind: 'answer-delay', ms: 10_000, mailbox: CEDAR }));

  it('has nothing on its calendar before, and the organiser sees no answer', async () => {
    const made = await invite('12:00', '13:00');
    expect(statusOf(made)).toEqual({ response: 'none', time: '0001-01-01T00:00:00Z' });
    await core.clock.advance(seconds(9));
    expect([await copies(), told()]).toEqual([[], []]);
    await core.clock.advance(seconds(1));
    const [copy] = await copies();
    expect(copy).toMatchObject({ iCalUId: made.iCalUId, responseStatus: { response: 'accepted' }, showAs: 'busy' });
    const answered = await mine(made.id);
    expect(statusOf(answered)).toEqual({ response: 'accepted', time: '2026-11-20T10:07:10Z' });
    expect(answered['@odata.etag'], 'an answer moves the change key').not.toBe(made['@odata.etag']);
    expect(told()).toEqual([`accepted by ${CEDAR}`]);
    expect(statusOf(await invite('12:00', '13:00', AURORA)).response, 'others answer at once').toBe('accepted');
  });

  it('declines what somebody else has taken meanwhile', async () => {
    const made = await invite('12:00', '13:00');
    await core.call('POST', `/users/${CEDAR}/events`, { subject: 'Walk-up', start: at('12:30'), end: at('12:45') });
    await core.clock.advance(seconds(10));
    expect(statusOf(await mine(made.id)).response).toBe('declined');
    expect((await copies()).map(event => event.subject)).toEqual(['Walk-up']);
  });

  it('is asked anew when the meeting moves, and answers once for what it has become', async () => {
    const made = await invite('12:00', '13:00');
    await core.clock.advance(seconds(10));
    const moved = await core.call('PATCH', `${MINE}/${made.id}`, { end: at('13:30') });
    expect(statusOf(moved.json).response).toBe('none');
    expect((await copies())[0].end.dateTime, 'the room has not heard of it').toContain('T13:00');
    await core.clock.advance(seconds(5));
    await core.call('PATCH', `${MINE}/${made.id}`, { end: at('14:00') });
    await core.clock.advance(seconds(10));
    expect((await copies())[0].end.dateTime).toContain('T14:00');
    expect(told()).toEqual([`accepted by ${CEDAR}`, `accepted by ${CEDAR}`]);
    const renamed = await core.call('PATCH', `${MINE}/${made.id}`, { subject: 'Budget 2027' });
    expect(statusOf(renamed.json).response, 'another name asks nobody anew').toBe('accepted');
  });

  it.each([
    ['cancelled', (id: string) => core.call('POST', `${MINE}/${id}/cancel`, { comment: 'off' })],
    ['deleted', (id: string) => core.call('DELETE', `${MINE}/${id}`)],
    ['held elsewhere', (id: string) => core.call('PATCH', `${MINE}/${id}`, { attendees: [] })],
  ])('says nothing to a meeting that was %s meanwhile', async (_how, off) => {
    const made = await invite('12:00', '13:00');
    expect((await off(made.id)).status).toBeLessThan(300);
    await core.clock.advance(seconds(60));
    expect([await copies(), told()]).toEqual([[], []]);
  });

  it('does so for as many invitations as told', async () => {
    core.faults.clear();
    on({ kind: 'answer-delay', ms: 1000, mailbox: CEDAR, times: 1 });
    expect(statusOf(await invite('12:00', '13:00')).response).toBe('none');
    expect(statusOf(await invite('14:00', '15:00')).response).toBe('accepted');
  });
});

describe('a room whose bookings a person approves', () => {
  it('stays tentative on both calendars, and still declines what collides', async () => {
    on({ kind: 'needs-approval', mailbox: CEDAR });
    const made = await invite('12:00', '13:00');
    expect(statusOf(made).response).toBe('tentativelyAccepted');
    await core.clock.advance(seconds(3600));
    expect(await copies()).toMatchObject([
      { showAs: 'tentative', responseStatus: { response: 'tentativelyAccepted' }, isOrganizer: false },
    ]);
    expect(statusOf(await invite('12:30', '13:30')).response).toBe('declined');
  });
});

describe('a room that never answers', () => {
  it('has the request on its calendar, and the organiser waits', async () => {
    on({ kind: 'never-answers', mailbox: CEDAR });
    const made = await invite('12:00', '13:00');
    await core.clock.advance(seconds(3600));
    expect(statusOf(await mine(made.id)).response).toBe('none');
    expect(await copies()).toMatchObject([{ showAs: 'tentative', responseStatus: { response: 'notResponded' } }]);
    await core.call('DELETE', `${MINE}/${made.id}`);
    expect((await copies()).map(event => event.isCancelled)).toEqual([true]);
  });
});

describe('a room that answers at once', () => {
  it('declines when the meeting moves onto another, and its copy goes', async () => {
    await invite('14:00', '15:00');
    const made = await invite('12:00', '13:00');
    expect(await copies()).toHaveLength(2);
    const moved = await core.call('PATCH', `${MINE}/${made.id}`, { end: at('14:30') });
    expect(statusOf(moved.json).response).toBe('declined');
    expect((await copies()).map(event => event.start.dateTime.slice(11, 16))).toEqual(['14:00']);
  });
});
