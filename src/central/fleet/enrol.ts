import * as v from 'valibot';
import { PanelId } from '../../contract/values/ids.ts';
import type { EnrolRequest, PanelState } from '../../contract/wire/panel.ts';
import type { Context } from '../context.ts';
import { needsNewCode, panelState } from '../domain/panel-state.ts';
import { audit } from '../store/audit.ts';
import { bootBookColumns, factsOf, findPanel } from '../store/panels.ts';
import type { Db } from '../store/store.ts';
import type { NewPanelRow, PanelRow } from '../store/tables.ts';
import { mintCode } from './codes.ts';
import { hearInside } from './hear.ts';

/** Panels that nobody has paired; more is an attack, or a roll-out that wants an admin first. */
const MOST_UNPAIRED = 2000;

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
    const { boot, starts, mac, machineId } = request;
    const heard = await hearInside(context, tx, panel, boot, starts, { mac, machineId });
    if (heard === undefined && !(await hasPlace(context, tx))) return null;
    const labels = labelsOf(request, address, now);
    if (heard === undefined) await insertPanel(context, tx, panel, labels, request);
    else await updateLabels(context, tx, panel, heard.row, labels);

    const row = await findPanel(tx, panel);
    if (row === undefined) throw new Error('a panel vanished inside its own transaction');
    let facts = factsOf(row);
    const isNewStart = heard?.isNewStart ?? true;
    if (needsNewCode(facts, request.wantsNewCode, isNewStart, now)) {
      const code = await mintCode(context, tx, panel);
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

/** That a machine says something else of itself than before is on record, whatever becomes of it. */
async function updateLabels(
  context: Context,
  tx: Db,
  panel: PanelId,
  before: PanelRow,
  labels: ReturnType<typeof labelsOf>,
) {
  const update = tx.updateTable('panels').where('id', '=', panel);
  // Two machines would take turns; the labels of the one that was believed stay.
  if (before.stage === 'conflict') return void (await update.set({ last_seen: labels.last_seen }).execute());
  await update.set(labels).execute();
  if (before.mac === labels.mac && before.machine_id === labels.machine_id) return;
  const detail = { mac: labels.mac, before: before.mac, isSameMachine: before.machine_id === labels.machine_id };
  await audit(tx, context.clock, { actor: panel, action: 'panel-labels-changed', subject: panel, detail });
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
    config_refused_version: null,
    config_since: null,
    name: null,
    last_read: null,
    read_problem: null,
    problems: '[]',
  };
  await tx.insertInto('panels').values(row).execute();
  const detail = { mac: request.mac, hostname: request.hostname, address: labels.address };
  await audit(tx, context.clock, { actor: panel, action: 'panel-enrolled', subject: panel, detail });
}

/** Whether the list takes one more. When it is full, whoever was turned away and left longest ago goes. */
async function hasPlace({ hub, log }: Context, tx: Db): Promise<boolean> {
  const { count } = tx.fn;
  const unpaired = tx.selectFrom('panels').where('room_id', 'is', null);
  const { n } = await unpaired.select(count('id').as('n')).executeTakeFirstOrThrow();
  if (Number(n) < MOST_UNPAIRED) return true;
  const turnedAway = unpaired.select('id').where('stage', 'in', ['rejected', 'revoked']);
  const rows = await turnedAway.orderBy('last_seen').orderBy('id').execute();
  const gone = rows.find(({ id }) => !hub.isOnline(v.parse(PanelId, id)));
  if (gone === undefined) return false;
  await tx.deleteFrom('panels').where('id', '=', gone.id).execute();
  log.info('turned-away-panel-forgotten', { panel: gone.id });
  return true;
}
