import { Client, type GraphRequest, ResponseType } from '@microsoft/microsoft-graph-client';
import type { Clock } from '../../contract/values/clock.ts';
import { type Answer, failed, sort } from './answer.ts';
import { attempt } from './attempt.ts';
import { authorise } from './authorise.ts';
import { CallFailed } from './call-failed.ts';
import { type Gates, makeGates } from './gate.ts';
import { CallPlan, middleware } from './middleware.ts';
import type { GraphFetch, TokenSource } from './ports.ts';
import { repeat } from './repeat.ts';

const HEADERS = { accept: 'application/json', prefer: 'outlook.timezone="UTC"' };

export type Call = {
  /** What is asked, for `detail`: `list`, `book`. */
  name: string;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/v1.0`, percent-encoded, with its query. */
  path: string;
  body?: Record<string, unknown>;
  ifMatch?: string;
  /** A question that Graph wants as a POST: it changes nothing, and may be asked twice. */
  isQuestion?: boolean;
  signal?: AbortSignal | undefined;
};

export interface Connection {
  /** Never throws for anything the network or Graph does. */
  call(call: Call): Promise<Answer>;
  /** The path and query below `/v1.0` of an absolute address on this Graph; null when it leads anywhere else. */
  pathOf(link: string): string | null;
}

export function openConnection(options: {
  fetch: GraphFetch;
  graphBase: string;
  token: TokenSource;
  clock: Clock;
  random: () => number;
  /** Handed in where several connections ask one tenant as one app; else its own. */
  gates?: Gates;
}): Connection {
  const base = new URL(options.graphBase);
  const root = `${base.origin}${base.pathname.replace(/\/+$/, '')}`;
  const gates = options.gates ?? makeGates(options.clock);
  const client = Client.initWithMiddleware({
    baseUrl: root,
    defaultVersion: 'v1.0',
    middleware: [
      gates.refuse,
      authorise({ token: options.token, origin: base.origin, clock: options.clock }),
      repeat(options),
      // Inside the repeats, so that a pause holds up nobody; outside the deadline, so that queueing is not lateness.
      gates.pass,
      attempt(options),
    ].map(middleware),
  });

  return {
    async call(call) {
      const plan = planFor(call);
      const isWrite = !isQuestion(call);
      try {
        const response = await send(client.api(call.path), call, plan);
        const answer = sort(response, await response.text(), call.name, options.clock.now());
        const isOutcomeUnknown = isWrite && plan.isFateUnknown;
        if (answer.kind === 'no') return { ...answer, failed: { ...answer.failed, isOutcomeUnknown } };
        return answer.kind === 'failed' ? { ...answer, isOutcomeUnknown } : answer;
      } catch (error) {
        if (!(error instanceof CallFailed)) throw error;
        const isOutcomeUnknown = isWrite && (plan.isFateUnknown || error.isSent);
        return { ...failed(error.problem, `${call.name}: ${error.message}`, error.retryAfter), isOutcomeUnknown };
      }
    },

    pathOf(link) {
      const url = URL.canParse(link) ? new URL(link) : null;
      const prefix = `${root}/v1.0/`;
      const isHere = url?.origin === base.origin && url.username === '' && url.href.startsWith(prefix);
      return isHere ? url.href.slice(prefix.length - 1) : null;
    },
  };
}

const isQuestion = (call: Call) => call.method === 'GET' || call.isQuestion === true;

/** A read is repeated once; a create as long as its transactionId guards it; nothing else is sent twice. */
function planFor(call: Call): CallPlan {
  if (isQuestion(call)) return new CallPlan(1, false);
  return call.body?.transactionId === undefined ? new CallPlan(0, false) : new CallPlan(2, true);
}

function send(request: GraphRequest, call: Call, plan: CallPlan): Promise<Response> {
  request.headers({ ...HEADERS, ...(call.ifMatch ? { 'if-match': call.ifMatch } : {}) });
  request.middlewareOptions([plan]).responseType(ResponseType.RAW);
  if (call.signal !== undefined) request.option('signal', call.signal);
  switch (call.method) {
    case 'GET':
      return request.get();
    case 'POST':
      return request.post(call.body);
    case 'PATCH':
      return request.patch(call.body);
    case 'DELETE':
      return request.delete();
  }
}
