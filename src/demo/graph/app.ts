/** Microsoft Graph v1.0, the slice Lintel uses, below `/v1.0`. */
import { Hono } from 'hono';
import { toIso } from '../../contract/values/time.ts';
import { shownDate } from '../faults.ts';
import { addActionRoutes } from './actions.ts';
import type { TokenCheck } from './auth.ts';
import { addCalendarViewRoutes } from './calendar-view.ts';
import { addCalendarRoutes } from './calendars.ts';
import type { GraphContext, GraphEnv } from './context.ts';
import { addDirectoryRoutes } from './directory.ts';
import { errorBody, GraphError } from './errors.ts';
import { addEventRoutes } from './events.ts';
import { addPlaceRoutes } from './places.ts';
import { parsePreferences } from './preferences.ts';
import { addScheduleRoutes } from './schedule.ts';
import { addSubscriptionRoutes } from './subscriptions.ts';

export function makeGraphApp(graph: GraphContext, checkToken: TokenCheck): Hono<GraphEnv> {
  const app = new Hono<GraphEnv>();

  app.use('*', async (c, next) => {
    const requestId = graph.newGuid();
    const clientRequestId = c.req.header('client-request-id') ?? requestId;
    c.header('request-id', requestId);
    c.header('client-request-id', clientRequestId);
    c.header('Cache-Control', 'private');
    c.header('Date', shownDate(graph.calendars.clock, graph.faults));
    c.header('OData-Version', '4.0');
    c.set('caller', await checkToken(c.req.header('authorization')));
    const preferences = parsePreferences(c.req.header('prefer'));
    c.set('preferences', preferences);
    await next();
    if (preferences.applied !== null && c.res.status < 300) c.header('Preference-Applied', preferences.applied);
  });

  addCalendarRoutes(app, graph);
  addCalendarViewRoutes(app, graph);
  addEventRoutes(app, graph);
  addActionRoutes(app, graph);
  addScheduleRoutes(app, graph);
  addDirectoryRoutes(app, graph);
  addPlaceRoutes(app, graph);
  addSubscriptionRoutes(app, graph);

  const answer = (requestId: string, clientRequestId: string, code: string, message: string) =>
    errorBody(code, message, requestId, clientRequestId, toIso(graph.calendars.clock.now()).replace(/\.\d+Z$/, 'Z'));

  // Last of all, and not `notFound`: below another app Hono never asks a part for its own.
  app.all('*', c => {
    const segment = c.req.path.split('/').at(-1) ?? '';
    const id = c.res.headers.get('request-id') ?? graph.newGuid();
    return c.json(answer(id, id, 'BadRequest', `Resource not found for the segment '${segment}'.`), 404);
  });

  app.onError((error, c) => {
    if (!(error instanceof GraphError)) throw error;
    const requestId = c.res.headers.get('request-id') ?? graph.newGuid();
    const clientRequestId = c.req.header('client-request-id') ?? requestId;
    for (const [name, value] of Object.entries(error.headers)) c.header(name, value);
    return c.json(answer(requestId, clientRequestId, error.code, error.message), error.status);
  });
  return app;
}
