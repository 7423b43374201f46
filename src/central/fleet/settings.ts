/** Server Settings: save a connection, add one, delete one. */
import * as v from 'valibot';
import { RoomId } from '../../contract/values/ids.ts';
import { scopeKey } from '../../contract/values/policy-cascade.ts';
import { DEFAULT_CONNECTION, type ServerSettingsInput } from '../../contract/wire/console.ts';
import type { Connections } from '../consent/connections.ts';
import type { Tokens } from '../consent/tokens.ts';
import type { Context } from '../context.ts';
import { newId } from '../random.ts';
import { audit } from '../store/audit.ts';
import { findSettings, sealCertificate, sealClientSecret } from '../store/settings.ts';
import type { Db } from '../store/store.ts';
import type { SettingsRow } from '../store/tables.ts';
import { bumpConfigs, tellConfigs } from './config.ts';
import { type Refusal, refused } from './refusal.ts';
import { isMoved, judge, providerMissing, tidied } from './settings-input.ts';

/** One more connection. Nothing is asked of its provider yet. */
export async function addConnection(
  context: Context,
  tokens: Tokens,
  input: ServerSettingsInput,
  admin: string,
): Promise<{ kind: 'added'; id: string } | Refusal> {
  const id = newId();
  const saved = await saveServerSettings(context, tokens, id, input, admin);
  return saved.kind === 'refused' ? saved : { kind: 'added', id };
}

/**
 * Stores the settings and pushes what this connection's panels need of them. A grant of another tenant, app, authority or
 * kind of sign-in is dropped.
 */
export async function saveServerSettings(
  context: Context,
  tokens: Tokens,
  id: string,
  raw: ServerSettingsInput,
  admin: string,
): Promise<{ kind: 'saved' } | Refusal> {
  const { store, clock, sealer, hub } = context;
  const input = tidied(raw);
  const judged = providerMissing(input.serverType) ?? judge(input, clock.now());
  if (judged.kind === 'refused') return judged;
  const before = await findSettings(store.db, id);
  const hasMoved = before !== undefined && isMoved(before, input);
  const held = hasMoved ? heldBack(before, input) : null;
  if (held !== null) return held;
  // Typed for elsewhere and not in use now: it must not be sent there later either.
  const kept = hasMoved ? undefined : before;
  const isOther = hasMoved || (before !== undefined && before.sign_in !== input.signIn);
  const columns = {
    name: input.name,
    server_type: input.serverType,
    sign_in: input.signIn,
    authority: input.authority,
    graph_base: input.graphBase,
    tenant_id: input.tenantId,
    client_id: input.clientId,
    sealed_client_secret:
      input.clientSecret === null
        ? (kept?.sealed_client_secret ?? null)
        : sealClientSecret(sealer, id, input.clientSecret),
    client_secret_expires: input.clientSecretExpires,
    certificate: judged.certificate?.certificate ?? kept?.certificate ?? null,
    sealed_certificate:
      judged.certificate === null
        ? (kept?.sealed_certificate ?? null)
        : sealCertificate(sealer, id, judged.certificate.whole),
    consent: isOther ? null : (before?.consent ?? null),
    service_account: input.serviceAccount,
    default_zone: input.defaultZone,
    extra_ca: input.extraCa,
    import_problem: before?.import_problem ?? null,
  };
  if (isOther) await tokens.forget(id, admin);
  const panels = await store.transact(async tx => {
    // A sign-in under way belongs to the settings it began with.
    if (isOther) await tx.deleteFrom('sign_ins').where('connection_id', '=', id).execute();
    await tx
      .insertInto('settings')
      .values({ id, created: clock.now(), ...columns })
      .onConflict(c => c.column('id').doUpdateSet(columns))
      .execute();
    const detail = {
      name: input.name,
      authority: input.authority,
      tenantId: input.tenantId,
      signIn: input.signIn,
      newSecret: input.clientSecret !== null,
      newCertificate: judged.certificate !== null,
    };
    await audit(tx, clock, { actor: admin, action: 'server-settings-saved', subject: id, detail });
    // Another connection too: panels must let go of the old one's tokens.
    const matters = isOther || before?.graph_base !== columns.graph_base || before?.extra_ca !== columns.extra_ca;
    if (!matters) return [];
    return bumpConfigs(context, tx, await roomsOf(tx, id), { what: 'connection', actor: admin, changes: [] });
  });
  tokens.clearFailure(id);
  tellConfigs(context, panels);
  hub.topicsChanged('server-settings', 'set-up');
  // Rooms are shown with their connection's name.
  if (before !== undefined && before.name !== input.name) hub.topicsChanged('rooms');
  return { kind: 'saved' };
}

/** Or whoever can edit this page could have what is stored sent to an address of their own. */
function heldBack(before: SettingsRow, input: ServerSettingsInput): Refusal | null {
  const isCertificate = input.signIn === 'app-certificate';
  const isTyped = (isCertificate ? input.certificate : input.clientSecret) !== null;
  const isStored = (isCertificate ? before.sealed_certificate : before.sealed_client_secret) !== null;
  if (isTyped || !isStored) return null;
  const [what, again] = isCertificate ? ['certificate and its private key', 'Paste'] : ['client secret', 'Type'];
  return refused(
    'secret-needed',
    `${again} the ${what} again: the authority, Graph address, tenant or client ID changed.`,
  );
}

async function roomsOf(tx: Db, connection: string): Promise<RoomId[]> {
  const rows = await tx.selectFrom('rooms').select('id').where('connection_id', '=', connection).execute();
  return rows.map(row => v.parse(RoomId, row.id));
}

/** With its rooms and its grant, in one transaction. Refused for the default one, and while panels show its rooms. */
export async function deleteConnection(
  context: Context,
  connections: Connections,
  tokens: Tokens,
  id: string,
  admin: string,
): Promise<{ kind: 'deleted' } | Refusal> {
  const { store, clock, hub } = context;
  if (id === DEFAULT_CONNECTION) {
    return refused(
      'is-default',
      'The default connection cannot be deleted. Change its settings, or delete its access token to cut it off.',
    );
  }
  const outcome = await store.transact(async tx => {
    const row = await findSettings(tx, id);
    if (row === undefined) return connectionUnknown();
    const rooms = await roomsOf(tx, id);
    const panels = await tx
      .selectFrom('panels')
      .innerJoin('rooms', 'rooms.id', 'panels.room_id')
      .select('rooms.name')
      .where('rooms.connection_id', '=', id)
      .orderBy('rooms.name')
      .execute();
    if (panels.length > 0) return hasPanels(panels.map(panel => panel.name));
    await tx.deleteFrom('sign_ins').where('connection_id', '=', id).execute();
    await tx.deleteFrom('grants').where('id', '=', id).execute();
    // Photos, checks and registrations go with their rooms; what was set for a room alone must be named.
    for (const room of rooms) {
      await tx
        .deleteFrom('policies')
        .where('id', '=', scopeKey({ kind: 'room', room }))
        .execute();
    }
    await tx.deleteFrom('rooms').where('connection_id', '=', id).execute();
    await tx.deleteFrom('settings').where('id', '=', id).execute();
    const detail = { name: row.name, rooms: rooms.length };
    await audit(tx, clock, { actor: admin, action: 'connection-deleted', subject: id, detail });
    return { kind: 'deleted' as const };
  });
  if (outcome.kind === 'refused') return outcome;
  await connections.drop(id);
  tokens.clearFailure(id);
  hub.topicsChanged('server-settings', 'rooms', 'free-macs', 'general-settings');
  return outcome;
}

export const connectionUnknown = () => refused('connection-unknown', 'There is no such connection any more.');

const MOST_NAMED = 5;

function hasPanels(rooms: readonly string[]): Refusal {
  const named = rooms.slice(0, MOST_NAMED).join(', ');
  const others = rooms.length > MOST_NAMED ? ` and ${rooms.length - MOST_NAMED} more` : '';
  return refused(
    'has-panels',
    `Panels show rooms of this connection: ${named}${others}. Move them to rooms of another one, or unpair them, on the Rooms page; then delete it.`,
  );
}
