/** What a panel, central and the console may know of meetings: told in scenes, the same for both kinds of access. */
import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { PolicyValues } from '../../../src/contract/values/policy.ts';
import { type BuggedWorld, makeBuggedWorld } from './bugged.ts';
import { clear, eventsOf, inMinutes, meet } from './door.ts';
import { isDayOf, KINDS, type Kind, type Planted, plant, wrongAnswers } from './planted.ts';
import type { Shell } from './shells.ts';
import { hang, type WatchedPanel } from './watched-panel.ts';

const SHOWN: PolicyValues = {
  privacy: { subjects: 'shown', organizers: 'shown', isPersonalPrivate: true },
  endEarly: 'decline',
  theme: 'light',
};
const HIDDEN = {
  ...SHOWN,
  privacy: { subjects: 'hidden', organizers: 'hidden', isPersonalPrivate: true },
  theme: 'dark',
} satisfies PolicyValues;
const OWN = 'Geiranger';
const OTHER = 'Kestrel';

export function tellPrivacy(shell: Shell, access: 'direct' | 'relay') {
  let world: BuggedWorld;
  let own: WatchedPanel;
  let other: WatchedPanel;

  beforeAll(async () => {
    world = await makeBuggedWorld(SHOWN);
    await world.setConnection({ access });
    for (const room of [OWN, OTHER]) {
      const { address } = world.room(room);
      await clear(world, address);
      const processing = { replacesSubject: false, removesPrivate: false };
      await world.control('PATCH', `/rooms/${address}/processing`, v.unknown(), processing);
    }
    for (const [n, kind] of KINDS.entries()) await put(OWN, kind, 45 + 25 * n, 65 + 25 * n);
    await put(OTHER, 'normal', -5, 240);
    await put(OTHER, 'confidential', 241, 300);
    own = await hang(world, shell, OWN, '02:00:00:00:00:01');
    other = await hang(world, shell, OTHER, '02:00:00:00:00:02');
  });
  afterAll(async () => {
    await own?.stop();
    await other?.stop();
    await world?.stop();
    await shell.close();
  });

  beforeEach(makeFree);

  /** Somebody books the room; Graph then speaks of it with all canaries. */
  async function put(room: string, kind: Kind, from: number, to: number): Promise<Planted> {
    const planted = plant(world.evidence, room, kind);
    world.planted.push(planted);
    const meeting = { subject: planted.subject, isPrivate: kind === 'private' };
    await meet(world, world.room(room).address, { ...meeting, start: inMinutes(from), end: inMinutes(to) });
    return planted;
  }

  async function leaks(): Promise<string[]> {
    await own.look();
    await other.look();
    own.gather();
    other.gather();
    await world.gather();
    return world.evidence.leaks();
  }

  const shownAt = (room: string) => world.evidence.canaries.filter(one => one.shownAt === room).map(one => one.what);

  it('shows what it may and nothing else, with every word there for the taking', async () => {
    const subject = textOf(`subject of ${OWN}'s normal meeting`);
    await own.page().getByText(subject).first().waitFor();
    await own.page().getByText('Private').first().waitFor();
    await world.askAsConsole([own.id, other.id]);
    expect(await leaks()).toEqual([]);
    // The search does find what is there.
    for (const place of ['bridge', 'disk']) {
      expect(world.evidence.seen(`the panel at ${OWN}: ${place}`), place).toEqual(shownAt(OWN));
      expect(world.evidence.seen(`the panel at ${OTHER}: ${place}`), place).toEqual(shownAt(OTHER));
    }
  });

  for (const mode of ['direct', 'invite'] as const) {
    it(`books, extends and ends in booking mode ${mode}, and leaves no word anywhere`, async () => {
      await world.setPolicy({ ...SHOWN, bookingMode: mode });
      const page = own.page();
      await page.getByRole('button', { name: /^15 min/ }).click();
      await page.getByText(/^Booked \d/).waitFor();
      await page.getByRole('button', { name: 'OK' }).click();
      await endIt();
      expect(await leaks()).toEqual([]);
    });
  }

  it('tells another room when this one is taken, and no more', async () => {
    await world.setPolicy(SHOWN);
    const page = other.page();
    const book = async () => page.getByTestId('found-room').filter({ hasText: OWN }).click();
    await page.getByTestId('find-room').click();
    await page.getByTestId('found-room').first().waitFor();
    // Taken since: the other panel has to look into this room's calendar to see it.
    await put(OWN, 'normal', -5, 30);
    await book();
    await page.getByText('Not booked').first().waitFor();
    await makeFree();
    await page.getByRole('button', { name: 'Find another' }).click();
    await book();
    await page
      .getByText(/^Booked: /)
      .first()
      .waitFor();
    expect(await leaks()).toEqual([]);
  });

  it('quotes nothing of an answer that went wrong, to nobody', async () => {
    const { address } = world.room(OWN);
    const words = textOf(`subject of ${OWN}'s private meeting`);
    for (const spoil of Object.values(wrongAnswers(words))) {
      // A read whose answer made no sense is sent once more by some.
      for (let n = 0; n < 2; n++) world.spoils.push({ is: exchange => isDayOf(exchange, address), spoil });
    }
    await readAnewUntil(() => world.spoils.length === 0);
    // And what central answers to the panel, around a word that may be shown.
    const shown = textOf(`subject of ${OWN}'s normal meeting`);
    let isSpoilt = access === 'direct';
    world.spoilCentral = {
      path: '/panel/v1/calendar/list',
      spoil: said => {
        const at = said.body.indexOf(shown);
        isSpoilt ||= at >= 0;
        // Without the quote before it: the parser's complaint would cite the word.
        return at < 0 ? said : { ...said, body: said.body.slice(0, at - 1) + said.body.slice(at) };
      },
    };
    await readAnewUntil(() => isSpoilt);
    world.spoilCentral = null;
    await readAnewUntil(() => lastView(own).includes(shown));
    expect(own.log()).toMatch(/calendar-not-read/);

    const refused = wrongAnswers(words)['400 that quotes the event'];
    if (refused)
      world.spoils.push({ is: ({ method, path }) => method === 'POST' && /events$/.test(path), spoil: refused });
    await own
      .page()
      .getByRole('button', { name: /^15 min/ })
      .click();
    await own.page().getByText('Not booked').first().waitFor();
    await own.page().getByRole('button', { name: 'OK' }).click();
    await world.askAsConsole([own.id, other.id]);
    expect(await leaks()).toEqual([]);
  });

  it('keeps nothing on disk that it may not show, whenever it dies', async () => {
    await own
      .page()
      .getByRole('button', { name: /^15 min/ })
      .click();
    for (let n = 0; n < 5; n++) await world.evidence.addDir('a crashed panel', await own.crashed(), OWN);
    await own
      .page()
      .getByText(/^Booked \d/)
      .waitFor();
    await own.restart(async () => {
      const dir = await own.crashed();
      const file = join(dir, 'snapshot.json');
      await truncate(file, (await stat(file)).size - 1);
      return dir;
    });
    expect(
      (await readdir(own.dataDir)).filter(name => /snapshot.*bad/.test(name)),
      'set aside',
    ).toHaveLength(1);
    expect(await leaks()).toEqual([]);
  });

  it('paints a private meeting alike whatever it is about, and tells its organiser nothing about it', async () => {
    const planted = await put(OWN, 'private', -5, 30);
    const page = own.page();
    await readAnewUntil(() => true);
    await page.getByText('In use').first().waitFor();
    let minute = 0;
    let pictures: Buffer[] = [];
    let pages: string[] = [];
    do {
      minute = theMinute();
      pictures = [];
      pages = [];
      for (const repeats of [1, 20]) {
        planted.more.subject = world.evidence.canary('subject of another length', null, repeats);
        await readAnewUntil(() => true);
        pictures.push(await steadyPicture(page));
        // Where the day has got to moves all the time.
        pages.push((await page.content()).replace(/(class="now-line" style=")[^"]*/, '$1'));
      }
    } while (minute !== theMinute());
    expect(pages[1]).toBe(pages[0]);
    expect(pictures[1]?.equals(pictures[0] ?? Buffer.alloc(0)), 'pixel by pixel').toBe(true);
    await endIt();
    await page.getByRole('button', { name: 'OK' }).click();
    await put(OWN, 'normal', -5, 30);
    await readAnewUntil(() => true);
    await endIt();
    const told = await world.control('GET', '/messages', v.array(v.looseObject({ comment: v.string() })));
    expect(told.filter(({ comment }) => comment.includes('ended this meeting'))).toHaveLength(2);
    expect(await leaks()).toEqual([]);
  });

  it('hides at once what is hidden from now on, before anything is read again', async () => {
    const shown = textOf(`subject of ${OWN}'s normal meeting`);
    world.tenant.faults.add({ kind: 'error' });
    await world.setPolicy({ ...SHOWN, privacy: { subjects: 'shown', organizers: 'hidden', isPersonalPrivate: true } });
    await expect.poll(() => lastView(own)).toMatch(/"readProblem":"provider-error"/);
    expect(lastView(own)).toContain(shown);
    world.forget();
    own.forget();
    other.forget();
    world.evidence.hideAll();
    await world.setPolicy(HIDDEN);
    const isDark = (message: string) => message.includes('"theme":"dark"');
    for (const panel of [own, other]) {
      await expect.poll(() => panel.views.some(isDark)).toBe(true);
      await panel.page().reload();
      await panel.page().getByText(panel.room).first().waitFor();
    }
    const seen = async () => {
      world.evidence.clear();
      for (const panel of [own, other]) {
        await panel.look();
        panel.gather(isDark);
      }
      await world.gather();
      return world.evidence.leaks();
    };
    // It is on its way to the disk.
    await expect.poll(seen, { timeout: 3000 }).toEqual([]);
    world.tenant.faults.clear();
    await world.setPolicy({ ...HIDDEN, privacy: { ...HIDDEN.privacy, isPersonalPrivate: false } });
    await expect.poll(() => lastView(own), { timeout: 10_000 }).toMatch(/"readProblem":null/);
    await world.askAsConsole([own.id, other.id]);
    expect(await seen()).toEqual([]);
  });

  /** Takes off the calendar what takes the room now, or did a moment ago. */
  async function makeFree() {
    const { address } = world.room(OWN);
    const [from, to] = [inMinutes(-10), inMinutes(35)];
    for (const { id, start, end } of await eventsOf(world, address)) {
      const path = `/rooms/${address}/meetings/${encodeURIComponent(id)}`;
      if (start < to && from < end) await world.control('DELETE', path, v.unknown());
    }
    await readAnewUntil(() => true);
  }

  async function endIt() {
    const page = own.page();
    await page.getByText('In use').first().waitFor();
    await page.getByRole('button', { name: /End now/ }).click();
    await page.getByRole('button', { name: /End now\?/ }).click();
    await page.getByText('Free').first().waitFor();
  }

  const textOf = (what: string) => {
    const found = world.evidence.canaries.find(one => one.what === what);
    if (found === undefined) throw new Error(`no canary called ${what}`);
    return found.text;
  };

  /** Changes what takes another read, there and back, until this is so. */
  async function readAnewUntil(isSo: () => boolean) {
    const { address } = world.room(OWN);
    do {
      for (const organizers of ['hidden', 'shown'] as const) {
        const before = world.readsOf(address);
        await world.setPolicy({ ...SHOWN, privacy: { subjects: 'shown', organizers, isPersonalPrivate: true } });
        await expect.poll(() => world.readsOf(address), { interval: 20, timeout: 10_000 }).toBeGreaterThan(before);
      }
    } while (!isSo());
  }
}

/** When nothing on it moves any more. */
async function steadyPicture(page: Page): Promise<Buffer> {
  const take = () => page.screenshot({ style: '.now-line { visibility: hidden }', animations: 'disabled' });
  let before = await take();
  for (let after = await take(); !after.equals(before); after = await take()) before = after;
  return before;
}

const lastView = ({ views }: WatchedPanel) => views.findLast(message => message.startsWith('event: view')) ?? '';
const theMinute = () => Math.floor(Date.now() / 60_000);
