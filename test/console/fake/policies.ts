/** General settings of the fake central, and their history. */
import * as v from 'valibot';
import { PolicyLayer, scopeKey } from '../../../src/contract/values/policy-cascade.ts';
import { PolicyInput, RollBack } from '../../../src/contract/wire/console.ts';
import type { Part } from './part.ts';

export function mountPolicies({ api, office, tell, no }: Part): void {
  api.get('/policies', c => c.json(office().policies));
  api.put('/policies', async c => {
    const input = v.safeParse(PolicyInput, await c.req.json());
    if (!input.success) return c.json(no('invalid', v.summarize(input.issues)), 400);
    const { scope, values, basedOn } = input.output;
    const { policies } = office();
    if (basedOn !== policies.version) return c.json(no('changed-meanwhile', 'Somebody else saved meanwhile.'), 409);
    const others = policies.layers.filter(layer => scopeKey(layer.scope) !== scopeKey(scope));
    const pin = values.pin && 'digits' in values.pin ? { salt: 's'.repeat(22), hash: 'h'.repeat(43) } : values.pin;
    const layer = v.parse(PolicyLayer, { scope, values: pin === undefined ? values : { ...values, pin } });
    office().policies = { version: basedOn + 1, layers: [...others, layer] };
    tell('general-settings');
    return c.json({ version: basedOn + 1 });
  });
  api.get('/policies/history', c => c.json(office().history));
  api.post('/policies/roll-back', async c => {
    const { version } = v.parse(RollBack, await c.req.json());
    if (!office().history.some(revision => revision.version === version)) return c.json(no('gone', 'Gone.'), 404);
    tell('general-settings');
    return c.json({ version: office().policies.version + 1 });
  });
}
