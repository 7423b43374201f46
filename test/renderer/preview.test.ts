/** The built preview in a real Chromium, in a frame, under the policy central serves it with. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { type Browser, chromium, type Frame, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY, type Policy } from '../../src/contract/values/policy.ts';
import type { PreviewMessage } from '../../src/contract/values/preview.ts';
import { minutes } from '../../src/contract/values/time.ts';
import { CHROMIUM, hasChromium } from '../support/chromium.ts';
import { buildPage } from './build-page.ts';
import { TYPES } from './serve-static.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'none'";
/** The console's part: a frame, and what it was told. */
const HOST = `<!doctype html><link rel="icon" href="data:,">
<iframe src="/preview/" style="border:0;width:640px;height:400px"></iframe>
<script>window.heard = []; onmessage = event => heard.push(event.data);</script>`;

async function serve(folder: string): Promise<{ url: string; server: Server }> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    if (path === '/') return response.writeHead(200, { 'content-type': 'text/html' }).end(HOST);
    const file = path.replace('/preview/', '') || 'index.html';
    const body = await readFile(join(folder, file)).catch(() => null);
    if (!path.startsWith('/preview/') || body === null) return response.writeHead(404).end();
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

describe.skipIf(!hasChromium)('the preview', () => {
  let built: Awaited<ReturnType<typeof buildPage>>;
  let served: Awaited<ReturnType<typeof serve>>;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];
  beforeAll(async () => {
    built = await buildPage('preview');
    served = await serve(built.folder);
    browser = await chromium.launch(CHROMIUM);
  });
  afterAll(async () => {
    await browser?.close();
    served?.server.closeAllConnections();
    served?.server.close();
    await built?.remove();
  });
  beforeEach(async () => {
    await page?.close();
    errors.length = 0;
    page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
    page.on('console', message => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', error => errors.push(error.message));
    await page.goto(served.url);
    await page.waitForFunction(() => Reflect.get(window, 'heard').length > 0);
  });

  const frame = (): Frame => {
    const inner = page.frames()[1];
    if (!inner) throw new Error('no frame');
    return inner;
  };
  const message = (scene: PreviewMessage['scene'], policy: Partial<Policy> = {}): PreviewMessage => ({
    kind: 'lintel-preview',
    policy: { ...DEFAULT_POLICY, ...policy },
    roomName: 'Fjord',
    scene,
  });
  const send = (sent: unknown) => page.evaluate(data => window.frames[0]?.postMessage(data, location.origin), sent);
  /** Sends and waits for a word that stands on the glass only then. */
  async function show(sent: PreviewMessage, word: string) {
    await send(sent);
    await frame().getByText(word).first().waitFor();
  }
  const tone = () => frame().locator('main').getAttribute('data-tone');

  test('says that it is ready, shows nothing before it is told, and breaks no rule of the policy', async () => {
    expect(await page.evaluate(() => Reflect.get(window, 'heard'))).toEqual([{ kind: 'lintel-preview-ready' }]);
    expect(await frame().locator('#panel').textContent()).toBe('');
    await show(message('free'), 'until 11:00');
    expect(errors).toEqual([]);
  });

  test('shows every scene', async () => {
    const checkIn = { kind: 'required', opensBefore: minutes(10), grace: minutes(10) } as const;
    const dimming = { kind: 'outside-working-hours', brightness: 20 } as const;
    const scenes: [PreviewMessage['scene'], Partial<Policy>, string, string][] = [
      ['free', {}, 'until 11:00', 'free'],
      ['starting-soon', {}, 'Starting soon', 'soon'],
      ['check-in', { checkIn }, 'within 9 min', 'check-in'],
      ['check-in', {}, 'until 10:45', 'taken'],
      ['in-meeting', {}, 'End now', 'taken'],
      ['stale', {}, 'Last updated 12 min ago', 'free'],
      ['night', { dimming }, 'for the rest of the day', 'free'],
    ];
    for (const [scene, policy, word, wanted] of scenes) {
      await show(message(scene, policy), word);
      expect(await tone(), scene).toBe(wanted);
      expect(await frame().getByTestId('dimmer').count(), scene).toBe(scene === 'night' ? 1 : 0);
    }
    expect(errors).toEqual([]);
  });

  test('follows the settings: language, clock, theme, logo, help, lengths, booking off, privacy', async () => {
    const logo = 'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=';
    await show(message('free', { language: 'de', theme: 'dark', logo, helpContact: '4711' }), 'bis 11:00');
    expect(
      await frame().evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme]),
    ).toEqual(['de-DE', 'dark']);
    expect(await frame().getByTestId('logo').getAttribute('src')).toBe(logo);
    expect(await frame().getByTestId('help').textContent()).toBe('Hilfe: 4711');
    await show(message('free', { walkUps: [minutes(20)], hourCycle: '12h' }), 'until 10:27\u00a0am');
    expect(await frame().getByTestId('book').allTextContents()).toEqual([
      '20 minuntil 10:27\u00a0am',
      'Until nextuntil 11:00\u00a0am',
    ]);
    await show(message('in-meeting', { endEarly: 'off', extensions: [minutes(15)] }), '+ 15 min');
    expect(await frame().getByTestId('end-early').count()).toBe(0);
    await show(message('free', { bookingMode: 'off' }), 'until 11:00');
    await expect.poll(() => frame().getByTestId('book').count()).toBe(0);
    const privacy = { subjects: 'hidden', organizers: 'hidden', isPersonalPrivate: true } as const;
    await show(message('starting-soon', { privacy }), 'Starting soon');
    expect(await frame().locator('#panel').textContent()).not.toMatch(/workshop|Sigrid|Dentist|Salary/);
  });

  test('is the panel at its own size, drawn as wide as the frame', async () => {
    await show(message('free'), 'until 11:00');
    const size = () => frame().evaluate(() => document.getElementById('panel')?.getBoundingClientRect().toJSON());
    expect(await size()).toMatchObject({ x: 0, y: 0, width: 640, height: 400 });
    await page.evaluate(() => {
      const element = document.querySelector('iframe');
      if (element) Object.assign(element.style, { width: '320px', height: '200px' });
    });
    await expect.poll(size).toMatchObject({ width: 320, height: 200 });
    const button = await frame().evaluate(
      () => document.querySelector<HTMLElement>('[data-testid="book"]')?.offsetHeight,
    );
    expect(button).toBe(96);
  });

  test('can be neither pressed nor reached by the keyboard', async () => {
    await show(message('free'), 'until 11:00');
    await page.mouse.click(100, 360);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await frame().evaluate(() => document.activeElement?.tagName)).toBe('BODY');
    expect(await frame().locator('#panel').textContent()).not.toContain('Booking');
  });

  test('hears its own parent of its own origin only, and only what parses', async () => {
    await show(message('free'), 'until 11:00');
    await send({ ...message('in-meeting'), policy: { language: 'xx' } });
    await send('lintel-preview');
    // A frame beside it, of the same origin but not the parent; then a page of another origin as the parent.
    await page.evaluate(data => {
      const beside = document.createElement('iframe');
      document.body.append(beside);
      const script = beside.contentDocument?.createElement('script');
      if (!script) return;
      script.textContent = `parent.frames[0].postMessage(${JSON.stringify(data)}, '*')`;
      beside.contentDocument?.body.append(script);
    }, message('in-meeting'));
    await page.waitForTimeout(200);
    expect(await tone()).toBe('free');
    expect(errors).toEqual([]);

    // A page of another origin that frames it; central would not let it, but that is central's part.
    await page.goto(served.url.replace('127.0.0.1', 'localhost'));
    await page.setContent(`<iframe src="${served.url}preview/"></iframe>`);
    await page.frameLocator('iframe').locator('#panel').waitFor({ state: 'attached' });
    await page.evaluate(data => window.frames[0]?.postMessage(data, '*'), message('free'));
    await page.waitForTimeout(300);
    expect(await frame().locator('#panel').textContent()).toBe('');
  });
});
