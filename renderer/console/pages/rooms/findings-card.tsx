import { useEffect, useState } from 'preact/hooks';
import type { RoomCheck, RoomRow } from '../../../../src/contract/wire/console.ts';
import { Loading } from '../../parts/page-head.tsx';
import { Ago } from '../../parts/text.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';
import { hrefOfConnection } from '../server-settings/links.ts';
import { RoomFindings } from '../server-settings/room-findings.tsx';

/** What the last check of this room's mailbox found, with the command that mends each. */
export function FindingsCard({ room }: { room: RoomRow }) {
  const { api } = useConsole();
  const { failure, run } = useRequest();
  /** Undefined: not read yet; null: there is none of this room. */
  const [check, setCheck] = useState<RoomCheck | null | undefined>(undefined);
  const read = () =>
    void run(
      () => api.roomChecks(room.connection.id),
      checks => setCheck(checks.find(each => each.room === room.id) ?? null),
    );
  useEffect(read, [room.id, room.findings]);
  return (
    <section class="card room-card" aria-labelledby="findings">
      <div class="card-head">
        <h2 id="findings">What the check of its mailbox found</h2>
        {check && (
          <span class="soft small">
            Checked <Ago at={check.checked} />
          </span>
        )}
      </div>
      {check === undefined && <Loading failure={failure} onRetry={read} />}
      {check && (
        <ul class="room-checks">
          <RoomFindings check={check} />
        </ul>
      )}
      <p>
        <a href={hrefOfConnection(room.connection.id)}>
          {check === null ? 'Look at this room again in Server Settings' : 'Check again in Server Settings'}
        </a>
      </p>
    </section>
  );
}
