/** The console's rules that need no browser. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { summarise } from '../../renderer/console/pages/rooms/panel-state.ts';
import { AADSTS, adviceOn } from '../../renderer/console/pages/server-settings/aadsts.ts';
import { cloudBehind } from '../../renderer/console/pages/server-settings/addresses.ts';
import { check, fieldsOf, NOTHING_HELD, withFields } from '../../renderer/console/pages/server-settings/draft.ts';
import { expiryWords, timeLeft } from '../../renderer/console/pages/server-settings/expiries.ts';
import { commandsOf, wantsAttention, worstFirst } from '../../renderer/console/pages/server-settings/findings.ts';
import { certificateError, readPem } from '../../renderer/console/pages/server-settings/pem.ts';
import { grantOf, permissionsOf, superfluous } from '../../renderer/console/pages/server-settings/permissions.ts';
import { currentStep, isUntouched, stepsOf } from '../../renderer/console/pages/set-up/steps.ts';
import { matches, narrow } from '../../renderer/console/parts/options.ts';
import { createHttp, NoContent, readRetryAfter } from '../../renderer/console/state/http.ts';
import { createResource } from '../../renderer/console/state/resource.ts';
import { parseRoute, plainCode } from '../../renderer/console/state/route.ts';
import { relative } from '../../renderer/console/words.ts';
import { DEFAULT_LOCALE, makeFormat } from '../../renderer/i18n/format.ts';
import { instant, minutes, seconds, ZoneName } from '../../src/contract/values/time.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { livelyOffice } from './fixtures.ts';

const NOW = instant(Date.UTC(2026, 10, 20, 10));
const OSLO = v.parse(ZoneName, 'Europe/Oslo');

describe('addresses', () => {
  it('reads the page and what it carries', () => {
    expect(parseRoute('#/free-macs?code=BCDF-GHJK')).toEqual({ page: 'free-macs', code: 'BCDF-GHJK' });
    expect(parseRoute('#/rooms?find=a%26b')).toEqual({ page: 'rooms', find: 'a&b', room: null });
    const settings = { page: 'server-settings', connection: null, isNew: false };
    expect(parseRoute('#/elsewhere')).toEqual(settings);
    expect(parseRoute('#/server-settings/new')).toEqual({ ...settings, isNew: true });
    expect(parseRoute('#/server-settings?connection=a%2Fb')).toEqual({ ...settings, connection: 'a/b' });
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

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----';
const KEY = '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----';

describe('the settings form', () => {
  const filled = { ...fieldsOf(null, 'default', OSLO), tenantId: 't', clientId: 'c', clientSecret: ' s ' };
  it('tidies pasted addresses and keeps the secret when none is typed', () => {
    const pasted = {
      ...filled,
      clientSecret: '',
      authority: 'https://login.microsoftonline.us/',
      graphBase: 'https://graph.microsoft.us/v1.0/',
    };
    expect(check(pasted, { clientSecret: true, certificate: false })).toMatchObject({
      input: {
        authority: 'https://login.microsoftonline.us',
        graphBase: 'https://graph.microsoft.us',
        clientSecret: null,
      },
    });
    expect(cloudBehind(pasted.authority, pasted.graphBase)?.name).toBe('us-gov-l4');
  });
  it('names each wrong field', () => {
    const wrong = {
      ...filled,
      authority: 'http://x.example',
      tenantId: ' ',
      defaultZone: 'Mars/Base',
      clientSecret: '',
    };
    expect(check(wrong, NOTHING_HELD)).toMatchObject({
      errors: {
        authority: 'Authority must start with https://',
        tenantId: 'Tenant ID is missing',
        defaultZone: 'unknown time zone: Mars/Base',
        clientSecret: 'Client secret is missing',
      },
    });
  });
  it('sends only what the chosen sign-in uses', () => {
    const all = {
      ...filled,
      clientSecretExpires: '2027-01-31',
      certificate: `${CERTIFICATE}\n${KEY}`,
      serviceAccount: 'a@b',
    };
    const inputOf = (signIn: 'delegated' | 'app-secret' | 'app-certificate') => check({ ...all, signIn }, NOTHING_HELD);
    expect(inputOf('delegated')).toMatchObject({
      input: { clientSecret: 's', clientSecretExpires: '2027-01-31', certificate: null, serviceAccount: 'a@b' },
    });
    expect(inputOf('app-secret')).toMatchObject({
      input: { clientSecret: 's', certificate: null, serviceAccount: 'a@b' },
    });
    expect(inputOf('app-certificate')).toMatchObject({
      input: {
        clientSecret: null,
        clientSecretExpires: null,
        certificate: `${CERTIFICATE}\n${KEY}`,
        serviceAccount: 'a@b',
      },
    });
  });
  it('wants a whole certificate with an open key, unless one is stored', async () => {
    expect(certificateError('', true)).toBeNull();
    expect(certificateError('', false)).toBe('Certificate is missing');
    expect(certificateError(CERTIFICATE, true)).toMatch(/private key is missing/);
    expect(certificateError(KEY, true)).toMatch(/No whole certificate/);
    expect(certificateError(`${CERTIFICATE}\n${KEY.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE')}`, true)).toMatch(
      /passphrase/,
    );
    expect(certificateError(`${CERTIFICATE}\n${KEY.replaceAll('PRIVATE', 'RSA PRIVATE')}`, false)).toBeNull();
    expect(await readPem([new Blob([CERTIFICATE]), new Blob([KEY])])).toBe(`${CERTIFICATE}\n${KEY}`);
    expect(await readPem([new Blob([new Uint8Array([48, 130])])])).toBeNull();
  });
  it('keeps what is typed for each connection apart', () => {
    const one = withFields(null, 'a', filled);
    const two = withFields(one, 'b', filled);
    expect(Object.keys(two ?? {})).toEqual(['a', 'b']);
    expect(withFields(withFields(two, 'a', null), 'b', null)).toBeNull();
  });
});

describe('what Entra reports', () => {
  const NUMBERS =
    '65001 90094 90093 50011 50020 50034 50053 50057 50076 50079 50105 50126 50173 53003 65004 70011 70008 700016 700027 700082 7000215 7000218 7000222 90002';
  it.each(NUMBERS.split(' '))('AADSTS%s has a cause and a mend of its own', number => {
    const advice = AADSTS[number];
    expect(advice?.cause).toMatch(/^[A-Z].+\.$/);
    expect(advice?.mend).toMatch(/^[A-Z].+\.$/);
    const same = Object.values(AADSTS).filter(({ cause }) => cause === advice?.cause);
    expect(same).toHaveLength(1);
  });
  it('falls back to what central made of it', () => {
    expect(adviceOn({ kind: 'wrong-secret', code: 'AADSTS7000222' }, false).cause).toBe(
      'The client secret has expired.',
    );
    expect(adviceOn({ kind: 'wrong-secret', code: 'AADSTS1' }, false)).toMatchObject({ by: 'credential' });
    expect(adviceOn({ kind: 'unreachable', code: null }, false).by).toBe('try-again');
    expect(adviceOn({ kind: 'refused', code: 'AADSTSconstructor' }, false).cause).toBe('The sign-in service refused.');
  });
  it('never tells anybody to sign in for an application', () => {
    const kinds = ['consent-missing', 'sign-in-expired', 'refused', 'wrong-secret', 'unreachable'] as const;
    const codes = [null, ...NUMBERS.split(' ').map(number => `AADSTS${number}`)];
    const all = kinds.flatMap(kind => codes.map(code => adviceOn({ kind, code }, true)));
    expect(
      all.filter(({ by, cause, mend }) => by === 'get-token' || /signed in|service account/.test(cause + mend)),
    ).toEqual([]);
    expect(adviceOn({ kind: 'wrong-secret', code: 'AADSTS7000222' }, true).cause).toBe(
      'The client secret has expired.',
    );
  });
});

describe('permissions', () => {
  const token = (...scopes: string[]) => ({ ...livelyOffice(NOW).settings.token, scopes });
  const grants = (signIn: 'delegated' | 'app-secret', ...scopes: string[]) =>
    permissionsOf(signIn).map(permission => grantOf(permission, token(...scopes)));
  it('are read from the scopes, whatever the cloud and the case', () => {
    const scopes = ['https://graph.microsoft.us/calendars.readwrite.shared', 'openid'];
    expect(grants('delegated', ...scopes)).toEqual(['granted', 'missing', 'granted']);
    expect(grants('delegated', ...scopes, 'Place.Read.All')).toEqual(['granted', 'granted', 'granted']);
    expect(grants('app-secret', '.default')).toEqual(['unknown', 'unknown']);
    expect(grants('app-secret', 'Calendars.ReadWrite')).toEqual(['granted', 'missing']);
  });
  it('tells what is granted and not used', () => {
    expect(superfluous('delegated', token('Mail.Read', 'Place.Read.All', 'openid'))).toEqual(['Mail.Read']);
    expect(superfluous('app-secret', token('Calendars.ReadWrite.Shared'))).toEqual(['Calendars.ReadWrite.Shared']);
  });
});

describe('room health', () => {
  const { roomChecks } = livelyOffice(NOW);
  it('puts the worst first and leaves out what is only a hint', () => {
    const names = worstFirst(roomChecks.filter(wantsAttention)).map(({ name }) => name);
    expect(names).toEqual(['Cedar', 'Dune', 'Birch', 'Ember']);
  });
  it('gathers every command once', () => {
    const commands = commandsOf([...roomChecks, ...roomChecks]);
    expect(commands).toHaveLength(5);
    expect(commands[0]).toContain('-AddOrganizerToSubject $false');
  });
});

describe('the countdown', () => {
  it('shows a typed date as it was typed', () => {
    const at = instant(Date.UTC(2027, 5, 1));
    for (const zone of ['Asia/Tokyo', 'America/New_York']) {
      const format = makeFormat(DEFAULT_LOCALE, v.parse(ZoneName, zone));
      expect(expiryWords({ what: 'client-secret', at, urgency: 'calm' }, format)).toBe('31 May 2027');
    }
  });
  it('rounds down, in hours for the last two days', () => {
    const left = (n: number) => timeLeft(NOW, instant(NOW + n));
    const hour = 3_600_000;
    expect([left(hour - 1), left(hour), left(47.9 * hour), left(48 * hour), left(30 * 24 * hour - 1)]).toEqual([
      'less than an hour',
      '1 hour',
      '47 hours',
      '2 days',
      '29 days',
    ]);
  });
});

describe('the set-up', () => {
  const fresh = { hasOwnPassword: false, connection: 'none', rooms: 0, panels: 0, isDismissed: false } as const;
  it('is read from the state of things', () => {
    const states = (setUp: Parameters<typeof stepsOf>[0]) => stepsOf(setUp).map(({ state }) => state);
    expect(states(fresh)).toEqual(['now', 'later', 'later', 'later']);
    expect(states({ ...fresh, rooms: 3 })).toEqual(['now', 'later', 'done', 'later']);
    expect(states({ ...fresh, hasOwnPassword: true, connection: 'saved' })).toEqual(['done', 'now', 'later', 'later']);
    const done = { hasOwnPassword: true, connection: 'connected', rooms: 1, panels: 1, isDismissed: false } as const;
    expect(currentStep(done)).toBeNull();
    expect(currentStep({ ...done, panels: 0 })).toEqual({ name: 'panel', number: 4, of: 4 });
  });
  it('opens by itself only where nothing is there and nobody put it aside', () => {
    expect(isUntouched(fresh)).toBe(true);
    expect(isUntouched({ ...fresh, isDismissed: true })).toBe(false);
    expect(isUntouched({ ...fresh, connection: 'saved' })).toBe(false);
  });
});

describe('the state of a panel', () => {
  const summary = (name: string) => {
    const room = livelyOffice(NOW).rooms.find(candidate => candidate.name === name);
    return room && summarise(room);
  };
  it('is one word, and what to mend', () => {
    expect(summary('Aurora')).toEqual({ tone: 'good', word: 'Online', problems: [] });
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
