/**
 * Panels that poll their calendars through central, each with its own key and its own TLS connection, in a process of their
 * own. Driven by test/bench/relay.ts over the process's channel.
 */

import * as v from 'valibot';
import type { Fetch } from '../../src/central/ports.ts';
import { ListAnswer } from '../../src/contract/wire/calendar.ts';
import { makeFetch } from '../../src/platform/http.ts';
import { PanelClient } from '../central/support/panel-client.ts';

export type ToRelayPanels =
  | { kind: 'make'; count: number }
  | { kind: 'connect'; url: string; ca: string }
  /** Each panel once, spread over this long. */
  | { kind: 'poll'; overMs: number };
export type FromRelayPanels =
  | { kind: 'made'; panels: { id: string; boot: string }[] }
  | { kind: 'connected' }
  /** How long each answer took, and how many were none. */
  | { kind: 'polled'; tookMs: number[]; failed: number }
  | { kind: 'broke'; detail: string };

const panels: PanelClient[] = [];
let reach: { url: string; ca: string } | null = null;
const HOUR_MS = 3_600_000;

process.on('disconnect', () => process.exit());
process.on('message', (message: ToRelayPanels) => {
  act(message).then(
    answer => process.send?.(answer),
    (error: unknown) => process.send?.({ kind: 'broke', detail: String(error) } satisfies FromRelayPanels),
  );
});

async function act(message: ToRelayPanels): Promise<FromRelayPanels> {
  switch (message.kind) {
    case 'make':
      for (let n = 0; n < message.count; n++)
        panels.push(await PanelClient.make(connected(), 'https://central.invalid'));
      return { kind: 'made', panels: panels.map(({ id, boot }) => ({ id, boot })) };
    case 'connect':
      reach = { url: message.url, ca: message.ca };
      for (const panel of panels) Object.assign(panel, { url: message.url });
      return { kind: 'connected' };
    case 'poll':
      return pollAll(message.overMs);
  }
}

/** A client of its own for each, made when central is known. */
function connected(): Fetch {
  let fetch: Fetch | null = null;
  return (url, init) => {
    if (reach === null) throw new Error('not connected');
    fetch ??= makeFetch({ trust: { kind: 'only', ca: reach.ca } }).fetch;
    return fetch(url, init);
  };
}

async function pollAll(overMs: number): Promise<FromRelayPanels> {
  const tookMs: number[] = [];
  let failed = 0;
  const start = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 10 * HOUR_MS;
  const window = { start, end: start + 36 * HOUR_MS };
  await Promise.all(
    panels.map(async (panel, n) => {
      await new Promise(resolve => setTimeout(resolve, (n / panels.length) * overMs));
      const began = performance.now();
      const body = { room: `room-${n}`, window, isShareable: true };
      const answer = await panel.send('POST', '/panel/v1/calendar/list', body);
      const text = await answer.text();
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ListAnswer), text);
      if (!answer.ok || !parsed.success || parsed.output.kind !== 'listed') failed++;
      tookMs.push(performance.now() - began);
    }),
  );
  return { kind: 'polled', tookMs, failed };
}
