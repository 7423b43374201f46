/**
 * The one port. Every request passes here first: it is logged, dated by the tenant's clock, and struck by the faults
 * that are on; then Graph, Entra or the control page gets it.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Clock, sleep } from '../contract/values/clock.ts';
import { milliseconds, plus, toIso } from '../contract/values/time.ts';
import { answerHtml, answerJson } from './entra/answers.ts';
import type { Entra } from './entra/entra.ts';
import type { FaultApi, Target } from './faults.ts';
import { errorBody } from './graph/errors.ts';
import type { Area, RequestLog } from './request-log.ts';
import { makeGuid } from './store/secrets.ts';

export type FrontDoor = {
  entra: Entra;
  /** Graph and control. */
  rest: (req: IncomingMessage, res: ServerResponse) => unknown;
  faults: FaultApi;
  log: RequestLog;
  clock: Clock;
  /** Called with what nobody expected. */
  onSurprise(error: unknown): void;
};

export function makeFrontDoor(door: FrontDoor): RequestListener {
  return (req, res) => {
    serve(door, req, res).catch(error => {
      door.onSurprise(error);
      if (res.headersSent) res.destroy();
      else
        answerJson(res, 500, {
          error: { code: 'InternalServerError', message: 'The demo tenant failed; its log says why.' },
        });
    });
  };
}

async function serve(door: FrontDoor, req: IncomingMessage, res: ServerResponse) {
  const path = (req.url ?? '/').replace(/[?#].*$/, '');
  const area = areaOf(door, path);
  if (area === null) return door.rest(req, res);
  const { clock, faults, log } = door;
  const method = req.method ?? 'GET';
  res.sendDate = false;
  res.setHeader('Date', new Date(plus(clock.now(), milliseconds(faults.skew()))).toUTCString());
  let isCut = false;
  res.once('close', () => {
    log.add({ at: clock.now(), area, method, path, status: isCut || !res.writableFinished ? 0 : res.statusCode });
  });

  const target: Target = { method, mailboxes: mailboxesIn(path) };
  const slow = faults.strike(['slow'], target);
  if (slow !== null) await sleep(clock, milliseconds(slow.ms));
  const fault = faults.strike(['throttle', 'error', 'drop', 'unauthorized', 'captive-portal', 'lost-reply'], target);
  if (fault?.kind === 'drop') return void req.socket.destroy();
  if (fault?.kind === 'lost-reply') {
    isCut = true;
    cutBeforeAnswer(req, res);
  } else if (fault !== null) {
    req.resume();
    return refuse(door, area, fault, res);
  }
  if (area === 'entra') await door.entra.handle(req, res);
  else await door.rest(req, res);
}

function areaOf(door: FrontDoor, path: string): Area | null {
  if (path.startsWith('/v1.0/')) return 'graph';
  return door.entra.handles(path) ? 'entra' : null;
}

/** The mailbox a path names, decoded and in lower case. */
function mailboxesIn(path: string): string[] {
  const segment = /^\/v1\.0\/users\/([^/]+)/.exec(path)?.[1];
  return segment === undefined ? [] : [decodeURIComponent(segment).toLowerCase()];
}

/** Lets the handler do everything, commit included, and kills the connection where the answer would start. */
function cutBeforeAnswer(req: IncomingMessage, res: ServerResponse) {
  res.writeHead = () => res;
  res.write = () => true;
  res.flushHeaders = () => undefined;
  res.end = () => {
    req.socket.destroy();
    return res;
  };
}

type Refusing = Extract<
  NonNullable<ReturnType<FaultApi['strike']>>,
  { kind: 'throttle' | 'error' | 'unauthorized' | 'captive-portal' | 'drop' }
>;

function refuse({ clock }: FrontDoor, area: Area, fault: Refusing, res: ServerResponse) {
  const id = makeGuid();
  const graphError = (status: number, code: string, message: string) => {
    res.setHeader('request-id', id);
    const at = toIso(clock.now()).replace(/\.\d+Z$/, 'Z');
    const entra = {
      error: status === 401 ? 'invalid_client' : 'temporarily_unavailable',
      error_description: `AADSTS90033: ${message}`,
      error_codes: [90033],
    };
    answerJson(res, status, area === 'entra' ? entra : errorBody(code, message, id, id, at));
  };
  switch (fault.kind) {
    case 'throttle':
      if (fault.retryAfter !== '') res.setHeader('Retry-After', fault.retryAfter);
      return fault.status === 429
        ? graphError(429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.')
        : graphError(503, 'ErrorServerBusy', 'The server cannot service this request right now. Try again later.');
    case 'error':
      return graphError(
        fault.status,
        fault.status === 503 ? 'serviceNotAvailable' : 'ErrorInternalServerError',
        'An internal server error occurred. The operation failed.',
      );
    case 'unauthorized':
      res.setHeader('WWW-Authenticate', 'Bearer realm="", error="invalid_token"');
      return graphError(401, 'InvalidAuthenticationToken', 'Access token has expired or is not yet valid.');
    case 'captive-portal':
      return answerHtml(
        res,
        200,
        '<!doctype html><html><head><title>Guest Wi-Fi</title></head><body><h1>Welcome! Please accept our terms to use the network.</h1></body></html>',
      );
    case 'drop':
      return res.destroy();
  }
}
