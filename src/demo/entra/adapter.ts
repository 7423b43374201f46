/** oidc-provider's storage on the tenant's SQLite file: sessions, codes, grants and refresh tokens survive a restart. */
import type { Adapter } from 'oidc-provider';
import * as v from 'valibot';
import type { Clock } from '../../contract/values/clock.ts';
import type { Db } from '../store/database.ts';

const Payload = v.record(v.string(), v.unknown());
const Row = v.optional(v.object({ payload: v.pipe(v.string(), v.parseJson(), Payload) }));

/** Where the one client's metadata comes from: it depends on how the request at hand authenticates. */
export type ClientSource = (clientId: string) => Record<string, unknown> | undefined;

/** A factory as oidc-provider wants it: one adapter for each of its models. */
export function makeAdapters(db: Db, clock: Clock, clients: ClientSource): (model: string) => Adapter {
  const read = db.prepare('select payload from oidc where model = ? and id = ?');
  const readByUid = db.prepare('select payload from oidc where model = ? and uid = ?');
  const write = db.prepare(
    'insert or replace into oidc (model, id, payload, grant_id, uid, expires_at) values (?,?,?,?,?,?)',
  );
  const mark = db.prepare(`update oidc set payload = json_set(payload, '$.consumed', ?) where model = ? and id = ?`);
  const erase = db.prepare('delete from oidc where model = ? and id = ?');
  const eraseGrant = db.prepare('delete from oidc where grant_id = ?');
  const eraseOld = db.prepare('delete from oidc where expires_at < ?');
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const seconds = () => Math.floor(clock.now() / 1000);
  /** Long gone ones only: an expired refresh token must still be known, to be called expired. */
  eraseOld.run(clock.now() - 30 * 86_400_000);

  const alive = (row: unknown) => {
    const payload = v.parse(Row, row)?.payload;
    return payload?.revoked === true ? undefined : payload;
  };

  return model => ({
    async upsert(id, payload, expiresIn) {
      const expiresAt = expiresIn === undefined ? null : clock.now() + expiresIn * 1000;
      write.run(model, id, JSON.stringify(payload), text(payload.grantId), text(payload.uid), expiresAt);
    },
    async find(id) {
      if (model === 'Client') return clients(id);
      // Entra ID takes a client assertion as often as it is sent while it is valid, and msal sends it for ten minutes.
      return model === 'ReplayDetection' ? undefined : alive(read.get(model, id));
    },
    findByUid: async uid => alive(readByUid.get(model, uid)),
    findByUserCode: async () => undefined,
    async consume(id) {
      // Entra ID leaves a rotated refresh token valid until its own end; only codes are single-use.
      if (model !== 'RefreshToken') mark.run(seconds(), model, id);
    },
    destroy: async id => void erase.run(model, id),
    revokeByGrantId: async grantId => void eraseGrant.run(grantId),
  });
}

/** What befell refresh tokens from outside the protocol. */
export interface RefreshTokens {
  /** As a password change or an admin does. */
  revokeAll(): number;
  /** As ninety unused days do. */
  expireAll(): number;
  wasRevoked(token: string): boolean;
}

export function makeRefreshTokens(db: Db): RefreshTokens {
  const revoke = db.prepare(
    `update oidc set payload = json_set(payload, '$.revoked', json('true')) where model = 'RefreshToken'`,
  );
  const expire = db.prepare(`update oidc set payload = json_set(payload, '$.exp', 1) where model = 'RefreshToken'`);
  const endSessions = db.prepare(`delete from oidc where model = 'Session'`);
  const read = db.prepare(`select payload from oidc where model = 'RefreshToken' and id = ?`);
  return {
    revokeAll() {
      endSessions.run();
      return revoke.run().changes;
    },
    expireAll: () => expire.run().changes,
    wasRevoked: token => v.parse(Row, read.get(token))?.payload.revoked === true,
  };
}
