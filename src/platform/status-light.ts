/**
 * A light beside the door: a multicolour LED of the Linux kernel, as files in a directory below /sys/class/leds
 * (Documentation/leds/leds-class-multicolor.rst and ABI/testing/sysfs-class-led in the kernel's tree).
 *
 *   multi_index      the colours it has, in the order the next file takes them: `red green blue`
 *   multi_intensity  one number a colour, at most max_brightness
 *   brightness       of the whole; 0 also takes it away from whatever trigger drove it before
 */
import { readFile, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Log } from '../agent/ports.ts';
import type { Clock, Stop } from '../contract/values/clock.ts';
import { seconds } from '../contract/values/time.ts';
import { errorCode } from './start-error.ts';

export type LightState = 'free' | 'soon' | 'waiting' | 'taken' | 'unknown' | 'off';

/** Shares of full intensity; a colour the LED does not have stays away. */
type Colour = Readonly<Record<string, number>>;
const COLOURS: Record<LightState, Colour> = {
  free: { green: 1 },
  soon: { red: 1, green: 0.45, amber: 1 },
  waiting: { blue: 1 },
  taken: { red: 1 },
  // White, dim: neither free nor taken is claimed, and the panel is alive.
  unknown: { red: 0.15, green: 0.15, blue: 0.15, white: 0.15 },
  off: {},
};
/** Waiting for a check-in breathes between full and this, never dark, so that no glance takes it for off. */
const LOW = 0.2;
const BLINK_EVERY = seconds(1);

export type StatusLight = {
  show(state: LightState): void;
  /** Puts it out; nothing is written afterwards. */
  stop(): Promise<void>;
};

type Layout = { colours: string[]; most: number };

/**
 * `dir`: the LED's directory, absolute. A light that cannot be driven is said once in the log and tried again at the next
 * change: it may be plugged in later, and the panel does without.
 */
export function makeStatusLight({ dir, clock, log }: { dir: string; clock: Clock; log: Log }): StatusLight {
  let shown: LightState | null = null;
  let isLow = false;
  let stopBlinking: Stop = () => {};
  let layout: Layout | null = null;
  /** What the LED was told last, by file. */
  const written = new Map<string, string>();
  let isTold = false;
  let isStopped = false;
  let isWriting = false;
  /** The last of the writes, one after the other. */
  let turn: Promise<void> = Promise.resolve();

  function blink() {
    stopBlinking = clock.after(BLINK_EVERY, () => {
      isLow = !isLow;
      update();
      blink();
    });
  }
  /** Writes what holds when its turn comes, so that changes meanwhile do not queue up. */
  function update() {
    if (isWriting) return;
    isWriting = true;
    turn = turn.then(async () => {
      isWriting = false;
      await apply(shown ?? 'off', isLow);
    });
  }
  async function apply(state: LightState, low: boolean) {
    try {
      layout ??= await takeOver();
      const { colours, most } = layout;
      const intensity = colours.map(name => Math.round((COLOURS[state][name] ?? 0) * most)).join(' ');
      if (state !== 'off') await write('multi_intensity', intensity);
      await write('brightness', String(state === 'off' ? 0 : Math.max(1, Math.round(low ? most * LOW : most))));
    } catch (error) {
      layout = null;
      written.clear();
      if (!isTold) log.warn('status-light-failed', { dir, code: errorCode(error), detail: String(error) });
      isTold = true;
    }
  }
  async function takeOver(): Promise<Layout> {
    if (!isAbsolute(dir)) throw new Error('the directory of the status light has to be an absolute path');
    const colours = (await readFile(join(dir, 'multi_index'), 'utf8')).trim().split(/\s+/);
    const most = Number((await readFile(join(dir, 'max_brightness'), 'utf8')).trim());
    if (!Number.isSafeInteger(most) || most < 1) throw new Error('max_brightness is not a number');
    await write('brightness', '0');
    return { colours, most };
  }
  async function write(file: string, text: string) {
    if (written.get(file) === text) return;
    await writeFile(join(dir, file), text);
    written.set(file, text);
  }

  return {
    show(state) {
      if (isStopped || state === shown) return;
      stopBlinking();
      stopBlinking = () => {};
      shown = state;
      isLow = false;
      update();
      if (state === 'waiting') blink();
    },
    async stop() {
      if (isStopped) return turn;
      isStopped = true;
      stopBlinking();
      shown = 'off';
      update();
      await turn;
    },
  };
}
