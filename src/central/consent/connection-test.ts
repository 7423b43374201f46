/** Test connection: from the sign-in service to writing in a room, one step after the other, each said in words. */
import * as v from 'valibot';
import { between, hours, plus, seconds, toIso } from '../../contract/values/time.ts';
import type { ConnectionTest } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { type Refusal, refused } from '../fleet/refusal.ts';
import type { Fetch } from '../ports.ts';
import { findSettings } from '../store/settings.ts';
import type { SettingsRow } from '../store/tables.ts';
import type { Connections } from './connections.ts';
import { explain } from './network.ts';
import { missingRights } from './rights.ts';
import type { Tokens } from './tokens.ts';

type StepName = ConnectionTest['steps'][number]['step'];
/** `next`: what the following step works with. */
type Outcome<T> = { isOk: true; detail: string; next: T } | { isOk: false; detail: string };
const ok = <T>(detail: string, next: T) => ({ isOk: true as const, detail, next });
const bad = (detail: string) => ({ isOk: false as const, detail });

const DEADLINE = seconds(15);

/** Stops at the first step that fails; refused when there is nothing to test. Writes nothing anywhere. */
export async function testConnection(
  context: Context,
  connections: Connections,
  tokens: Tokens,
  id: string,
): Promise<ConnectionTest | Refusal> {
  const { clock, store } = context;
  const settings = await findSettings(store.db, id);
  if (settings === undefined) return refused('settings-incomplete', 'Save the server settings first.');
  const at = clock.now();
  const steps: ConnectionTest['steps'] = [];
  async function step<T>(name: StepName, run: () => Promise<Outcome<T>>): Promise<T | null> {
    const begun = clock.now();
    const outcome = await run();
    steps.push({ step: name, isOk: outcome.isOk, detail: outcome.detail, took: between(begun, clock.now()) });
    return outcome.isOk ? outcome.next : null;
  }
  const http = connections.client(settings);
  try {
    const isThere = await step('sign-in-service', () => lookAtSignInService(http.fetch, settings));
    const token = isThere && (await step('access-token', () => getToken(tokens, settings)));
    if (token === null) return { at, steps };
    const ask = (path: string) => askGraph(http.fetch, settings.graph_base + path, token);
    const rooms = await step('graph', async () => isGraphThere(settings, await ask(ROOMS)));
    if (rooms === null || (await step('room-list', async () => canListRooms(rooms))) === null) return { at, steps };
    const room = await firstRoom(context, id);
    const window = new URLSearchParams({ startDateTime: toIso(at), endDateTime: toIso(plus(at, hours(24))) });
    const view = `/calendarView?${window}&$top=1&$select=id`;
    const isRead = await step('read-a-room', async () =>
      room === undefined
        ? bad('No room is imported yet: press Save Settings, then test again.')
        : canRead(room, await ask(userPath(room.address) + view)),
    );
    if (room === undefined || isRead === null) return { at, steps };
    await step('write-a-room', async () =>
      canWrite(room, await ask(`${userPath(room.address)}/calendar?$select=canEdit`)),
    );
    return { at, steps };
  } finally {
    await http.close();
  }
}

const ROOMS = '/v1.0/places/microsoft.graph.room?$top=100';
const userPath = (address: string) => `/v1.0/users/${encodeURIComponent(address)}`;

const Discovery = v.looseObject({ token_endpoint: v.string(), authorization_endpoint: v.string() });
const AuthorityError = v.looseObject({ error_description: v.string() });

/** With our own client: msal says the same words whatever is the matter. */
async function lookAtSignInService(fetch: Fetch, { authority, tenant_id }: SettingsRow): Promise<Outcome<true>> {
  const { host } = new URL(authority);
  let answer: Response;
  try {
    const url = `${authority}/${tenant_id}/v2.0/.well-known/openid-configuration`;
    answer = await fetch(url, { headers: { accept: 'application/json' }, deadline: DEADLINE });
  } catch (error) {
    return bad(`${host} cannot be reached: ${explain(error)}.`);
  }
  const body: unknown = await answer.json().catch(() => undefined);
  if (body === undefined) return bad(notJson(host, answer.status));
  if (answer.ok && v.is(Discovery, body)) return ok(`${host} answers and knows the tenant.`, true);
  const said = v.safeParse(AuthorityError, body);
  return bad(
    `${host} answered ${answer.status}${said.success ? `: ${said.output.error_description.slice(0, 300)}` : ''}.`,
  );
}

const notJson = (host: string, status: number) =>
  `${host} answered ${status} with something that is not JSON: a proxy or a log-in portal answers in its place.`;

async function getToken(tokens: Tokens, settings: SettingsRow): Promise<Outcome<string>> {
  const answer = await tokens.accessToken(settings.id, { isRefused: false });
  const status = await tokens.status(settings.id);
  if (answer.kind === 'none') {
    const { problem } = status;
    if (problem !== null) return bad(`No access token: ${problem.detail}`);
    return bad(
      answer.why === 'not-connected' ? 'There is no access token yet: press Get Access Token.' : answer.detail,
    );
  }
  if (status.kind === 'none') return bad('The access token was deleted meanwhile.');
  const missing = missingRights(settings.sign_in, status.scopes);
  if (missing.length > 0) return bad(`The token lacks ${missing.join(' and ')}: an administrator must consent to it.`);
  return ok(`A token for ${status.account}, good until ${toIso(answer.expires)}.`, answer.accessToken);
}

type GraphAnswer = { kind: 'answer'; status: number; body: unknown } | { kind: 'failed'; detail: string };

async function askGraph(fetch: Fetch, url: string, accessToken: string): Promise<GraphAnswer> {
  const { host } = new URL(url);
  try {
    const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' };
    const answer = await fetch(url, { headers, deadline: DEADLINE });
    const body: unknown = await answer.json().catch(() => undefined);
    if (body === undefined) return { kind: 'failed', detail: notJson(host, answer.status) };
    return { kind: 'answer', status: answer.status, body };
  } catch (error) {
    return { kind: 'failed', detail: `${host} cannot be reached: ${explain(error)}.` };
  }
}

const GraphError = v.looseObject({ error: v.looseObject({ code: v.string(), message: v.optional(v.string(), '') }) });

function said({ status, body }: Extract<GraphAnswer, { kind: 'answer' }>): string {
  const error = v.safeParse(GraphError, body);
  if (!error.success) return `Graph answered ${status}.`;
  return `Graph answered ${status} ${error.output.error.code}: ${error.output.error.message.slice(0, 300)}`;
}

/** The cheapest call there is: rights are looked at in the next step, so 403 is an answer like any other. */
function isGraphThere({ graph_base }: SettingsRow, answer: GraphAnswer) {
  if (answer.kind === 'failed') return bad(answer.detail);
  const isSound = answer.status !== 401 && answer.status !== 429 && answer.status < 500;
  return isSound ? ok(`${new URL(graph_base).host} answers and takes the token.`, answer) : bad(said(answer));
}

const Rooms = v.looseObject({ value: v.array(v.unknown()), '@odata.nextLink': v.optional(v.string()) });

function canListRooms(answer: Extract<GraphAnswer, { kind: 'answer' }>): Outcome<true> {
  const rooms = v.safeParse(Rooms, answer.body);
  if (answer.status !== 200 || !rooms.success) return bad(said(answer));
  const { value, '@odata.nextLink': next } = rooms.output;
  if (value.length === 0)
    return bad('The directory lists no rooms. Make room mailboxes, or wait a day after making them.');
  return ok(`The directory lists ${next === undefined ? '' : 'more than '}${value.length} rooms.`, true);
}

type TestedRoom = { name: string; address: string };

function firstRoom({ store }: Context, connection: string): Promise<TestedRoom | undefined> {
  return store.db
    .selectFrom('rooms')
    .select(['name', 'address'])
    .where('connection_id', '=', connection)
    .where('is_missing', '=', 0)
    .orderBy('name')
    .executeTakeFirst();
}

function canRead(room: TestedRoom, answer: GraphAnswer): Outcome<true> {
  if (answer.kind === 'failed') return bad(answer.detail);
  return answer.status === 200
    ? ok(`The calendar of ${room.name} can be read.`, true)
    : bad(`${room.name}: ${said(answer)}`);
}

const Calendar = v.looseObject({ canEdit: v.boolean() });

function canWrite(room: TestedRoom, answer: GraphAnswer): Outcome<true> {
  if (answer.kind === 'failed') return bad(answer.detail);
  const calendar = v.safeParse(Calendar, answer.body);
  if (answer.status !== 200 || !calendar.success) return bad(`${room.name}: ${said(answer)}`);
  if (!calendar.output.canEdit)
    return bad(`${room.name} can be read, but not booked: grant the right to edit its calendar.`);
  return ok(`${room.name} can be booked; nothing was written to try it.`, true);
}
