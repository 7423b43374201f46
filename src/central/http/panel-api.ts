/** The panel's side of central: src/contract/wire/panel.ts is its specification. */
import { Hono, type Context as HonoContext } from 'hono';
import * as v from 'valibot';
import { RoomId } from '../../contract/values/ids.ts';
import { minutes, seconds } from '../../contract/values/time.ts';
import {
  DiagnosticsReport,
  EnrolRequest,
  type Hello,
  LicenceRequest,
  Report,
  TokenRequest,
  WIRE_VERSION,
} from '../../contract/wire/panel.ts';
import { panelState } from '../domain/panel-state.ts';
import { targetConfig } from '../fleet/config.ts';
import { enrol } from '../fleet/enrol.ts';
import { hear } from '../fleet/hear.ts';
import { redeemLicenceKey } from '../fleet/redeem.ts';
import { noteReport } from '../fleet/report.ts';
import { roomsOnOffer } from '../fleet/rooms-on-offer.ts';
import { accessTokenFor } from '../fleet/token.ts';
import { factsOf } from '../store/panels.ts';
import type { PanelRow } from '../store/tables.ts';
import { networkOf, remoteAddress } from './address.ts';
import { parseBody, parseValue, refusal, tooMany, wireError } from './answers.ts';
import { limitBody } from './body-limit.ts';
import type { PanelEnv, Services } from './env.ts';
import { NonceBook } from './nonce-book.ts';
import { provePanel } from './panel-auth.ts';
import { panelCalendarApi } from './panel-calendar-api.ts';
import { streamPanelState } from './panel-stream.ts';
import { RateLimit } from './rate-limit.ts';
import { ALREADY_SENT } from './sse.ts';

type Handled = HonoContext<PanelEnv>;

/** Before any signature is looked at: what one network may cost us. */
const ENROLS_PER_NETWORK = { burst: 60, refill: seconds(1) };
const ENROLS_IN_ALL = { burst: 500, refill: seconds(0.1) };
const KEY_TRIES_PER_PANEL = { burst: 5, refill: minutes(2) };
const KEY_TRIES_IN_ALL = { burst: 100, refill: seconds(5) };
const WAIT_WHEN_FULL = minutes(5);
const LARGEST_BODY = 16 * 1024;
const LARGEST_DIAGNOSTICS = 256 * 1024;
/** Sixty addresses of the longest kind. */
const LARGEST_QUESTION = 32 * 1024;
/** A panel that is turned away asks again and again; once in a while is enough to read. */
const LINES_PER_PANEL = { burst: 10, refill: minutes(1) };

const Version = v.looseObject({ wireVersion: v.pipe(v.number(), v.integer()) });

export function panelApi(services: Services): Hono<PanelEnv> {
  const { context, tokens } = services;
  const { clock } = context;
  const nonces = new NonceBook(clock);
  const enrolsByNetwork = new RateLimit(clock, ENROLS_PER_NETWORK);
  const enrolsInAll = new RateLimit(clock, ENROLS_IN_ALL);
  const keyTriesByPanel = new RateLimit(clock, KEY_TRIES_PER_PANEL);
  const keyTriesInAll = new RateLimit(clock, KEY_TRIES_IN_ALL);
  const lines = new RateLimit(clock, LINES_PER_PANEL);
  const { diagnostics } = services;
  const api = new Hono<PanelEnv>();

  const hello: Hello = { product: 'lintel-central', wireVersion: WIRE_VERSION };
  api.get('/hello', c => c.json(hello));

  const ordinary = limitBody(LARGEST_BODY);
  const large = limitBody(LARGEST_DIAGNOSTICS);
  const question = limitBody(LARGEST_QUESTION);
  api.use((c, next) => {
    if (c.req.path.endsWith('/diagnostics')) return large(c, next);
    return c.req.path.endsWith('/calendar/schedule') ? question(c, next) : ordinary(c, next);
  });
  api.use(provePanel(services, nonces));
  api.use(async (c, next) => {
    if (services.demo?.isUnplugged(c.var.panel) !== true) return next();
    // As if the cable were out: no answer at all.
    c.env.outgoing.destroy();
    return ALREADY_SENT;
  });

  api.post('/enrol', async c => {
    const address = remoteAddress(c.env);
    const wait = enrolsByNetwork.take(networkOf(address)) ?? enrolsInAll.take('all');
    if (wait !== null) return tooMany(c, wait, 'Too many enrolments; try again later.');
    const body: unknown = await c.req.json().catch(() => undefined);
    // Looked at first: another version's message need not fit our schema.
    const version = v.safeParse(Version, body);
    if (version.success && version.output.wireVersion !== WIRE_VERSION) {
      const message = `This central speaks version ${WIRE_VERSION}, the panel ${version.output.wireVersion}.`;
      return wireError(c, 426, 'version-unsupported', message);
    }
    const request = parseValue(c, EnrolRequest, body);
    if (request.kind === 'invalid') return request.answer;
    if (request.value.boot !== c.var.boot) {
      noteRefused(c, 'another-boot');
      return wireError(c, 400, 'invalid', 'boot: not the one in the proof');
    }
    const enrolled = await enrol(context, c.var.panel, address, request.value);
    if (enrolled.kind === 'enrolled') return c.json(enrolled.state);
    context.log.warn('waiting-list-full', { address });
    return tooMany(c, WAIT_WHEN_FULL, 'Too many panels wait for an admin; approve or reject some first.');
  });

  api.get('/state', async c => {
    const row = await hear(context, c.var.panel, c.var.boot);
    if (row === undefined || row.stage === 'revoked') return notAllowed(c, row);
    return c.json(panelState(factsOf(row), clock.now()));
  });

  api.get('/stream', async c => {
    const row = await hear(context, c.var.panel, c.var.boot);
    if (row === undefined || row.stage === 'revoked') return notAllowed(c, row);
    const headers = { 'dpop-nonce': nonces.current(), 'x-content-type-options': 'nosniff' };
    streamPanelState(context, c.var.panel, c.var.boot, c.env.outgoing, headers);
    return ALREADY_SENT;
  });

  api.post('/licence', async c => {
    const { panel, boot } = c.var;
    const row = await hear(context, panel, boot);
    if (row?.stage !== 'waiting' && row?.stage !== 'paired') return notAllowed(c, row);
    const request = await parseBody(c, LicenceRequest);
    if (request.kind === 'invalid') {
      noteRefused(c, 'licence-key-mistyped');
      return request.answer;
    }
    if ((keyTriesByPanel.take(panel) ?? keyTriesInAll.take('all')) !== null) {
      noteRefused(c, 'too-many-key-tries');
      return c.json({ kind: 'refused', why: 'too-many-tries' });
    }
    const answer = await redeemLicenceKey(context, panel, request.value);
    // Only guesses cost a try.
    if (answer.kind !== 'refused' || !('why' in answer) || answer.why === 'room-taken' || answer.why === 'no-seats') {
      keyTriesByPanel.refund(panel);
      keyTriesInAll.refund('all');
    }
    return answer.kind === 'refused' && 'code' in answer ? refusal(c, answer) : c.json(answer);
  });

  api.get('/config', async c => {
    const row = await hear(context, c.var.panel, c.var.boot);
    if (row?.stage !== 'paired') return notAllowed(c, row);
    const config = await targetConfig(context, c.var.panel);
    return config === null ? wireError(c, 409, 'no-config', 'The room has no settings yet.') : c.json(config);
  });

  api.post('/token', async c => {
    const row = await hear(context, c.var.panel, c.var.boot);
    if (row?.stage !== 'paired') return notAllowed(c, row);
    const request = await parseBody(c, TokenRequest);
    if (request.kind === 'invalid') return request.answer;
    c.header('Cache-Control', 'no-store');
    return c.json(await accessTokenFor(context, tokens, row, request.value));
  });

  api.get('/rooms', async c => {
    const row = await hear(context, c.var.panel, c.var.boot);
    if (row?.stage !== 'paired') return notAllowed(c, row);
    return c.json(await roomsOnOffer(context, v.parse(RoomId, row.room_id)));
  });

  api.route('/calendar', panelCalendarApi(services, { turnAway: notAllowed, noteRefused }));

  api.post('/report', async c => {
    const row = await hear(context, c.var.panel, c.var.boot);
    if (row?.stage !== 'paired') return notAllowed(c, row);
    const report = await parseBody(c, Report);
    if (report.kind === 'invalid') return report.answer;
    await noteReport(context, c.var.panel, row, report.value);
    return c.body(null, 204);
  });

  api.post('/diagnostics', async c => {
    const row = await hear(context, c.var.panel, c.var.boot);
    if (row === undefined || row.stage === 'revoked' || row.stage === 'rejected') return notAllowed(c, row);
    const report = await parseBody(c, DiagnosticsReport);
    if (report.kind === 'invalid') return report.answer;
    if (diagnostics.deliver(c.var.panel, report.value)) return c.body(null, 204);
    return wireError(c, 409, 'not-asked', 'Nobody waits for these diagnostics any more.');
  });

  function notAllowed(c: Handled, row: PanelRow | undefined) {
    const [code, message] = whyNot(row);
    noteRefused(c, code);
    return wireError(c, 403, code, message);
  }

  function noteRefused(c: Handled, why: string) {
    const { panel } = c.var;
    if (lines.take(panel) !== null) return;
    context.log.warn('panel-refused', { panel, why, path: c.req.path, address: remoteAddress(c.env) });
  }

  return api;
}

function whyNot(row: PanelRow | undefined): [code: string, message: string] {
  switch (row?.stage) {
    case undefined:
      return ['not-enrolled', 'This panel must enrol first.'];
    case 'conflict':
      return ['identity-conflict', 'Two running panels use this identity.'];
    case 'revoked':
      return ['revoked', 'An admin revoked this panel or its licence key.'];
    case 'rejected':
      return ['rejected', 'An admin rejected this panel.'];
    default:
      return ['not-paired', 'This panel is not paired.'];
  }
}
