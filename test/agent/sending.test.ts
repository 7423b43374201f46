/** What leaves the panel for a booking, and when: its key is on disk by then. */
import * as v from 'valibot';
import { expect, it } from 'vitest';
import type { FileWritten } from '../../src/agent/ports.ts';
import { PanelConfig } from '../../src/contract/values/config.ts';
import { type Duration, milliseconds, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import type { Deed } from '../../src/core/effects.ts';
import { pairedCore } from '../core/harness.ts';
import { bookingKey, config } from '../support/samples.ts';
import { effectsWorld, LINK, NOON } from './effects-world.ts';

const WALK_UP = { key: bookingKey(1), span: { start: NOON, end: plus(NOON, minutes(30)) }, elsewhere: null, was: null };
const booking = (panelConfig = config()): Deed => ({
  ...WALK_UP,
  kind: 'submit-booking',
  config: panelConfig,
  action: { kind: 'book' },
  wasSent: false,
});
const snapshot = (): Deed => pairedCore(NOON).listed().last('write-snapshot');

/** The network and the disk as a booking meets them; `writes` is how the disk answers. */
async function sent(writes: (after: (wait: Duration) => Promise<void>) => Promise<FileWritten>) {
  const sleep = (wait: Duration) => new Promise<void>(resolve => made.clock.after(wait, resolve));
  const order: string[] = [];
  const made = effectsWorld({
    respond: url => {
      if (url.includes('calendarView')) order.push('sent');
      return null;
    },
    writes: async () => {
      const result = await writes(sleep);
      order.push(result.kind);
      return result;
    },
  });
  await made.run(LINK);
  await made.run(booking(), snapshot());
  const atOnce = [...order];
  await made.clock.advance(milliseconds(900));
  const soon = [...order];
  await made.clock.advance(seconds(5));
  await made.effects.stop();
  return { atOnce, soon, order };
}

it('is sent when its key is on disk, however slow that is within reason', async () => {
  const slow = await sent(async sleep => {
    await sleep(milliseconds(800));
    return { kind: 'written' };
  });
  expect(slow.atOnce).toEqual([]);
  expect(slow.order.slice(0, 2)).toEqual(['written', 'sent']);
});

it('is sent all the same when the disk is full, at once, and when it does not answer, after a second', async () => {
  const full = await sent(async () => ({ kind: 'failed', why: 'disk-full', detail: '' }));
  expect(full.atOnce.slice(0, 2)).toEqual(['failed', 'sent']);
  const stuck = await sent(async sleep => {
    await sleep(seconds(4));
    return { kind: 'written' };
  });
  expect(stuck.soon).toEqual([]);
  expect(stuck.order).toContain('sent');
  expect(stuck.order.at(-1)).toBe('written');
});

it('is called what it is in the language of the panel', async () => {
  for (const [language, title] of [
    ['en', 'Booked at the door'],
    ['de', 'An der Tür gebucht'],
    ['nb', 'Booket ved døren'],
  ] as const) {
    const { effects, run, posted } = effectsWorld();
    await run(LINK);
    await run(booking(config({ language })));
    const post = posted.find(({ url }) => url.endsWith('/events'));
    expect(JSON.parse(post?.body ?? '{}')).toMatchObject({ subject: title });
    await effects.stop();
  }
});

it('is sent no further, and withdrawn, when it is taken back while the room is still asked', async () => {
  const inviting = v.parse(PanelConfig, {
    ...config({ bookingMode: 'invite' }),
    access: {
      kind: 'direct-graph',
      graphBase: 'https://graph.example',
      inviter: { isSignedIn: true, address: 'lintel@lintel.example' },
    },
  });
  const event = {
    '@odata.etag': 'W/"1"',
    id: 'invitation',
    iCalUId: 'uid',
    transactionId: bookingKey(1),
    start: { dateTime: '2026-11-20T12:00:00', timeZone: 'UTC' },
    end: { dateTime: '2026-11-20T12:30:00', timeZone: 'UTC' },
    attendees: [{ emailAddress: { address: 'room-1@lintel.example' }, status: { response: 'none' } }],
  };
  const asked: string[] = [];
  let isInvited = false;
  const { effects, run, clock } = effectsWorld({
    respond: (url, body) => {
      const path = new URL(url).pathname;
      if (!path.startsWith('/v1.0/me')) return null;
      asked.push(path.replace('/v1.0/me/', ''));
      if (path.endsWith('calendarView')) return Response.json({ value: isInvited ? [event] : [] });
      if (body !== '') isInvited = true;
      return Response.json(event, { status: body === '' ? 200 : 201 });
    },
  });
  await run(LINK);
  await run(booking(inviting));
  await clock.advance(seconds(10));
  expect(asked).toEqual(['events', ...Array(3).fill('events/invitation')]);
  asked.length = 0;
  await run({ ...WALK_UP, kind: 'take-back-booking', config: inviting, within: minutes(30) });
  await clock.advance(minutes(3));
  // Looked for, and deleted; nobody asks for the room's answer any more.
  expect(asked).toEqual(['calendarView', 'events/invitation']);
  await effects.stop();
});
