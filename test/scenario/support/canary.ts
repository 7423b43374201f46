/** Words that nobody can guess, each in one place of one meeting, and all that could have repeated them. */
import { randomInt } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** `shownAt`: the room whose own panel may show it; null: nobody may. */
export type Canary = { what: string; text: string; shownAt: string | null };

const LETTERS = 'bcdfghjklmnpqrstvwxz';
/** Long enough that no hash and no key in a few megabytes holds one by chance; V8's JSON errors quote ten characters. */
const makeTag = () => Array.from({ length: 9 }, () => LETTERS[randomInt(LETTERS.length)]).join('');

type Known = Canary & { tag: string; encoded: readonly string[] };
type Sample = { where: string; room: string | null; content: string };

export class Evidence {
  readonly #canaries: Known[] = [];
  #samples: Sample[] = [];
  #isNothingShown = false;

  /** The text repeats its tag, so that a short cutting, as error messages make them, still gives it away. */
  canary(what: string, shownAt: string | null = null, repeats = 3): string {
    const tag = makeTag();
    const text = Array.from({ length: repeats }, () => tag).join(' ');
    this.#canaries.push({ what, text, shownAt, tag, encoded: inBase64(tag) });
    return text;
  }

  get canaries(): readonly Canary[] {
    return this.#canaries;
  }

  /** `room`: what was gathered where that room's panel may show its subjects and organisers; null: nowhere. */
  add(where: string, content: string | Uint8Array, room: string | null = null): void {
    const text = typeof content === 'string' ? content : Buffer.from(content).toString('latin1');
    this.#samples.push({ where, room: this.#isNothingShown ? null : room, content: text });
  }

  async addDir(where: string, dir: string, room: string | null = null): Promise<void> {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter(one => one.isFile())) {
      // A temporary file may be gone by now.
      const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => null);
      if (bytes !== null) this.add(`${where}/${entry.name}`, bytes, room);
    }
  }

  /** From now on no panel may show anything. */
  hideAll(): void {
    this.#isNothingShown = true;
    this.clear();
  }

  /** Only what comes from now on counts. */
  clear(): void {
    this.#samples = [];
  }

  /** Where what was found that has no business there. */
  leaks(): string[] {
    const found = this.#samples.flatMap(({ where, room, content }) =>
      this.#in(content)
        .filter(({ shownAt }) => shownAt === null || shownAt !== room)
        .map(({ what }) => `${where}: ${what}`),
    );
    return [...new Set(found)].sort();
  }

  /** What was found at all in the places whose name begins like this. */
  seen(where: string): string[] {
    const content = this.#samples.filter(sample => sample.where.startsWith(where)).map(sample => sample.content);
    return this.#in(content.join('\n')).map(({ what }) => what);
  }

  #in(content: string): Known[] {
    // Without the zeros UTF-16 is plain text.
    const lower = content.replaceAll('\0', '').toLowerCase();
    return this.#canaries.filter(
      ({ tag, encoded }) => lower.includes(tag) || encoded.some(text => content.includes(text)),
    );
  }
}

/** However it lies across the groups of three bytes; the letters that depend on its neighbours are left out. */
function inBase64(tag: string): string[] {
  return [0, 1, 2].map(offset => {
    const text = Buffer.from('\0'.repeat(offset) + tag).toString('base64');
    const first = Math.ceil((offset * 8) / 6);
    return text.slice(first, Math.floor(((offset + tag.length) * 8) / 6));
  });
}
