/** A tenant in this process: a few mailboxes, everybody may do everything an app may. */
import { instant } from '../../../src/contract/values/time.ts';
import { PEOPLE, SERVICE_ACCOUNT } from '../../../src/demo/office/people.ts';
import { ROOMS } from '../../../src/demo/office/rooms.ts';
import { makeTenantCore } from '../../../src/demo/tenant-core.ts';
import { makeDice } from '../../support/dice.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import type { Json } from './tenant.ts';

export const PERSON = `${PEOPLE[0]?.alias}@lintel.example`;
export const AURORA = 'aurora@lintel.example';
export const CEDAR = 'cedar@lintel.example';

export function makeTestCore(seed = 1) {
  const dice = makeDice(seed);
  const clock = new VirtualClock(instant(Date.parse('2026-11-20T10:07:00Z')));
  const core = makeTenantCore({
    clock,
    zone: 'Europe/Oslo',
    file: ':memory:',
    bytes: count => Buffer.from(Array.from({ length: count }, () => Math.floor(dice() * 256))),
    checkToken: async () => ({ kind: 'app', permissions: new Set(['Calendars.ReadWrite']) }),
    origin: 'https://graph.example',
    office: { people: [SERVICE_ACCOUNT, ...PEOPLE.slice(0, 3)], rooms: ROOMS.slice(0, 3) },
  });
  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await core.app.request(`/v1.0${path}`, { method, headers, ...text });
    const answered = await answer.text();
    const json: Json = answered === '' ? null : JSON.parse(answered);
    return { status: answer.status, headers: answer.headers, json };
  }
  return { ...core, clock, call };
}
