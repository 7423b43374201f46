import type { Context as HonoContext } from 'hono';
import { Hono } from 'hono';
import type * as v from 'valibot';
import { type NewVersion, PolicyInput, RollBack } from '../../contract/wire/console.ts';
import { readPolicies, rollBack, type Saved, savePolicy } from '../fleet/policies.ts';
import { listRevisions } from '../fleet/policies-history.ts';
import type { Refusal } from '../fleet/refusal.ts';
import { parseBody, wireError } from './answers.ts';
import type { ConsoleEnv, Services } from './env.ts';

/** `/policies`. */
export function policiesApi({ context }: Services): Hono<ConsoleEnv> {
  const api = new Hono<ConsoleEnv>();

  api.get('/', async c => c.json(await readPolicies(context)));

  api.put('/', async c => {
    const input = await parseBody(c, PolicyInput);
    if (input.kind === 'invalid') return input.answer;
    return answer(c, await savePolicy(context, input.value, c.var.session.admin));
  });

  api.get('/history', async c => c.json(await listRevisions(context.store.db)));

  api.post('/roll-back', async c => {
    const input = await parseBody(c, RollBack);
    if (input.kind === 'invalid') return input.answer;
    return answer(c, await rollBack(context, input.value.version, c.var.session.admin));
  });

  return api;
}

function answer(c: HonoContext, outcome: Saved | Refusal) {
  if (outcome.kind === 'saved') return c.json({ version: outcome.version } satisfies v.InferOutput<typeof NewVersion>);
  return wireError(c, outcome.code.endsWith('-unknown') ? 404 : 409, outcome.code, outcome.message);
}
