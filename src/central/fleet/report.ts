import type { PanelId } from '../../contract/values/ids.ts';
import type { Report } from '../../contract/wire/panel.ts';
import type { Context } from '../context.ts';
import type { PanelRow } from '../store/tables.ts';

const MOST_PROBLEMS = 50;

/**
 * What a panel says of itself, for the Rooms page and the history of settings. A refusal stands until the panel runs
 * what it should: one that starts anew does not know of it any more.
 */
export async function noteReport(context: Context, panel: PanelId, before: PanelRow, report: Report): Promise<void> {
  const { db } = context.store;
  const refused = report.configRefused;
  const columns = {
    running_version: report.configVersion,
    last_read: report.lastRead,
    read_problem: report.readProblem,
    problems: JSON.stringify(report.problems.slice(0, MOST_PROBLEMS)),
    ...(refused === null ? {} : { config_refused: refused.why, config_refused_version: refused.version }),
  };
  await db
    .updateTable('panels')
    .set({ ...columns, last_seen: context.clock.now() })
    .where('id', '=', panel)
    .where('stage', '=', 'paired')
    .execute();
  if (refused !== null || before.config_refused !== null) {
    await db
      .updateTable('panels')
      .set({ config_refused: null, config_refused_version: null })
      .where('id', '=', panel)
      .whereRef('running_version', '=', 'config_version')
      .execute();
  }
  const isNewRefusal =
    refused !== null && (refused.why !== before.config_refused || refused.version !== before.config_refused_version);
  if (isNewRefusal) context.log.warn('config-refused', { panel, version: refused.version });
  context.hub.topicsChanged('rooms');
  // History counts who follows.
  if (isNewRefusal || before.running_version !== report.configVersion) context.hub.topicsChanged('general-settings');
}
