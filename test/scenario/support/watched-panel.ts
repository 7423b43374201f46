/** A panel on glass of which nothing stays unseen: its bridge, its page, its log, its disk. */
import { copyFile, mkdtemp, readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import * as v from 'valibot';
import { vi } from 'vitest';
import { WaitingPanel } from '../../../src/contract/wire/console.ts';
import type { BuggedWorld } from './bugged.ts';
import type { OpenPanel, PanelStart, Shell } from './shells.ts';

export type WatchedPanel = {
  readonly room: string;
  readonly id: string;
  readonly dataDir: string;
  page(): OpenPanel['page'];
  /** Messages over the bridge, as they came. */
  readonly views: readonly string[];
  log(): string;
  /** Writes down what is on the glass and on the disk at this moment. */
  look(): Promise<void>;
  /** Adds what was seen and logged so far to the evidence. */
  gather(isWanted?: (message: string) => boolean): void;
  /** Forgets the bridge messages and intents up to now. */
  forget(): void;
  /** Ends the panel as `end` says, and starts it anew on what is on disk then. */
  restart(end: () => Promise<string>): Promise<void>;
  /** The data directory as a crash at this moment would leave it. */
  crashed(): Promise<string>;
  stop(): Promise<void>;
};

/** Paired with this room and showing it. */
export async function hang(world: BuggedWorld, shell: Shell, room: string, mac: string): Promise<WatchedPanel> {
  const { evidence } = world;
  const name = `the panel at ${room}`;
  const { id: roomId } = world.room(room);
  let dataDir = await mkdtemp(join(world.dir, 'panel-'));
  const centralUrl = await world.lineFor(name, room);
  const logs: string[][] = [];
  let views: string[] = [];
  let page: string[] = [];
  let unhook = () => {};

  async function open(): Promise<OpenPanel> {
    const start: PanelStart = { dataDir, centralUrl, mac, machineId: room };
    const opened = await shell.open(start);
    logs.push(opened.log);
    opened.page.on('request', one => {
      if (one.url().includes('/bridge/')) page.push(`${one.method()} ${one.postData() ?? ''}`);
    });
    opened.page.on('console', message => page.push(message.text()));
    opened.page.on('pageerror', error => page.push(error.stack ?? error.message));
    unhook = listen(opened.page.url(), message => views.push(message));
    return opened;
  }

  let panel = await open();
  const find = async () => (await world.admin.api('GET', '/free-macs', v.array(WaitingPanel)))[0];
  const { panel: id } = await vi.waitUntil(find, { timeout: 10_000 });
  await world.admin.api('POST', `/free-macs/${id}/approve`, v.unknown(), { room: roomId, licenceKeyId: null });
  await panel.page.getByText(room).first().waitFor();

  return {
    room,
    id,
    get dataDir() {
      return dataDir;
    },
    page: () => panel.page,
    get views() {
      return views;
    },
    log: () => logs.flat().join('\n'),
    async look() {
      evidence.add(`${name}: page`, await panel.page.content(), room);
      evidence.add(`${name}: title`, await panel.page.title(), room);
      await evidence.addDir(`${name}: disk`, dataDir, room);
    },
    gather(isWanted = () => true) {
      for (const message of views.filter(isWanted)) evidence.add(`${name}: bridge`, message, room);
      evidence.add(`${name}: intents and what the page said`, page.join('\n'));
      for (const lines of logs) evidence.add(`${name}: log`, lines.join('\n'));
    },
    forget() {
      views = [];
      page = [];
    },
    async restart(end) {
      const next = await end();
      unhook();
      await panel.stop();
      dataDir = next;
      panel = await open();
      await panel.page.getByText(room).first().waitFor();
    },
    async crashed() {
      const copy = await mkdtemp(join(world.dir, 'panel-'));
      for (const name of await readdir(dataDir)) {
        // A temporary file may have got its real name by now.
        await copyFile(join(dataDir, name), join(copy, name)).catch(() => {});
      }
      return copy;
    },
    async stop() {
      unhook();
      await panel.stop();
    },
  };
}

/** The bridge as it is, beside the page; returns the way to end it. */
function listen(pageUrl: string, onMessage: (message: string) => void): () => void {
  const stream = request(new URL('bridge/stream', pageUrl), response => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (part: string) => {
      const messages = `${text}${part}`.split('\n\n');
      text = messages.pop() ?? '';
      for (const message of messages) onMessage(message);
    });
    response.on('error', () => {});
  });
  stream.on('error', () => {});
  stream.end();
  return () => void stream.destroy();
}
