/** An admin's browser, as far as central can tell: a cookie jar and the headers pages send. */
import * as v from 'valibot';
import type { Fetch } from '../../../src/central/ports.ts';
import { WaitingPanel } from '../../../src/contract/wire/console.ts';
import { ADMIN } from './running-central.ts';

export class ConsoleClient {
  readonly cookies = new Map<string, string>();
  readonly #fetch: Fetch;
  readonly #url: string;

  constructor(fetch: Fetch, url: string) {
    this.#fetch = fetch;
    this.#url = url;
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const answer = await this.#fetch(`${this.#url}/console/api/v1${path}`, {
      method,
      headers: {
        cookie: this.cookieHeader(),
        ...(method === 'GET' ? {} : { 'lintel-console': '1' }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    this.keepCookies(answer);
    return answer;
  }

  /** Sends, and parses a good answer; throws on any other, with what it said. */
  async ask<Schema extends v.GenericSchema>(method: string, path: string, schema: Schema, body?: unknown) {
    const answer = await this.send(method, path, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status} ${text}`);
    return v.parse(schema, text === '' ? null : JSON.parse(text));
  }

  login(login = ADMIN): Promise<Response> {
    return this.send('POST', '/login', login);
  }

  async waiting() {
    return this.ask('GET', '/free-macs', v.array(WaitingPanel));
  }

  cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  keepCookies(answer: Response): void {
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      const isGone = /max-age=0|expires=Thu, 01 Jan 1970/i.test(cookie);
      if (isGone) this.cookies.delete(pair.slice(0, at));
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }
}
