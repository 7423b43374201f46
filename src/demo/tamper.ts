/** Answers that go wrong on their way out, after the request was handled as usual. */
import type { ServerResponse } from 'node:http';
import { type Clock, sleep } from '../contract/values/clock.ts';
import { milliseconds } from '../contract/values/time.ts';

const DRIPS = 20;

/** Keeps the answer back until it is whole, and gives its body to `release`, which may still send it by `res.end`. */
export function holdBack(res: ServerResponse, release: (body: Buffer) => unknown) {
  const parts: Buffer[] = [];
  const keep = (chunk: unknown) => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) parts.push(Buffer.from(chunk));
  };
  const isLength = (name: string) => name.toLowerCase() === 'content-length';
  res.writeHead = (status: number, ...rest: unknown[]) => {
    res.statusCode = status;
    const headers = rest.at(-1);
    for (const [name, value] of Object.entries(typeof headers === 'object' && headers !== null ? headers : {})) {
      if (!isLength(name)) res.setHeader(name, value);
    }
    return res;
  };
  res.flushHeaders = () => undefined;
  res.write = (chunk: unknown) => {
    keep(chunk);
    return true;
  };
  res.end = (chunk?: unknown) => {
    keep(chunk);
    for (const name of ['writeHead', 'flushHeaders', 'write', 'end']) Reflect.deleteProperty(res, name);
    res.removeHeader('content-length');
    release(Buffer.concat(parts));
    return res;
  };
}

/** The first half, ended as if it were all: what JSON.parse then says is not the network's fault. */
export const truncate = (res: ServerResponse) =>
  holdBack(res, body => res.end(body.subarray(0, Math.floor(body.length / 2))));

/** Head at once, body in pieces over `ms`: no silence is long, yet the whole is. */
export const drip = (res: ServerResponse, ms: number, clock: Clock) =>
  holdBack(res, async body => {
    const size = Math.ceil(body.length / DRIPS);
    for (let at = 0; at < body.length && !res.destroyed; at += size) {
      await sleep(clock, milliseconds(ms / DRIPS));
      res.write(body.subarray(at, at + size));
    }
    res.end();
  });
