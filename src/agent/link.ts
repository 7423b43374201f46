/** One link to central: enrol, then listen to the stream until it ends. */
import { createParser } from 'eventsource-parser';
import * as v from 'valibot';
import type { Clock } from '../contract/values/clock.ts';
import { seconds } from '../contract/values/time.ts';
import { CalendarHint, type EnrolRequest, PanelCommand, PanelState } from '../contract/wire/panel.ts';
import type { EffectId } from '../core/effects.ts';
import type { Happening } from '../core/events.ts';
import { type CentralClient, type CentralFailure, describe } from './central-client.ts';
import type { Log } from './ports.ts';
import { readConfig } from './read-config.ts';

/** Central sends a comment every 15 s; three missing ones mean that nobody is there any more. */
const SILENCE = seconds(45);

export type LinkOptions = {
  client: CentralClient;
  clock: Clock;
  enrolment: EnrolRequest;
  effect: EffectId;
  signal: AbortSignal;
  log: Log;
  dispatch: (happening: Happening) => void;
};

export async function runLink({ client, clock, enrolment, effect, signal, log, dispatch }: LinkOptions): Promise<void> {
  const enrolled = await client.call('POST', '/panel/v1/enrol', PanelState, enrolment);
  if (signal.aborted) return;
  if (enrolled.kind === 'failed') return dispatch(closed(effect, enrolled));
  dispatch({ kind: 'link-opened', effect, serverTime: enrolled.serverTime });
  dispatch({ kind: 'panel-state-received', effect, state: enrolled.value });
  const end = await listen(client, clock, signal, (event, json) => {
    const heard = happeningOf(event, json, effect);
    if (heard) dispatch(heard);
    // A config that not even says its version is fetched, and refused by name, when the state names it.
    else log.warn('stream-event-not-understood', { event });
  });
  if (!signal.aborted) dispatch(closed(effect, end));
}

/** Null for what a newer central may say and we do not know yet. */
function happeningOf(event: string, json: unknown, effect: EffectId): Happening | null {
  switch (event) {
    case 'state': {
      const state = v.safeParse(PanelState, json);
      return state.success ? { kind: 'panel-state-received', effect, state: state.output } : null;
    }
    case 'config': {
      const read = readConfig(json);
      if (read.kind === 'config') return { kind: 'config-pushed', effect, result: read };
      const { version, why } = read;
      return version === null ? null : { kind: 'config-pushed', effect, result: { kind: 'unusable', version, why } };
    }
    case 'hint':
      return v.is(CalendarHint, json) ? { kind: 'calendar-hinted', effect } : null;
    case 'command': {
      const command = v.safeParse(PanelCommand, json);
      return command.success ? { kind: 'command-received', effect, command: command.output } : null;
    }
    default:
      return null;
  }
}

async function listen(
  client: CentralClient,
  clock: Clock,
  outer: AbortSignal,
  onEvent: (event: string, json: unknown) => void,
): Promise<CentralFailure> {
  const silence = new AbortController();
  let watch = clock.after(SILENCE, () => silence.abort(new Error('central fell silent')));
  const heard = () => {
    watch();
    watch = clock.after(SILENCE, () => silence.abort(new Error('central fell silent')));
  };
  const parser = createParser({
    onEvent: ({ event, data }) => {
      const json = v.safeParse(v.pipe(v.string(), v.parseJson()), data);
      if (event !== undefined && json.success) onEvent(event, json.output);
    },
  });
  try {
    const signal = AbortSignal.any([outer, silence.signal]);
    const answer = await client.send('GET', '/panel/v1/stream', {
      isStream: true,
      signal,
      headers: { accept: 'text/event-stream' },
    });
    if (answer.kind === 'failed') return answer;
    const decoder = new TextDecoder();
    for await (const chunk of answer.value.body ?? []) {
      heard();
      parser.feed(decoder.decode(chunk, { stream: true }));
    }
    return lost('the stream ended');
  } catch (error) {
    return lost(describe(error));
  } finally {
    watch();
  }
}

const lost = (detail: string): CentralFailure => ({
  kind: 'failed',
  problem: 'unreachable',
  status: 0,
  detail,
  retryAfter: null,
});

const closed = (effect: EffectId, { problem, retryAfter }: CentralFailure): Happening => ({
  kind: 'link-closed',
  effect,
  problem,
  retryAfter,
});
