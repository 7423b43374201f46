import { Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import { DemoAction, type DemoStatus, DemoSwitch } from '../../contract/wire/console.ts';
import { parseBody, refusal, wireError } from './answers.ts';
import type { ConsoleEnv, Services } from './env.ts';
import { SESSION_COOKIE } from './sessions.ts';

const UNAVAILABLE = 'This central was started without a demo.';

/** `/demo`. */
export function demoApi({ demo, context }: Services): Hono<ConsoleEnv> {
  const api = new Hono<ConsoleEnv>();
  const none: DemoStatus = { kind: 'unavailable', why: UNAVAILABLE };

  api.get('/', async c => c.json(demo === null ? none : await demo.status()));

  api.put('/', async c => {
    const input = await parseBody(c, DemoSwitch);
    if (input.kind === 'invalid') return input.answer;
    if (demo === null) return wireError(c, 409, 'demo-unavailable', UNAVAILABLE);
    const session = getCookie(c, SESSION_COOKIE) ?? '';
    const outcome = await (input.value.isOn ? demo.turnOn(session) : demo.turnOff(session));
    if (outcome) return refusal(c, outcome);
    context.hub.topicsChanged('demo');
    return c.json(await demo.status());
  });

  api.post('/act', async c => {
    const action = await parseBody(c, DemoAction);
    if (action.kind === 'invalid') return action.answer;
    if (demo === null) return wireError(c, 409, 'demo-unavailable', UNAVAILABLE);
    const outcome = await demo.act(action.value, getCookie(c, SESSION_COOKIE) ?? '');
    if (outcome) return refusal(c, outcome);
    context.hub.topicsChanged('demo');
    return c.body(null, 204);
  });

  return api;
}
