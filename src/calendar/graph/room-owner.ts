import * as v from 'valibot';
import type { Failed } from '../room-calendar.ts';
import { read } from './answer.ts';
import type { Mailbox } from './list.ts';

const Calendar = v.object({ owner: v.object({ address: v.string() }) });

/** What the room's mailbox calls itself, in lower case; null where it cannot be learnt. Asked for once. */
export function makeOwnerReader({ connection, path }: Mailbox) {
  let known: string | null = null;
  return async (signal?: AbortSignal): Promise<{ kind: 'owner'; address: string | null } | Failed> => {
    if (known !== null) return { kind: 'owner', address: known };
    const query = { name: 'room-owner', method: 'GET', path: `${path}/calendar?$select=owner`, signal } as const;
    const answer = await connection.call(query);
    if (answer.kind === 'failed') return answer;
    const body = answer.kind === 'ok' ? read(answer, Calendar) : null;
    if (body?.kind === 'read') known = body.value.owner.address.trim().toLowerCase();
    return { kind: 'owner', address: known };
  };
}
