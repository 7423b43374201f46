/**
 * The one port. Every request passes here first: it is logged, dated by the tenant's clock, and struck by the faults
 * that are on; then Graph, Entra or the control page gets it.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Clock, sleep } from '../contract/values/clock.ts';
import { type Instant, milliseconds, toIso } from '../contract/values/time.ts';
import { answerHtml, answerJson } from './entra/answers.ts';
import type { Entra } from './entra/entra.ts';
import { type ActiveFault, type FaultApi, type FaultKind, shownDate, type Target } from './faults.ts';
import { errorBody } from './graph/errors.ts';
import type { Area, RequestLog } from './request-log.ts';
import { makeGuid } from './store/secrets.ts';
import { drip, holdBack, truncate } from './tamper.ts';

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
  res.setHeader('Date', shownDate(clock, faults));
  res.once('close', () => {
    log.add({ at: clock.now(), area, method, path, status: res.writableFinished ? res.statusCode : 0 });
  });

  const target: Target = { method, mailboxes: mailboxesIn(path) };
  const slow = faults.strike(['slow'], target);
  if (slow !== null) await sleep(clock, milliseconds(slow.ms));
  const fault = faults.strike([...REFUSING, ...SPOILING], target);
  if (fault !== null && isRefusing(fault)) {
    req.resume();
    return refuse(door, area, fault, res);
  }
  if (fault !== null) spoil(fault, req, res, clock);
  if (area === 'entra') await door.entra.handle(req, res);
  else await door.rest(req, res);
}

/** Faults that strike instead of an answer, and those that let the request be handled and spoil the answer. */
const REFUSING = ['throttle', 'error', 'drop', 'unauthorized', 'claims-challenge', 'captive-portal'] as const;
const SPOILING = ['lost-reply', 'half-open', 'truncated', 'drip'] as const;

type Of<K extends FaultKind> = Extract<ActiveFault, { kind: K }>;
type Refusing = Of<(typeof REFUSING)[number]>;
type Spoiling = Of<(typeof SPOILING)[number]>;
const isRefusing = (fault: Refusing | Spoiling): fault is Refusing => REFUSING.some(kind => kind === fault.kind);

function spoil(fault: Spoiling, req: IncomingMessage, res: ServerResponse, clock: Clock) {
  switch (fault.kind) {
    case 'lost-reply':
      return holdBack(res, () => req.socket.destroy());
    case 'half-open':
      return holdBack(res, () => undefined);
    case 'truncated':
      return truncate(res);
    case 'drip':
      return drip(res, fault.ms, clock);
  }
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

/** Wants a token made after this instant (learn.microsoft.com, claims-challenge); base64 in the header. */
const claimsAfter = (at: Instant) =>
  Buffer.from(
    JSON.stringify({ access_token: { nbf: { essential: true, value: String(Math.floor(at / 1000)) } } }),
  ).toString('base64');

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
    case 'drop':
      return res.destroy();
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
    case 'claims-challenge':
      res.setHeader(
        'WWW-Authenticate',
        `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims="${claimsAfter(clock.now())}"`,
      );
      return graphError(
        401,
        'InvalidAuthenticationToken',
        'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp',
      );
    case 'captive-portal':
      return answerHtml(
        res,
        200,
        '<!doctype html><html><head><title>Guest Wi-Fi</title></head><body><h1>Welcome! Please accept our terms to use the network.</h1></body></html>',
      );
  }
}
