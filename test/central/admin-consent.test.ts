/** One switch that turns the integration on for the whole organisation: the link, and what comes back. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONSENT_LINK_LIFE } from '../../src/central/consent/admin-consent.ts';
import { hours, instant } from '../../src/contract/values/time.ts';
import { ConsentLink, SaveAnswer } from '../../src/contract/wire/console.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { makeBrowser } from '../demo/support/browser.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { startTenantSession, type TenantSession } from './support/tenant-session.ts';

let session: TenantSession;
beforeAll(async () => {
  session = await startTenantSession();
  await session.save();
});
afterAll(() => session.stop());

const ask = () => session.admin.ask('POST', '/server-settings/default/consent', ConsentLink);
const consent = async () => (await session.read()).consent;
const setConsent = (delegated: string[], application: string[]) =>
  session.tenant.control('PUT', '/consent', { delegated, application });
/** Opens the link as an administrator does, and answers. Back comes where the browser is sent. */
async function answer(url: string, given: 'accept' | 'cancel'): Promise<URL> {
  const browser = makeBrowser(session.tenant);
  const page = await browser.go(url);
  expect(page.html).toContain('Permissions requested');
  const hidden = [...page.html.matchAll(/name="(\w+)" value="([^"]*)"/g)].filter(([, name]) => name !== 'answer');
  const form = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')]));
  return new URL((await browser.go(browser.formAction(page), { ...form, answer: given })).url);
}
/** A browser that knows nothing of the console. */
const elsewhere = (back: URL) => session.running.fetch(back.href);

test('nothing is saved: there is nothing to consent to', async () => {
  const refused = await session.admin.send('POST', '/server-settings/nobody/consent');
  expect(refused.status).toBe(404);
});

test('the link names the tenant, the app, all scopes of the sign-in, and holds for a week', async () => {
  const { url, expires } = await ask();
  const link = new URL(url);
  const { authority, tenantId, clientId, graph } = session.tenant.tenant;
  expect(link.href.split('?')[0]).toBe(`${authority}/${tenantId}/v2.0/adminconsent`);
  expect(link.searchParams.get('client_id')).toBe(clientId);
  expect(link.searchParams.get('redirect_uri')).toBe(`${session.running.url}/console/oauth/callback`);
  expect(link.searchParams.get('scope')?.split(' ')).toEqual(
    expect.arrayContaining([`${graph}/Calendars.ReadWrite.Shared`, `${graph}/Place.Read.All`, 'offline_access']),
  );
  expect(Math.abs(expires - Date.now() - CONSENT_LINK_LIFE)).toBeLessThan(60_000);
});

test('an administrator elsewhere accepts: a page of thanks, and the console knows', async () => {
  await setConsent([], []);
  const { url } = await ask();
  const back = await answer(url, 'accept');
  const page = await elsewhere(back);
  expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  const html = await page.text();
  expect(html).toContain('Thank you');
  expect(html).not.toMatch(/<script|style=|<style/);
  expect(await consent()).toMatchObject({ kind: 'granted' });
  // The sign-in that follows is not asked for anything.
  await session.arrive(await session.signIn());
  expect(await session.token()).toMatchObject({ kind: 'issued', problem: null });
});

test('one who declines leaves the reason behind, and may think again', async () => {
  const { url } = await ask();
  const page = await elsewhere(await answer(url, 'cancel'));
  expect(await page.text()).toContain('AADSTS65004');
  expect(await consent()).toMatchObject({ kind: 'missing', problem: { kind: 'consent-missing', code: 'AADSTS65004' } });
  await elsewhere(await answer(url, 'accept'));
  expect(await consent()).toMatchObject({ kind: 'granted' });
});

test('the browser that asked for the link is led back to the connection, once', async () => {
  const { url } = await ask();
  const back = await answer(url, 'accept');
  const arrived = await session.arrive(back);
  expect([arrived.status, arrived.headers.get('location')]).toEqual([
    302,
    '/console/#/server-settings?connection=default',
  ]);
  expect((await session.arrive(back)).status).toBe(200);
});

test('a token that waited for consent is asked for at once', async () => {
  await setConsent([], ['Place.Read.All']);
  await session.save({ signIn: 'app-secret' });
  const { settings } = await session.admin.ask('POST', '/server-settings/default/token', SaveAnswer);
  expect(settings.token).toMatchObject({ kind: 'issued', problem: { kind: 'consent-missing' } });
  const { url } = await ask();
  expect(new URL(url).searchParams.get('scope')).toBe(`${session.tenant.tenant.graph}/.default`);
  await elsewhere(await answer(url, 'accept'));
  expect(await session.read()).toMatchObject({
    token: { kind: 'issued', scopes: expect.arrayContaining(['Calendars.ReadWrite']), problem: null },
    consent: { kind: 'granted' },
  });
});

test('consent given in another tenant is no consent', async () => {
  const { url } = await ask();
  const back = await answer(url, 'accept');
  back.searchParams.set('tenant', '11111111-2222-3333-4444-555555555555');
  await elsewhere(back);
  expect(await consent()).toMatchObject({ kind: 'missing', problem: { kind: 'unknown-tenant' } });
  // Entra says admin_consent=True beside some errors: the error counts.
  back.searchParams.set('state', new URL((await ask()).url).searchParams.get('state') ?? '');
  back.searchParams.set('error', 'access_denied');
  back.searchParams.set('error_description', 'AADSTS650056: <b>Misconfigured</b> application.');
  const page = await (await elsewhere(back)).text();
  expect(page).toContain('&lt;b&gt;Misconfigured');
  expect(await consent()).toMatchObject({ kind: 'missing', problem: { code: 'AADSTS650056' } });
});

test('an answer counts once: played again it changes nothing, and is kept in short', async () => {
  const audited = () => {
    const db = new Database(join(session.running.dataDir, 'central.db'), { timeout: 5000 });
    const sql = "select count(*) as n from audit where action in ('consent-granted', 'consent-declined')";
    const { n } = v.parse(v.object({ n: v.number() }), db.prepare(sql).get());
    db.close();
    return n;
  };
  const { url } = await ask();
  const link = new URL(url).searchParams;
  const back = new URL(link.get('redirect_uri') ?? '');
  const reply = async (answered: Record<string, string>) => {
    back.search = new URLSearchParams({ state: link.get('state') ?? '', ...answered }).toString();
    const page = await elsewhere(back);
    return { status: page.status, html: await page.text() };
  };
  const before = audited();
  const foreign = {
    error: 'E'.repeat(2000),
    error_description: `AADSTS${'9'.repeat(500)} Call 0900-EVIL ${'x'.repeat(3000)}`,
  };
  await reply(foreign);
  const declined = await consent();
  if (declined.kind !== 'missing') throw new Error(JSON.stringify(declined));
  expect(declined.problem.detail.length).toBe(300);
  expect(declined.problem.code?.length).toBeLessThan(100);
  for (let n = 0; n < 3; n++) await reply({ ...foreign, error_description: `other words ${n}` });
  expect([await consent(), audited()]).toEqual([declined, before + 1]);

  // Thought better of it: that counts, and is the last word.
  const tenant = session.tenant.tenant.tenantId;
  expect((await reply({ admin_consent: 'True', tenant })).status).toBe(200);
  const granted = await consent();
  expect([granted.kind, audited()]).toEqual(['granted', before + 2]);
  expect(await reply(foreign)).toMatchObject({ status: 400, html: expect.stringContaining('does not work any more') });
  expect((await reply({ admin_consent: 'True', tenant })).html).toContain('Thank you');
  expect([await consent(), audited()]).toEqual([granted, before + 2]);
  // After a restart too.
  await session.restart(makeSystemClock());
  back.port = new URL(session.running.url).port;
  expect((await reply(foreign)).status).toBe(400);
  expect([await consent(), audited()]).toEqual([granted, before + 2]);
});

test('nobody can send answers without end', async () => {
  await session.restart(makeSystemClock());
  const there = `${session.running.url}/console/oauth/callback?state=consent.nonsense&error=access_denied`;
  const statuses: number[] = [];
  let last: Response | null = null;
  for (let n = 0; n < 25; n++) {
    last = await session.running.fetch(there);
    statuses.push(last.status);
    if (n < 24) await last.text();
  }
  expect(new Set(statuses.slice(0, 20))).toEqual(new Set([400]));
  expect(statuses.at(-1)).toBe(429);
  expect([Number(last?.headers.get('retry-after')) > 0, await last?.text()]).toEqual([
    true,
    expect.stringContaining('Wait a minute'),
  ]);
  // A sign-in comes back all the same.
  await session.save();
  await session.arrive(await session.signIn());
  expect(await session.token()).toMatchObject({ kind: 'issued' });
  await session.restart(makeSystemClock());
});

test('a state that was altered, made up, or belongs to a sign-in changes nothing and is logged', async () => {
  const before = await consent();
  const { url } = await ask();
  const back = await answer(url, 'accept');
  const state = back.searchParams.get('state') ?? '';
  const at = Math.floor(state.length / 2);
  const altered = state.slice(0, at) + (state[at] === 'A' ? 'B' : 'A') + state.slice(at + 1);
  for (const forged of [
    altered,
    'consent.',
    'consent.v1.00000000.AAAA',
    `consent.${'x'.repeat(500)}`,
    state.replace('consent.', ''),
  ]) {
    back.searchParams.set('state', forged);
    const arrived = await elsewhere(back);
    expect([200, 302, 400]).toContain(arrived.status);
    expect(await arrived.text()).not.toContain('Thank you');
  }
  expect(await consent()).toEqual(before);
  const ignored = session.running.log.filter(line => line.includes('consent-callback-ignored'));
  expect(ignored.length).toBe(4);
  expect(ignored.every(line => line.includes('forged'))).toBe(true);
  expect(session.running.log.join('')).not.toContain('request-broke');
});

test('it works after a restart, and not after a week; nor once the connection is gone', async () => {
  const before = await consent();
  const id = await session.add({ name: 'Short-lived' });
  const link = await session.admin.ask('POST', `/server-settings/${id}/consent`, ConsentLink);
  const [own, gone] = [await ask(), await answer(link.url, 'accept')];
  const back = await answer(own.url, 'accept');
  expect((await session.admin.send('DELETE', `/server-settings/${id}`)).status).toBe(204);
  expect((await elsewhere(gone)).status).toBe(400);

  const at = (url: URL) => {
    const there = new URL(session.running.url);
    url.port = there.port;
    return url;
  };
  await session.restart(new VirtualClock(instant(Date.now() + CONSENT_LINK_LIFE + hours(1))));
  const late = await elsewhere(at(back));
  expect([late.status, (await late.text()).includes('does not work any more')]).toEqual([400, true]);
  await session.restart(makeSystemClock());
  expect(await consent()).toEqual(before);
  expect((await elsewhere(at(back))).status).toBe(200);
  expect(await consent()).toMatchObject({ kind: 'granted' });
});

test('the answer to asking for a link holds nothing but the link', async () => {
  const text = await (await session.admin.send('POST', '/server-settings/default/consent')).text();
  expect(v.is(v.strictObject({ url: v.string(), expires: v.number() }), JSON.parse(text))).toBe(true);
  expect(text).not.toContain(session.tenant.tenant.clientSecret);
});
