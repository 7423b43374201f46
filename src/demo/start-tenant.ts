/** Composition root of the demo tenant: one HTTPS port for Graph, Entra ID and the control page. */
import { createServer } from 'node:https';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import * as v from 'valibot';
import type { Clock } from '../contract/values/clock.ts';
import { ensureWritableDir, listen } from '../platform/start-error.ts';
import { type Consent, makeControlApi } from './control/api.ts';
import { makeControlPages } from './control/pages.ts';
import { makeRefreshTokens } from './entra/adapter.ts';
import { makeEntra } from './entra/entra.ts';
import { appCertificates, publicKeys, signingKeys } from './entra/keys.ts';
import { APPLICATION, DELEGATED } from './entra/scopes.ts';
import type { FaultApi } from './faults.ts';
import { makeFrontDoor } from './front-door.ts';
import { makeTokenCheck } from './graph/auth.ts';
import { makeOutbound } from './notifications/outbound.ts';
import { addressOf } from './office/directory.ts';
import { OFFICE_NAME, SERVICE_ACCOUNT } from './office/people.ts';
import { makeRequestLog } from './request-log.ts';
import { makeBytes, makeClientSecret, makePassword } from './store/secrets.ts';
import { makeTenantCore } from './tenant-core.ts';

export type TenantOptions = {
  /** Made if missing; the tenant keeps everything in `tenant.sqlite` there. */
  dataDir: string;
  /** 0 picks a free one. */
  port: number;
  /** Address to listen on; loopback unless said otherwise, because the control API has no sign-in. */
  host?: string;
  clock: Clock;
  /** PEM. `cert` may be a chain; it must speak for `localhost`. */
  tls: { key: string; cert: string; ca: string };
  /** IANA zone of the office. */
  zone?: string;
  log?: (event: string, fields?: Record<string, string | number | boolean | null>) => void;
};

export type Tenant = {
  /** `https://localhost:4301`. */
  url: string;
  /** Graph's base, without `/v1.0`. */
  graph: string;
  /** Without the tenant id. */
  authority: string;
  tenantId: string;
  clientId: string;
  clientSecret: string;
  username: string;
  password: string;
  /** The rooms the service account has rights to; the first is the demo panel's. */
  rooms: { address: string; name: string }[];
  /** The control page; its API is below it, `/api`. */
  control: string;
  faults: FaultApi;
  stop(): Promise<void>;
};

const StoredConsent = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ delegated: v.array(v.string()), application: v.array(v.string()) }),
);

/** Setting: the CA (PEM) of those who subscribe. */
const TRUST = 'trusted-ca';

/** Starts the tenant. Throws StartError when port or directory cannot be had. */
export async function startTenant(options: TenantOptions): Promise<Tenant> {
  const { clock, dataDir, host = '127.0.0.1', zone = 'Europe/Oslo', log = () => undefined } = options;
  await ensureWritableDir(dataDir);
  const server = createServer({ key: options.tls.key, cert: options.tls.cert });
  const stops: (() => unknown)[] = [() => close(server)];
  const stop = async () => {
    for (const end of stops) await end();
  };
  try {
    // The issuer and every nextLink name the port, so it must be known before anything else is made.
    const port = await listen(server, options.port, host);
    const origin = `https://localhost:${port}`;
    const outbound = makeOutbound(clock, () => core.settings.get(TRUST));
    const core = makeTenantCore({
      clock,
      zone,
      file: join(dataDir, 'tenant.sqlite'),
      bytes: makeBytes,
      checkToken: authorization => checkToken(authorization),
      origin,
      office: 'sample',
      outbound: outbound.fetch,
    });
    stops.push(core.close, outbound.forget);
    const { calendars, faults, settings, db } = core;
    const { mailboxes } = calendars;
    const registration = {
      tenantId: core.tenantId,
      clientId: core.clientId,
      clientSecret: settings.keep('client-secret', makeClientSecret),
    };
    const { tenantId } = registration;
    const username = addressOf(SERVICE_ACCOUNT.alias);
    const password = settings.keep('password', makePassword);
    const everything: Consent = { delegated: DELEGATED, application: APPLICATION };
    const consent = {
      get: () => v.parse(StoredConsent, settings.get('consent') ?? JSON.stringify(everything)),
      set: (value: Consent) => settings.set('consent', JSON.stringify(value)),
    };
    const trust = async (pem: string) => {
      settings.set(TRUST, pem);
      await outbound.forget();
    };
    const requestLog = makeRequestLog();
    const keys = signingKeys(settings);
    const certificates = appCertificates(settings);
    const refreshTokens = makeRefreshTokens(db);
    const cookieKey = settings.keep('cookie-key', () => makeBytes(32).toString('hex'));

    const entra = makeEntra(
      {
        origin,
        registration,
        tenantName: OFFICE_NAME,
        keys,
        certificates,
        cookieKey,
        db,
        clock,
        mailboxes,
        faults,
        consented: consent.get,
        giveConsent: consent.set,
        username,
        password,
      },
      refreshTokens,
    );
    const checkToken = makeTokenCheck({
      jwks: publicKeys(keys),
      issuer: `${origin}/${tenantId}/v2.0`,
      audience: origin,
      tenantId,
      skew: faults.skew,
    });
    const about = { graph: origin, authority: origin, ...registration, username, password };
    const app = new Hono().route('/', core.app);
    app.route(
      '/control/api',
      makeControlApi({
        ...{ calendars, faults, log: requestLog, refreshTokens, certificates, about, consent },
        ...{ subscriptions: core.subscriptions, notifier: core.notifier, trust },
      }),
    );
    app.route('/control', makeControlPages());
    app.get('/', c => c.redirect('/control'));

    const onSurprise = (error: unknown) =>
      log('tenant-failed', { detail: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    app.onError((error, c) => {
      onSurprise(error);
      return c.json(
        { error: { code: 'InternalServerError', message: 'The demo tenant failed; its log says why.' } },
        500,
      );
    });
    server.on(
      'request',
      makeFrontDoor({ entra, rest: getRequestListener(app.fetch), faults, log: requestLog, clock, onSurprise }),
    );

    return {
      url: origin,
      graph: origin,
      authority: origin,
      ...registration,
      username,
      password,
      rooms: mailboxes
        .rooms()
        .filter(room => room.place.isShared)
        .map(({ address, name }) => ({ address, name })),
      control: `${origin}/control`,
      faults,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function close(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
