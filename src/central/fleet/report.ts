import type { PanelId } from '../../contract/values/ids.ts';
import type { Report } from '../../contract/wire/panel.ts';
import type { Context } from '../context.ts';
import type { PanelRow } from '../store/tables.ts';

const MOST_PROBLEMS = 50;

/** What a panel says of itself, for the Rooms page. */
export async function noteReport(context: Context, panel: PanelId, before: PanelRow, report: Report): Promise<void> {
  const columns = {
    running_version: report.configVersion,
    config_refused: report.configRefused === null ? null : report.configRefused.why,
    last_read: report.lastRead,
    read_problem: report.readProblem,
    problems: JSON.stringify(report.problems.slice(0, MOST_PROBLEMS)),
  };
  await context.store.db
    .updateTable('panels')
    .set({ ...columns, last_seen: context.clock.now() })
    .where('id', '=', panel)
    .where('stage', '=', 'paired')
    .execute();
  if (columns.config_refused !== null && columns.config_refused !== before.config_refused) {
    context.log.warn('config-refused', { panel, version: report.configRefused?.version ?? null });
  }
  context.hub.topicsChanged('rooms');
}
