/** A panel's computer: its own clock, a small disk, and an agent that may die at any moment and be started again. */
import type { PanelPorts } from '../../../src/agent/panel-ports.ts';
import type { FileRead, Files, FileWritten, Identity, Log } from '../../../src/agent/ports.ts';
import { type Panel, startPanel } from '../../../src/agent/start-panel.ts';
import type { Intent } from '../../../src/contract/bridge/intent.ts';
import type { View } from '../../../src/contract/bridge/view.ts';
import type { Clock } from '../../../src/contract/values/clock.ts';
import type { PanelId } from '../../../src/contract/values/ids.ts';
import { type Duration, milliseconds, plus } from '../../../src/contract/values/time.ts';
import { hexFrom } from '../../support/dice.ts';
import type { PanelHistory } from '../history.ts';
import type { Network } from './network.ts';

export type MachineOptions = {
  history: PanelHistory;
  id: PanelId;
  clock: Clock;
  dice: () => number;
  network: Network;
  centralUrl: string;
  /** Told of every text that leaves the agent for a log or the disk. */
  wrote: (where: string, text: string) => void;
  story: (line: () => string) => void;
};

/** From the power button to the process; and one life of it. */
type Life = { isAlive: boolean; stops: Set<() => void>; panel: Panel | null; writing: Set<() => void> };

export class Machine {
  readonly #options: MachineOptions;
  readonly #disk = new Map<string, string>();
  #offset = milliseconds(0);
  #starts = 0;
  #life: Life | null = null;
  #intending: Intent | null = null;
  #isDiskFull = false;
  #isPageGone = false;

  constructor(options: MachineOptions) {
    this.#options = options;
  }

  get view(): View | null {
    return this.#life?.panel?.agent.view() ?? null;
  }

  get taps(): readonly Intent[] {
    return this.#options.history.taps.map(tap => tap.intent);
  }

  /** What was shown and tapped so far is of no more interest. */
  forgetPast() {
    const { glass, taps } = this.#options.history;
    glass.splice(0, glass.length - 1);
    taps.length = 0;
  }

  losePage() {
    const { clock, history, story } = this.#options;
    if (this.#isPageGone) return;
    story(() => `${history.name} loses its page`);
    this.#isPageGone = true;
    history.pageless.push({ start: clock.now(), end: null });
    this.#life?.panel?.agent.glass(false);
  }

  bringPageBack() {
    const { clock, history, story } = this.#options;
    const last = history.pageless.at(-1);
    if (!this.#isPageGone || !last) return;
    story(() => `${history.name} has its page back`);
    this.#isPageGone = false;
    last.end = clock.now();
    this.#life?.panel?.agent.glass(true);
  }

  /** What this machine takes for the time. */
  now = () => plus(this.#options.clock.now(), this.#offset);

  setClock(by: Duration) {
    const { clock, history, story } = this.#options;
    this.#offset = milliseconds(this.#offset + by);
    history.clock.push({ at: clock.now(), offset: this.#offset });
    story(() => `${history.name} clock set by ${by / 1000} s`);
  }

  fillDisk(lasts: Duration) {
    const { clock, history } = this.#options;
    const now = clock.now();
    history.fullDisk.push({ start: now, end: plus(now, lasts) });
    this.#isDiskFull = true;
    clock.after(lasts, () => {
      this.#isDiskFull = false;
    });
  }

  async start() {
    const { history, clock, story } = this.#options;
    if (this.#life !== null) return;
    const life: Life = { isAlive: true, stops: new Set(), panel: null, writing: new Set() };
    this.#life = life;
    this.#starts++;
    story(() => `${history.name} starts`);
    const panel = await startPanel(this.#ports(life));
    if (!life.isAlive) return;
    panel.agent.glass(!this.#isPageGone);
    life.panel = panel;
    const show = (view: View) => {
      if (life.isAlive) history.glass.push({ at: clock.now(), view, isSilent: false });
    };
    panel.agent.subscribe(view => {
      story(() => `${history.name} shows ${told(view)}`);
      show(view);
    });
    show(panel.agent.view());
  }

  /** Memory is gone in an instant, requests under way are nobody's, a file being written is the old or the new one. */
  crash() {
    const { history, clock, dice, story } = this.#options;
    const life = this.#life;
    if (life === null) return;
    story(() => `${history.name} crashes`);
    for (const land of life.writing) if (dice() < 0.5) land();
    this.#end(life);
    const last = history.glass.at(-1);
    if (last) history.glass.push({ at: clock.now(), view: last.view, isSilent: true });
    history.crashes.push(clock.now());
  }

  /** Time stands still from here on: nothing that waits for it would end. */
  stop() {
    const life = this.#life;
    void life?.panel?.stop();
    if (life) this.#end(life);
  }

  tap(intent: Intent) {
    const { history, clock, story } = this.#options;
    const { view } = this;
    const agent = this.#life?.panel?.agent;
    if (!view || !agent || this.#isPageGone) return;
    story(() => `${history.name} tapped: ${JSON.stringify(intent)}`);
    this.#intending = intent;
    history.taps.push({ at: clock.now(), intent, key: '', view });
    agent.intend(intent);
    this.#intending = null;
  }

  #end(life: Life) {
    life.isAlive = false;
    for (const stop of life.stops) stop();
    this.#life = null;
  }

  #clockOf(life: Life): Clock {
    const { clock } = this.#options;
    return {
      now: this.now,
      after: (delay, task) => {
        if (!life.isAlive) return () => {};
        const stop = clock.after(delay, () => {
          life.stops.delete(stop);
          if (life.isAlive) task();
        });
        life.stops.add(stop);
        return () => {
          life.stops.delete(stop);
          stop();
        };
      },
    };
  }

  #randomHex = (): string => {
    const hex = hexFrom(this.#options.dice);
    const tap = this.#options.history.taps.at(-1);
    // The agent draws a booking's key while it takes the tap.
    if (this.#intending !== null && tap?.intent === this.#intending && tap.key === '') tap.key = `lintel-${hex}`;
    return hex;
  };

  #ports(life: Life): PanelPorts {
    const { dice, network, centralUrl } = this.#options;
    const fetch = network.fetchFor(this.#options.history.name, () => life.isAlive);
    const closable = () => ({ fetch, close: async () => {} });
    return {
      clock: this.#clockOf(life),
      log: this.#log(),
      files: this.#files(life),
      identity: this.#identity(),
      agentVersion: '1',
      randomHex: this.#randomHex,
      dice,
      found: { url: centralUrl, ca: 'CA', licenceKey: null },
      wholeUrl: typed => typed,
      probeCa: async () => ({ kind: 'ca', pem: 'CA' }),
      pairingWords: () => ['one', 'two', 'three', 'four'],
      isPin: async () => true,
      inspectMachine: async () => {
        throw new Error('nobody asks for diagnostics here');
      },
      restart: () => {},
      fetchTrusting: closable,
      fetchPublic: closable,
    };
  }

  #log(): Log {
    const { wrote, story, history } = this.#options;
    const write = (event: string, fields?: object) => {
      const line = `${event} ${JSON.stringify(fields ?? {})}`;
      wrote(`log of ${history.name}`, line);
      story(() => `${history.name} log: ${line}`);
    };
    return { info: write, warn: write, error: write };
  }

  /** Written whole or not at all, and slowly. */
  #files(life: Life): Files {
    const clock = this.#clockOf(life);
    const { dice, wrote, history } = this.#options;
    return {
      read: async (name): Promise<FileRead> => {
        const text = this.#disk.get(name);
        return text === undefined ? { kind: 'absent' } : { kind: 'read', text };
      },
      write: (name, text) =>
        new Promise<FileWritten>(resolve => {
          wrote(`${name} of ${history.name}`, text);
          const land = () => {
            if (!this.#isDiskFull) this.#disk.set(name, text);
          };
          life.writing.add(land);
          clock.after(milliseconds(1 + dice() * 30), () => {
            life.writing.delete(land);
            land();
            resolve(this.#isDiskFull ? { kind: 'failed', why: 'disk-full', detail: 'ENOSPC' } : { kind: 'written' });
          });
        }),
      setAside: async name => void this.#disk.delete(name),
      remove: async name => void this.#disk.delete(name),
      removeSetAside: async () => {},
    };
  }

  #identity(): Identity {
    const { id, history, dice } = this.#options;
    const boot = hexFrom(dice);
    let proofs = 0;
    return {
      panel: id,
      keyStore: 'sealed-file',
      boot,
      starts: this.#starts,
      mac: null,
      machineId: null,
      hostname: history.name,
      prove: async (_method, _url, nonce) => `${history.name} ${boot} ${++proofs} ${nonce ?? ''}`,
    };
  }
}

/** A view in one line. */
function told({ screen, clockOffset, problems, readProblem }: View): string {
  if (screen.kind !== 'room') return screen.kind;
  const { status, trust, booking, day, released } = screen.view;
  const parts = [
    `${status.kind} (${trust.kind}${trust.kind === 'unknown' ? '' : ` read ${timeOf(trust.lastRead)}`})`,
    `day ${day.meetings.map(m => `${timeOf(m.start)}-${timeOf(m.end)}${m.isOurs ? '*' : ''}`).join(' ') || 'empty'}`,
    booking &&
      `${booking.action.kind} ${timeOf(booking.span.start)}-${timeOf(booking.span.end)}: ${JSON.stringify(booking.state)}`,
    released && 'released',
    clockOffset !== 0 && `corrects its clock by ${clockOffset / 1000} s`,
    readProblem,
    ...problems.map(problem => problem.kind),
  ];
  return parts.filter(Boolean).join(', ');
}

const timeOf = (at: number) => new Date(at).toISOString().slice(11, 19);
