/** What an admin does to have a demo beside their own rooms, and to be rid of it again: through the console's API alone. */
import { createParser } from 'eventsource-parser';
import * as v from 'valibot';
import { View } from '../contract/bridge/view.ts';
import { PanelId, type RoomId } from '../contract/values/ids.ts';
import { seconds, ZoneName } from '../contract/values/time.ts';
import {
  ConnectionRow,
  NewConnection,
  NewLicenceKeys,
  Policies,
  RoomRow,
  type ServerSettingsInput,
  WaitingPanel,
} from '../contract/wire/console.ts';
import type { AdminClient } from './admin-client.ts';
import type { TenantReady } from './demo-parts.ts';

const NAME = 'Demo tenant';
const KEY_NOTE = 'Demo';

/** What a demo made in central, kept beside its data so that it is found again after a restart. */
export const DemoMade = v.object({
  connection: v.string(),
  panel: v.nullable(PanelId),
  keys: v.array(v.string()),
});
export type DemoMade = v.InferOutput<typeof DemoMade>;
const PATIENCE_TRIES = 400;
const pause = () => new Promise(resolve => setTimeout(resolve, 50));

/**
 * A connection beside the others that acts as the application itself: nobody has to sign in. `known`: the one that an
 * earlier demo made; no other is ever touched, whatever it is called. Answers with its id; throws with central's words.
 */
export async function addDemo(
  admin: AdminClient,
  known: string | null,
  tenant: TenantReady,
  tenantCa: string,
  zone: string,
  keep: (connection: string) => Promise<void>,
): Promise<void> {
  const input: ServerSettingsInput = {
    name: NAME,
    serverType: 'office-365-graph',
    signIn: 'app-secret',
    authority: tenant.authority,
    graphBase: tenant.graph,
    tenantId: tenant.tenantId,
    clientId: tenant.clientId,
    clientSecret: tenant.clientSecret,
    clientSecretExpires: null,
    certificate: null,
    serviceAccount: null,
    defaultZone: v.parse(ZoneName, zone),
    extraCa: tenantCa,
    access: 'direct',
    changeNotifications: false,
    holidayCalendar: null,
  };
  const isThere = (await connections(admin)).some(row => row.id === known && !row.isDefault);
  const id = known !== null && isThere ? known : (await admin.api('POST', '/server-settings', NewConnection, input)).id;
  if (id === known) await admin.api('PUT', `/server-settings/${id}`, v.unknown(), input);
  await keep(id);
  await admin.api('POST', `/server-settings/${id}/token`, v.unknown(), {});
  if ((await roomsOf(admin, id)).length === 0) throw new Error('no rooms were imported from the demo tenant');
}

/**
 * Its rooms and the connection itself, its own panel and its own licence keys. A panel of somebody else's in one of its
 * rooms only goes back to Free MACs.
 */
export async function removeDemo(admin: AdminClient, made: DemoMade): Promise<void> {
  const row = (await connections(admin)).find(found => found.id === made.connection && !found.isDefault);
  if (row === undefined) return;
  for (const { panel } of await roomsOf(admin, row.id)) {
    if (panel === null) continue;
    const verb = panel.id === made.panel ? 'revoke' : 'unpair';
    await admin.api('POST', `/panels/${panel.id}/${verb}`, v.unknown(), {});
  }
  for (const id of made.keys) await admin.api('POST', `/licence-keys/${id}/revoke`, v.unknown(), {});
  await admin.api('DELETE', `/server-settings/${row.id}`, v.unknown());
}

/** Pairs the panel whose code stands on that page with the room, and waits until it has read the room's day. */
export async function pairDemoPanel(
  admin: AdminClient,
  page: string | null,
  roomAddress: string,
  keep: (panel: PanelId, key: string) => Promise<void>,
): Promise<void> {
  if (page === null) throw new Error('the demo panel has no page');
  for (let tries = 0; tries < PATIENCE_TRIES; tries++, await pause()) {
    const room = (await admin.api('GET', '/rooms', v.array(RoomRow))).find(row => row.address === roomAddress);
    if (room === undefined) throw new Error(`central does not know the room ${roomAddress}`);
    if (room.panel !== null) {
      if (room.panel.lastRead !== null) return;
      continue;
    }
    const code = await codeOn(page);
    const waiting = await admin.api('GET', '/free-macs', v.array(WaitingPanel));
    // Only the panel we started: others may wait for a room of their own.
    const own = code === null ? undefined : waiting.find(panel => panel.code === code);
    if (own === undefined) continue;
    const made = await admin.api('POST', '/licence-keys', NewLicenceKeys, { count: 1, note: KEY_NOTE });
    const key = made.keys[0]?.id ?? '';
    await keep(own.panel, key);
    await readOften(admin, room.id);
    const approval = { room: room.id, licenceKeyId: key, code };
    await admin.api('POST', `/free-macs/${own.panel}/approve`, v.unknown(), approval);
  }
  throw new Error('the demo panel did not show its room in time');
}

/** Whoever plays wants to see what they did; nobody's quota is spent here. The room's settings go with the room. */
async function readOften(admin: AdminClient, room: RoomId): Promise<void> {
  const { version } = await admin.api('GET', '/policies', Policies);
  const body = { scope: { kind: 'room', room }, values: { pollEvery: seconds(5) }, basedOn: version };
  await admin.api('PUT', '/policies', v.unknown(), body);
}

const connections = (admin: AdminClient) => admin.api('GET', '/server-settings', v.array(ConnectionRow));
const roomsOf = async (admin: AdminClient, id: string) =>
  (await admin.api('GET', '/rooms', v.array(RoomRow))).filter(room => room.connection.id === id);

/** The pairing code on a panel's glass, read as its page reads it; null while there is none. */
async function codeOn(page: string): Promise<string | null> {
  const stop = new AbortController();
  const answer = await fetch(new URL('./bridge/stream', page), { signal: stop.signal }).catch(() => null);
  if (!answer?.body) return null;
  let code: string | null | undefined;
  const parser = createParser({
    onEvent: ({ data }) => {
      const view = v.safeParse(v.pipe(v.string(), v.parseJson(), View), data);
      if (view.success) code ??= view.output.screen.kind === 'pairing' ? view.output.screen.code : null;
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of answer.body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (code !== undefined) break;
  }
  stop.abort();
  return code ?? null;
}
