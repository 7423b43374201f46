/** What an admin does to have a demo beside their own rooms, and to be rid of it again: through the console's API alone. */
import { createParser } from 'eventsource-parser';
import * as v from 'valibot';
import { View } from '../contract/bridge/view.ts';
import { ZoneName } from '../contract/values/time.ts';
import {
  ConnectionRow,
  LicenceKeyRow,
  NewConnection,
  NewLicenceKeys,
  RoomRow,
  type ServerSettingsInput,
  WaitingPanel,
} from '../contract/wire/console.ts';
import type { AdminClient } from './admin-client.ts';
import type { TenantReady } from './demo-parts.ts';

const KEY_NOTE = 'Demo';
const PATIENCE_TRIES = 400;
const pause = () => new Promise(resolve => setTimeout(resolve, 50));

/** A connection beside the others that acts as the application itself: nobody has to sign in. Throws with central's words. */
export async function addDemo(
  admin: AdminClient,
  name: string,
  tenant: TenantReady,
  tenantCa: string,
  zone: string,
): Promise<void> {
  const input: ServerSettingsInput = {
    name,
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
  };
  const old = (await connections(admin)).find(row => row.name === name && !row.isDefault);
  const id = old?.id ?? (await admin.api('POST', '/server-settings', NewConnection, input)).id;
  if (old) await admin.api('PUT', `/server-settings/${id}`, v.unknown(), input);
  await admin.api('POST', `/server-settings/${id}/token`, v.unknown(), {});
  if ((await roomsOf(admin, id)).length === 0) throw new Error('no rooms were imported from the demo tenant');
}

/** Its panel, its licence key, its rooms and the connection itself. */
export async function removeDemo(admin: AdminClient, name: string): Promise<void> {
  const row = (await connections(admin)).find(found => found.name === name && !found.isDefault);
  if (row === undefined) return;
  for (const { panel } of await roomsOf(admin, row.id)) {
    if (panel !== null) await admin.api('POST', `/panels/${panel.id}/revoke`, v.unknown(), {});
  }
  for (const key of await admin.api('GET', '/licence-keys', v.array(LicenceKeyRow))) {
    if (key.note === KEY_NOTE && key.state === 'free') {
      await admin.api('POST', `/licence-keys/${key.id}/revoke`, v.unknown(), {});
    }
  }
  await admin.api('DELETE', `/server-settings/${row.id}`, v.unknown());
}

/** Pairs the panel whose code stands on that page with the room, and waits until it has read the room's day. */
export async function pairDemoPanel(admin: AdminClient, page: string | null, roomAddress: string): Promise<void> {
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
    const approval = { room: room.id, licenceKeyId: made.keys[0]?.id ?? null, code };
    await admin.api('POST', `/free-macs/${own.panel}/approve`, v.unknown(), approval);
  }
  throw new Error('the demo panel did not show its room in time');
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
