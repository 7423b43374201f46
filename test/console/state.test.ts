/** The console's rules that need no browser. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { summarise } from '../../renderer/console/pages/rooms/panel-state.ts';
import { cloudOf } from '../../renderer/console/pages/server-settings/clouds.ts';
import { check, draftOf } from '../../renderer/console/pages/server-settings/draft.ts';
import { matches, narrow } from '../../renderer/console/parts/options.ts';
import { createHttp, NoContent, readRetryAfter } from '../../renderer/console/state/http.ts';
import { createResource } from '../../renderer/console/state/resource.ts';
import { parseRoute, plainCode } from '../../renderer/console/state/route.ts';
import { relative } from '../../renderer/console/words.ts';
import { instant, minutes, seconds, ZoneName } from '../../src/contract/values/time.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { livelyOffice } from './fixtures.ts';

const NOW = instant(Date.UTC(2026, 10, 20, 10));
const OSLO = v.parse(ZoneName, 'Europe/Oslo');

describe('addresses', () => {
  it('reads the page and what it carries', () => {
    expect(parseRoute('#/free-macs?code=BCDF-GHJK')).toEqual({ page: 'free-macs', code: 'BCDF-GHJK' });
    expect(parseRoute('#/rooms?find=a%26b')).toEqual({ page: 'rooms', find: 'a&b' });
    expect(parseRoute('#/elsewhere')).toEqual({ page: 'server-settings' });
    expect(plainCode(' bcdf-ghjk ')).toBe('BCDFGHJK');
  });
});

describe('Retry-After', () => {
  it('is seconds, also fractional, or a date', () => {
    expect(readRetryAfter('1.5', NOW)).toBe(1500);
    expect(readRetryAfter(new Date(NOW + 60_000).toUTCString(), NOW)).toBe(60_000);
    expect(readRetryAfter(new Date(NOW - 60_000).toUTCString(), NOW)).toBe(0);
    expect([null, '', 'soon', '-1'].map(header => readRetryAfter(header, NOW))).toEqual([null, null, null, null]);
  });
});

describe('searching', () => {
  const options = [
    { value: 'a', label: 'Lagoon', detail: 'floor 2 · 14 seats' },
    { value: 'b', label: 'Åre', detail: 'floor 1 · 2 seats' },
  ];
  it('needs every word, ignores accents, and puts words side by side first', () => {
    expect(narrow(options, 'floor 1').map(option => option.value)).toEqual(['b', 'a']);
    expect(narrow(options, 'are').map(option => option.value)).toEqual(['b']);
    expect(narrow([{ value: 'z', label: 'America/New_York' }], 'new york')).toHaveLength(1);
    expect(matches('fjord 2', 'Fjord', null)).toBe(false);
  });
});

describe('the settings form', () => {
  const filled = { ...draftOf(null, OSLO), tenantId: 't', clientId: 'c' };
  it('tidies pasted addresses and keeps the secret when none is typed', () => {
    const checked = check({
      ...filled,
      authority: 'https://login.microsoftonline.us/',
      graphBase: 'https://graph.microsoft.us/v1.0/',
    });
    expect(checked).toMatchObject({
      input: {
        authority: 'https://login.microsoftonline.us',
        graphBase: 'https://graph.microsoft.us',
        clientSecret: null,
      },
    });
    expect(cloudOf('https://login.microsoftonline.us/', 'https://graph.microsoft.us/v1.0')?.name).toBe('us-gov-l4');
  });
  it('names each wrong field', () => {
    const checked = check({ ...filled, authority: 'http://x.example', tenantId: ' ', defaultZone: 'Mars/Base' });
    expect(checked).toMatchObject({
      errors: {
        authority: 'Authority must start with https://',
        tenantId: 'Tenant ID is missing',
        defaultZone: 'unknown time zone: Mars/Base',
      },
    });
  });
});

describe('the state of a panel', () => {
  const summary = (name: string) => {
    const room = livelyOffice(NOW).rooms.find(candidate => candidate.name === name);
    return room && summarise(room);
  };
  it('is one word, and what to mend', () => {
    expect(summary('Aurora')).toEqual({ tone: 'good', word: 'Online', problems: [], notes: [] });
    expect(summary('Cedar')).toMatchObject({ tone: 'warn', problems: ['The service account may not read this room'] });
    expect(summary('Fjord')).toMatchObject({ tone: 'bad', word: 'Identity conflict' });
    expect(summary('Glacier')).toMatchObject({ tone: 'bad', word: 'Offline' });
    expect(summary('Kelp')).toMatchObject({ word: 'No panel', problems: ['No longer in the directory'] });
  });
  it('tells ages roughly', () => {
    expect([seconds(-9), seconds(-59), minutes(-119), minutes(5)].map(relative)).toEqual([
      'just now',
      '59 s ago',
      '1 h ago',
      'in 5 min',
    ]);
  });
});

describe('a resource', () => {
  it('answers a burst of changes with one more read, and reads nothing unused', async () => {
    const clock = new VirtualClock(NOW);
    let reads = 0;
    const resource = createResource(clock, async () => ({ kind: 'ok', value: ++reads }));
    resource.refresh();
    expect(reads).toBe(0);
    const stop = resource.use();
    for (let change = 0; change < 100; change++) resource.refresh();
    await clock.advance(seconds(5));
    expect([reads, resource.value.value]).toEqual([2, 2]);
    stop();
    resource.refresh();
    await clock.advance(seconds(5));
    expect([reads, clock.armed]).toEqual([2, 0]);
  });
  it('drops the answer that comes after it was told to forget', async () => {
    const clock = new VirtualClock(NOW);
    const resource = createResource(clock, async () => ({ kind: 'ok', value: 'secret' }));
    resource.use();
    resource.forget();
    await clock.advance(seconds(1));
    expect(resource.value.value).toBeNull();
  });
});

describe('a request', () => {
  const ask = (fetch: typeof globalThis.fetch, clock = new VirtualClock(NOW)) =>
    createHttp({ fetch, clock, onClockOffset: () => {} })({ method: 'POST', path: '/x', body: { a: 1 } }, NoContent);
  it('is JSON with the header no form can send', async () => {
    let sent: RequestInit | undefined;
    await ask(async (_, init) => {
      sent = init;
      return new Response(null, { status: 204 });
    });
    expect(sent).toMatchObject({
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', 'lintel-console': '1' },
    });
  });
  it('turns every outcome into a value', async () => {
    expect(await ask(async () => new Response(null, { status: 204 }))).toEqual({ kind: 'ok', value: undefined });
    expect(await ask(async () => new Response('', { status: 401 }))).toEqual({ kind: 'signed-out' });
    expect(await ask(async () => new Response('<html>', { status: 502 }))).toEqual({ kind: 'unreachable' });
    expect(await ask(async () => Response.json({}))).toMatchObject({ kind: 'misunderstood' });
    const body = { error: { code: 'room-taken', message: 'Taken.' } };
    expect(await ask(async () => Response.json(body, { status: 409 }))).toMatchObject({
      kind: 'refused',
      code: 'room-taken',
    });
    expect(await ask(() => Promise.reject(new TypeError('refused')))).toEqual({ kind: 'unreachable' });
  });
  it('gives up at its deadline', async () => {
    const clock = new VirtualClock(NOW);
    const hanging: typeof globalThis.fetch = (_, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    const answer = ask(hanging, clock);
    await clock.advance(seconds(21));
    expect(await answer).toEqual({ kind: 'unreachable' });
  });
});
