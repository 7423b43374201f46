import type { PanelId } from '../../contract/values/ids.ts';
import type { Context } from '../context.ts';
import { hearBoot, isOtherMachine, type MachineLabels } from '../domain/identity.ts';
import { audit } from '../store/audit.ts';
import { bootBookColumns, bootBookOf, findPanel, type PanelWithGrant } from '../store/panels.ts';
import type { Db } from '../store/store.ts';

/**
 * Takes note of the start of the agent that a proof names. A second living agent with the same key turns the panel
 * into a conflict: both are told so, and neither gets anything until an admin unpairs it. Undefined: this start of it never
 * enrolled (every link begins with that).
 */
export async function hear(context: Context, panel: PanelId, boot: string): Promise<PanelWithGrant | undefined> {
  const row = await findPanel(context.store.db, panel);
  // The ordinary request costs one read.
  if (row === undefined || row.stage === 'conflict' || row.boot === boot) return row;
  const heard = await context.store.transact(tx => hearInside(context, tx, panel, boot, null));
  heard?.tell();
  return heard?.row;
}

/** The same inside a transaction; `tell` must be called when it is over. `starts` and `machine`: only an enrolment tells them. */
export async function hearInside(
  context: Context,
  tx: Db,
  panel: PanelId,
  boot: string,
  starts: number | null,
  machine: MachineLabels | null = null,
) {
  const row = await findPanel(tx, panel);
  if (row === undefined) return undefined;
  if (row.stage === 'conflict') return { row, isNewStart: false, tell: () => {} };
  const before = { mac: row.mac, machineId: row.machine_id };
  const isCopy = row.stage === 'paired' && machine !== null && isOtherMachine(before, machine);
  const heard = isCopy
    ? ({ kind: 'conflict', why: 'other-machine' } as const)
    : hearBoot(bootBookOf(row), boot, starts);
  if (heard.kind === 'conflict') {
    const columns = { stage: 'conflict', code: null, code_expires: null } as const;
    await tx.updateTable('panels').set(columns).where('id', '=', panel).execute();
    const entry = { actor: panel, action: 'identity-conflict-found', subject: panel, detail: { why: heard.why } };
    await audit(tx, context.clock, entry);
    const tell = () => {
      context.log.warn('identity-conflict', { panel, why: heard.why, hostname: row.hostname });
      context.hub.panelsChanged([panel]);
      context.hub.topicsChanged('rooms', 'free-macs');
    };
    return { row: { ...row, ...columns }, isNewStart: false, tell };
  }
  if (heard.kind === 'unknown') return undefined;
  const columns = bootBookColumns(heard.book);
  await tx.updateTable('panels').set(columns).where('id', '=', panel).execute();
  const isNewStart = heard.kind === 'new';
  const tell = () => {
    if (isNewStart) context.hub.closeStreamsOfOtherBoots(panel, boot);
  };
  return { row: { ...row, ...columns }, isNewStart, tell };
}
