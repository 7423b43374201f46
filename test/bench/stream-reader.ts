/** Server-sent events, as far as central sends them: cut into events without going through a long one for every part of it. */
import { StringDecoder } from 'node:string_decoder';

export class StreamReader {
  readonly #onEvent: (event: string, data: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #text = '';

  constructor(onEvent: (event: string, data: string) => void) {
    this.#onEvent = onEvent;
  }

  feed(part: Buffer): void {
    const from = Math.max(0, this.#text.length - 1);
    this.#text += this.#decoder.write(part);
    for (let end = this.#text.indexOf('\n\n', from); end >= 0; end = this.#text.indexOf('\n\n')) {
      const block = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + 2);
      const lines = block.split('\n');
      const fieldOf = (name: string) => lines.find(line => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const event = fieldOf('event');
      if (event !== undefined) this.#onEvent(event, fieldOf('data') ?? '');
    }
  }
}
