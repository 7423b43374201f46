import type { PanelId } from '../../contract/values/ids.ts';
import type { EnrolRequest, PanelState } from '../../contract/wire/panel.ts';
import type { Context } from '../context.ts';
import { makePairingCode } from '../domain/pairing-code.ts';
import { needsNewCode, panelState } from '../domain/panel-state.ts';
import { randomBelow } from '../random.ts';
import { audit } from '../store/audit.ts';
import { bootBookColumns, factsOf, findPanel } from '../store/panels.ts';
import type { Db } from '../store/store.ts';
import type { NewPanelRow } from '../store/tables.ts';
import { hearInside } from './hear.ts';

/** Panels that nobody has paired; more is an attack, or a roll-out that wants an admin first. */
const MOST_UNPAIRED = 1000;

export type Enrolled = { kind: 'enrolled'; state: PanelState } | { kind: 'list-full' };

/** First contact and every start of a panel. `address`: where it called from, for the admin to see. */
export async function enrol(
  context: Context,
  panel: PanelId,
  address: string,
  request: EnrolRequest,
): Promise<Enrolled> {
  const { clock, hub } = context;
  const outcome = await context.store.transact(async tx => {
    const now = clock.now();
    const heard = await hearInside(context, tx, panel, request.boot, request.starts);
    if (heard === undefined && (await countUnpaired(tx)) >= MOST_UNPAIRED) return null;
    const labels = labelsOf(request, address, now);
    if (heard === undefined) await insertPanel(context, tx, panel, labels, request);
    else await tx.updateTable('panels').set(labels).where('id', '=', panel).execute();

    const row = await findPanel(tx, panel);
    if (row === undefined) throw new Error('a panel vanished inside its own transaction');
    let facts = factsOf(row);
    const isNewStart = heard?.isNewStart ?? true;
    if (needsNewCode(facts, request.wantsNewCode, isNewStart, now)) {
      const code = makePairingCode(randomBelow, await countValidCodes(tx, now), now);
      const columns = { stage: 'waiting', code: code.code, code_expires: code.expires } as const;
      await tx.updateTable('panels').set(columns).where('id', '=', panel).execute();
      facts = { ...facts, stage: 'waiting', code };
    }
    return { state: panelState(facts, now), heard };
  });
  if (outcome === null) return { kind: 'list-full' };
  outcome.heard?.tell();
  hub.panelsChanged([panel]);
  hub.topicsChanged(outcome.state.kind === 'paired' ? 'rooms' : 'free-macs');
  return { kind: 'enrolled', state: outcome.state };
}

function labelsOf(request: EnrolRequest, address: string, now: number) {
  return {
    mac: request.mac,
    machine_id: request.machineId,
    hostname: request.hostname,
    address,
    agent_version: request.agentVersion,
    key_store: request.keyStore,
    last_seen: now,
  };
}

async function insertPanel(
  context: Context,
  tx: Db,
  panel: PanelId,
  labels: ReturnType<typeof labelsOf>,
  request: EnrolRequest,
) {
  const row: NewPanelRow = {
    ...labels,
    ...bootBookColumns({ current: request.boot, superseded: [], starts: request.starts }),
    id: panel,
    stage: 'waiting',
    code: null,
    code_expires: null,
    room_id: null,
    config_version: 1,
    first_seen: labels.last_seen,
    running_version: null,
    config_refused: null,
    last_read: null,
    read_problem: null,
    problems: '[]',
  };
  await tx.insertInto('panels').values(row).execute();
  const detail = { mac: request.mac, hostname: request.hostname, address: labels.address };
  await audit(tx, context.clock, { actor: panel, action: 'panel-enrolled', subject: panel, detail });
}

async function countUnpaired(tx: Db): Promise<number> {
  const { count } = tx.fn;
  const row = await tx
    .selectFrom('panels')
    .select(count('id').as('n'))
    .where('stage', 'in', ['waiting', 'rejected', 'revoked'])
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

async function countValidCodes(tx: Db, now: number): Promise<number> {
  const { count } = tx.fn;
  const row = await tx
    .selectFrom('panels')
    .select(count('id').as('n'))
    .where('stage', '=', 'waiting')
    .where('code_expires', '>', now)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}
