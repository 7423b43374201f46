/** The demo tenant's control API, as the DEMO page uses it. */
import * as v from 'valibot';
import { EventId, RoomAddress } from '../contract/values/ids.ts';
import { type Duration, type Instant, instant, milliseconds, toIso } from '../contract/values/time.ts';
import type { DemoFault } from '../contract/wire/console.ts';
import { makeFetch } from '../platform/http.ts';

const iso = v.pipe(
  v.string(),
  v.transform((text): Instant => instant(Date.parse(text))),
);
const Rooms = v.array(
  v.object({
    address: RoomAddress,
    name: v.string(),
    meetings: v.array(
      v.object({
        id: EventId,
        subject: v.string(),
        organizer: v.nullable(v.string()),
        start: iso,
        end: iso,
        isCancelled: v.boolean(),
      }),
    ),
  }),
);
const State = v.looseObject({ clockOffBy: v.number(), faults: v.array(v.looseObject({ kind: v.string() })) });
const Booked = v.object({ answer: v.picklist(['accepted', 'declined']), id: v.nullable(v.string()) });

const FAULTS: Record<Exclude<DemoFault, 'none'>, object> = {
  throttle: { kind: 'throttle', status: 429, retryAfter: '20' },
  fail: { kind: 'error', status: 503 },
  vanish: { kind: 'drop' },
};
const KIND_OF: Record<string, DemoFault> = { throttle: 'throttle', error: 'fail', drop: 'vanish' };

/** `control`: the tenant's control page. Every call throws when the tenant does not answer. */
export function makeTenantControl(control: string, tenantCa: string) {
  const http = makeFetch({ trust: { kind: 'only', ca: tenantCa } });

  async function call<T>(method: string, path: string, schema: v.GenericSchema<unknown, T>, body?: unknown) {
    const json =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const answer = await http.fetch(`${control}/api${path}`, { method, ...json });
    const text = await answer.text();
    return {
      status: answer.status,
      ok: answer.ok,
      value: answer.ok ? v.parse(schema, text === '' ? null : JSON.parse(text)) : null,
    };
  }
  async function read<T>(path: string, schema: v.GenericSchema<unknown, T>): Promise<T> {
    const { value, status } = await call('GET', path, schema);
    if (value === null) throw new Error(`the demo tenant answered ${status}`);
    return value;
  }
  async function change(path: string, body: unknown): Promise<void> {
    const { ok, status } = await call('PUT', path, v.unknown(), body);
    if (!ok) throw new Error(`the demo tenant answered ${status} to ${path}`);
  }

  return {
    async rooms() {
      const rooms = await read('/rooms', Rooms);
      return rooms.map(room => ({ ...room, meetings: room.meetings.filter(meeting => !meeting.isCancelled) }));
    },
    /** Which fault is on, and by how much the tenant's clock is ahead. */
    async mood(): Promise<{ fault: DemoFault; ahead: Duration }> {
      const { faults, clockOffBy } = await read('/state', State);
      const fault = faults.map(({ kind }) => KIND_OF[kind]).find(kind => kind !== undefined) ?? 'none';
      return { fault, ahead: milliseconds(clockOffBy) };
    },
    setFault: (fault: DemoFault) => change('/faults', fault === 'none' ? [] : [FAULTS[fault]]),
    /** Null: back to the true time. */
    async jumpClock(by: Duration | null) {
      const { ahead } = await this.mood();
      await change('/clock', { by: by === null ? 0 : ahead + by });
    },
    /** False: the room declined, because it is taken. */
    async book(room: RoomAddress, start: Instant, end: Instant, isPrivate: boolean): Promise<boolean> {
      const meeting = { subject: 'Booked by a visitor', start: toIso(start), end: toIso(end), isPrivate };
      const booked = await call('POST', `/rooms/${encodeURIComponent(room)}/meetings`, Booked, meeting);
      if (!booked.ok && booked.status !== 409) throw new Error(`the demo tenant answered ${booked.status}`);
      return booked.ok;
    },
    /** False: there is no such meeting any more. */
    async cancel(room: RoomAddress, event: EventId): Promise<boolean> {
      const path = `/rooms/${encodeURIComponent(room)}/meetings/${encodeURIComponent(event)}`;
      return (await call('DELETE', path, v.unknown())).ok;
    },
    close: http.close,
  };
}
