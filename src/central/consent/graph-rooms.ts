/** Reads the tenant's rooms: GET /places/microsoft.graph.room (Microsoft Graph v1.0), paged. */
import * as v from 'valibot';
import { RoomAddress } from '../../contract/values/ids.ts';
import { seconds } from '../../contract/values/time.ts';
import type { ReadProblem } from '../../contract/values/trust.ts';
import type { Fetch } from '../ports.ts';
import { reasonOf } from './network.ts';

export type ListedRoom = {
  address: RoomAddress;
  name: string;
  capacity: number | null;
  building: string | null;
  floor: string | null;
};
export type RoomsRead =
  | { kind: 'listed'; rooms: ListedRoom[]; skipped: number }
  | { kind: 'failed'; problem: ReadProblem; detail: string };

const PAGE_DEADLINE = seconds(20);
const MOST_PAGES = 200;

const optionalText = v.nullish(v.pipe(v.string(), v.trim()));
const Page = v.looseObject({
  value: v.array(v.unknown()),
  '@odata.nextLink': v.optional(v.string()),
});
const Place = v.looseObject({
  displayName: v.nullish(v.string()),
  emailAddress: v.pipe(v.string(), v.trim(), RoomAddress),
  // Int32 in the schema, but a string in Microsoft's own samples.
  capacity: v.nullish(v.union([v.number(), v.pipe(v.string(), v.transform(Number))])),
  building: optionalText,
  floorLabel: optionalText,
  floorNumber: v.nullish(v.union([v.number(), v.string()])),
});
const GraphError = v.looseObject({ error: v.looseObject({ code: v.string(), message: v.optional(v.string()) }) });

export async function readRooms(fetch: Fetch, graphBase: string, accessToken: string): Promise<RoomsRead> {
  const rooms = new Map<string, ListedRoom>();
  let skipped = 0;
  let url: string | undefined = `${graphBase}/v1.0/places/microsoft.graph.room?$top=100`;
  for (let page = 0; url !== undefined; page++) {
    if (page >= MOST_PAGES) return failed('misunderstood', `more than ${MOST_PAGES} pages of rooms`);
    // The link comes from outside: the token only ever goes to the host it was made for.
    if (new URL(url).origin !== new URL(graphBase).origin) {
      return failed('misunderstood', 'the next page of rooms is on another host');
    }
    const read = await readPage(fetch, url, accessToken);
    if (read.kind === 'failed') return read;
    for (const item of read.items) {
      const room = toRoom(item);
      if (room === null) skipped++;
      else rooms.set(room.address, room);
    }
    url = read.next;
  }
  return { kind: 'listed', rooms: [...rooms.values()], skipped };
}

type PageRead = { kind: 'page'; items: unknown[]; next: string | undefined } | Extract<RoomsRead, { kind: 'failed' }>;

async function readPage(fetch: Fetch, url: string, accessToken: string): Promise<PageRead> {
  let answer: Response;
  try {
    const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' };
    answer = await fetch(url, { headers, deadline: PAGE_DEADLINE });
  } catch (error) {
    return failed('unreachable', reasonOf(error));
  }
  const body: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) return failed(problemOf(answer.status), describe(answer.status, body));
  if (body === undefined) return failed('captive-portal', 'Graph answered with something that is not JSON');
  const page = v.safeParse(Page, body);
  if (!page.success) return failed('misunderstood', 'the list of rooms does not have the expected shape');
  const next = page.output['@odata.nextLink'];
  if (next !== undefined && !URL.canParse(next)) return failed('misunderstood', 'the next page has no address');
  return { kind: 'page', items: page.output.value, next };
}

/** Null: without an address it cannot be booked, so it is not listed. */
function toRoom(item: unknown): ListedRoom | null {
  const place = v.safeParse(Place, item);
  if (!place.success) return null;
  const { displayName, emailAddress, capacity, building, floorLabel, floorNumber } = place.output;
  const seats = typeof capacity === 'number' && Number.isInteger(capacity) && capacity >= 0 ? capacity : null;
  return {
    address: emailAddress,
    name: (displayName?.trim() || emailAddress).slice(0, 200),
    capacity: seats,
    building: building || null,
    floor: floorLabel || (floorNumber === null || floorNumber === undefined ? null : String(floorNumber)),
  };
}

function problemOf(status: number): ReadProblem {
  if (status === 401) return 'sign-in-needed';
  if (status === 403) return 'no-access';
  if (status === 429 || status === 503) return 'throttled';
  return status >= 500 ? 'provider-error' : 'misunderstood';
}

function describe(status: number, body: unknown): string {
  const said = v.safeParse(GraphError, body);
  if (!said.success) return `Graph answered ${status}`;
  const { code, message } = said.output.error;
  return `Graph answered ${status} ${code}${message === undefined ? '' : `: ${message.slice(0, 500)}`}`;
}

function failed(problem: ReadProblem, detail: string) {
  return { kind: 'failed' as const, problem, detail };
}
