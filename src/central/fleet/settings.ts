/** Server Settings: save a connection, add one, delete one. */
import * as v from 'valibot';
import { RoomId } from '../../contract/values/ids.ts';
import { scopeKey } from '../../contract/values/policy-cascade.ts';
import { DEFAULT_CONNECTION, type ServerSettingsInput } from '../../contract/wire/console.ts';
import type { AppCertificate } from '../consent/certificate.ts';
import { type Connections, isSameApp } from '../consent/connections.ts';
import { connectionUnknown } from '../consent/refusals.ts';
import type { Tokens } from '../consent/tokens.ts';
import type { Context } from '../context.ts';
import { holidaysOf } from '../holidays/holidays.ts';
import { newId } from '../random.ts';
import { audit } from '../store/audit.ts';
import { findGrant, findSettings, sealCertificate, sealClientSecret } from '../store/settings.ts';
import type { Db } from '../store/store.ts';
import type { SettingsRow } from '../store/tables.ts';
import { bumpConfigs, tellConfigs } from './config.ts';
import { accessOf } from './config-access.ts';
import { settingsChanges } from './connection-changes.ts';
import { writeRevision } from './policies-history.ts';
import { readLayers } from './policies-layers.ts';
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
  const saved = await save(context, tokens, id, input, admin, 'new');
  return saved.kind === 'refused' ? saved : { kind: 'added', id };
}

/**
 * Stores the settings and pushes what this connection's panels need of them. A grant of another tenant, app, authority or
 * kind of sign-in is dropped. Waits for what is under way with the provider.
 */
export function saveServerSettings(
  context: Context,
  tokens: Tokens,
  id: string,
  input: ServerSettingsInput,
  admin: string,
): Promise<{ kind: 'saved' } | Refusal> {
  return save(context, tokens, id, input, admin, 'known');
}

async function save(
  context: Context,
  tokens: Tokens,
  id: string,
  raw: ServerSettingsInput,
  admin: string,
  which: 'new' | 'known',
): Promise<{ kind: 'saved' } | Refusal> {
  const { store, clock, hub } = context;
  const input = tidied(raw);
  const judged = providerMissing(input.serverType) ?? judge(input, clock.now());
  if (judged.kind === 'refused') return judged;
  // In turn: what is asked of the old tenant must not be answered into the new one's settings.
  const stored = await tokens.inTurn(id, async () => {
    const outcome = await store.transact(async tx => {
      const before = await findSettings(tx, id);
      // Deleted while somebody looked at it. The default one is there before anything is saved in it.
      if (before === undefined && which === 'known' && id !== DEFAULT_CONNECTION) return connectionUnknown();
      if (before !== undefined && isMoved(before, input)) {
        const held = heldBack(before, input);
        if (held !== null) return held;
      }
      return storeChange(context, tx, { id, before, input, certificate: judged.certificate, admin });
    });
    if (outcome.kind === 'stored' && outcome.isOther) await tokens.forgetInMemory(id);
    return outcome;
  });
  if (stored.kind === 'refused') return stored;
  tokens.clearFailure(id);
  tellConfigs(context, stored.panels);
  hub.topicsChanged('server-settings', 'set-up', 'general-settings');
  // Rooms are shown with their connection's name.
  if (stored.isRenamed) hub.topicsChanged('rooms');
  return { kind: 'saved' };
}

/** What panels' configurations are made of. */
type Told = Pick<
  SettingsRow,
  'access' | 'graph_base' | 'sign_in' | 'service_account' | 'extra_ca' | 'holiday_calendar' | 'holidays'
>;

type Change = {
  id: string;
  before: SettingsRow | undefined;
  input: ServerSettingsInput;
  certificate: AppCertificate | null;
  admin: string;
};

/** On what stands there now, not on what somebody read before: another save must not get its old secret back. */
async function storeChange(context: Context, tx: Db, { id, before, input, certificate, admin }: Change) {
  const { clock, sealer } = context;
  // Typed for elsewhere and not in use now: it must not be sent there later either.
  const kept = before !== undefined && isMoved(before, input) ? undefined : before;
  const typed = {
    name: input.name,
    server_type: input.serverType,
    sign_in: input.signIn,
    authority: input.authority,
    graph_base: input.graphBase,
    tenant_id: input.tenantId,
    client_id: input.clientId,
    client_secret_expires: input.clientSecretExpires,
    service_account: input.serviceAccount,
    default_zone: input.defaultZone,
    extra_ca: input.extraCa,
    access: input.access,
    change_notifications: Number(input.changeNotifications),
    holiday_calendar: input.holidayCalendar && JSON.stringify(input.holidayCalendar),
  };
  const isOther = before !== undefined && !isSameApp(before, typed);
  const columns = {
    ...typed,
    sealed_client_secret:
      input.clientSecret === null
        ? (kept?.sealed_client_secret ?? null)
        : sealClientSecret(sealer, id, input.clientSecret),
    certificate: certificate?.certificate ?? kept?.certificate ?? null,
    sealed_certificate:
      certificate === null ? (kept?.sealed_certificate ?? null) : sealCertificate(sealer, id, certificate.whole),
    consent: isOther ? null : (before?.consent ?? null),
    import_problem: before?.import_problem ?? null,
  };
  const account = (await findGrant(tx, id))?.account ?? null;
  if (isOther) await dropGrant(context, tx, id, admin);
  // What went wrong with the credentials or the way there before says nothing about these.
  const isAnother = input.clientSecret !== null || certificate !== null || before?.extra_ca !== input.extraCa;
  if (isAnother) await tx.updateTable('grants').set({ problem: null }).where('id', '=', id).execute();
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
    access: input.access,
    newSecret: input.clientSecret !== null,
    newCertificate: certificate !== null,
  };
  await audit(tx, clock, { actor: admin, action: 'server-settings-saved', subject: id, detail });
  // Another connection too: panels must let go of the old one's tokens.
  const toldOf = (row: Told, who: string | null) => JSON.stringify([accessOf(row, who), row.extra_ca, holidaysOf(row)]);
  const told = { ...columns, holidays: before?.holidays ?? null };
  const isToldOther = before === undefined || toldOf(before, account) !== toldOf(told, isOther ? null : account);
  const cause = { what: 'connection', actor: admin, changes: settingsChanges(before, columns) } as const;
  const panels = isOther || isToldOther ? await bumpConfigs(context, tx, await roomsOf(tx, id), cause) : [];
  // What no panel has to follow is history all the same.
  if (before !== undefined && panels.length === 0 && cause.changes.length > 0) {
    const layers = await readLayers(context, tx);
    await writeRevision(context, tx, cause, layers, layers);
  }
  const isRenamed = before !== undefined && before.name !== input.name;
  return { kind: 'stored' as const, isOther, isRenamed, panels };
}

async function dropGrant({ clock }: Context, tx: Db, id: string, admin: string): Promise<void> {
  // A sign-in under way belongs to the settings it began with.
  await tx.deleteFrom('sign_ins').where('connection_id', '=', id).execute();
  const dropped = await tx.deleteFrom('grants').where('id', '=', id).executeTakeFirst();
  if (dropped.numDeletedRows > 0n) await audit(tx, clock, { actor: admin, action: 'token-deleted', subject: id });
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
  const remove = async (tx: Db) => {
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
    // Those that Graph could not be told of run out there by themselves.
    await tx.deleteFrom('subscriptions').where('connection_id', '=', id).execute();
    await tx.deleteFrom('settings').where('id', '=', id).execute();
    const detail = { name: row.name, rooms: rooms.length };
    await audit(tx, clock, { actor: admin, action: 'connection-deleted', subject: id, detail });
    return { kind: 'deleted' as const };
  };
  // In turn: a token that is being fetched must not be stored after its connection is gone.
  const outcome = await tokens.inTurn(id, async () => {
    const removed = await store.transact(remove);
    if (removed.kind === 'deleted') await connections.forget(id);
    return removed;
  });
  if (outcome.kind === 'refused') return outcome;
  tokens.drop(id);
  hub.topicsChanged('server-settings', 'rooms', 'free-macs', 'general-settings');
  return outcome;
}

const MOST_NAMED = 5;

function hasPanels(rooms: readonly string[]): Refusal {
  const named = rooms.slice(0, MOST_NAMED).join(', ');
  const others = rooms.length > MOST_NAMED ? ` and ${rooms.length - MOST_NAMED} more` : '';
  return refused(
    'has-panels',
    `Panels show rooms of this connection: ${named}${others}. Move them to rooms of another one, or unpair them, on the Rooms page; then delete it.`,
  );
}
