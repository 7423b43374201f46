/** The session, the counts in the menu, what is wrong anywhere, and the set-up for the first visit. */
import { Hono } from 'hono';
import { type Overview, SetUpInput } from '../../contract/wire/console.ts';
import { connectionAlerts, connectionsState } from '../consent/alerts.ts';
import { licenceAlerts } from '../fleet/licence-alerts.ts';
import { panelAlerts, worstFirst } from '../fleet/panel-alerts.ts';
import { roomAlerts } from '../fleet/room-alerts.ts';
import { dismissSetUp, readSetUp } from '../fleet/set-up.ts';
import { overview } from '../fleet/waiting.ts';
import { parseBody } from './answers.ts';
import type { ConsoleEnv, Services } from './env.ts';

export function overviewApi({ context, tokens }: Services): Hono<ConsoleEnv> {
  const api = new Hono<ConsoleEnv>();

  api.get('/session', c => c.json({ username: c.var.session.admin }));

  api.get('/overview', async c => {
    const alerts = await Promise.all([
      connectionAlerts(context, tokens),
      licenceAlerts(context),
      panelAlerts(context),
      roomAlerts(context),
    ]);
    const serverSettings = await connectionsState(context, tokens);
    return c.json({
      serverSettings,
      ...(await overview(context)),
      alerts: worstFirst(alerts.flat()),
    } satisfies Overview);
  });

  api.get('/set-up', async c => c.json(await readSetUp(context, c.var.session.admin)));

  api.put('/set-up', async c => {
    const input = await parseBody(c, SetUpInput);
    if (input.kind === 'invalid') return input.answer;
    await dismissSetUp(context, input.value.isDismissed, c.var.session.admin);
    return c.body(null, 204);
  });

  return api;
}
