import { Hono } from 'hono';
import { LicenceFileInput, NewLicenceKeysInput } from '../../contract/wire/console.ts';
import { readLicencePublicKey } from '../domain/licence-file.ts';
import { deleteLicence, licenceStatus, putLicence } from '../fleet/entitlement.ts';
import { listLicenceKeys, makeLicenceKeys, revokeLicenceKey } from '../fleet/licences.ts';
import { parseBody, refusal, wireError } from './answers.ts';
import type { ConsoleEnv, Services } from './env.ts';

/** `licencePublicKeys`: the vendor's, PEM or SPKI as base64. Throws when one of them is something else. */
type LicenceServices = Pick<Services, 'context'> & { licencePublicKeys?: readonly string[] };

/** `/licence-keys` and `/licence`. */
export function licencesApi({ context, licencePublicKeys = [] }: LicenceServices): Hono<ConsoleEnv> {
  const vendorKeys = licencePublicKeys.map(readLicencePublicKey);
  const api = new Hono<ConsoleEnv>();
  api.get('/licence-keys', async c => c.json(await listLicenceKeys(context.store.db)));
  api.post('/licence-keys', async c => {
    const input = await parseBody(c, NewLicenceKeysInput);
    if (input.kind === 'invalid') return input.answer;
    const outcome = await makeLicenceKeys(context, input.value.count, input.value.note, c.var.session.admin);
    return outcome.kind === 'refused' ? refusal(c, outcome) : c.json({ keys: outcome.keys });
  });
  api.post('/licence-keys/:id/revoke', async c => {
    const outcome = await revokeLicenceKey(context, c.req.param('id'), c.var.session.admin);
    return outcome.kind === 'refused' ? refusal(c, outcome) : c.json(outcome.row);
  });

  api.get('/licence', async c => c.json(await licenceStatus(context)));
  api.put('/licence', async c => {
    const input = await parseBody(c, LicenceFileInput);
    if (input.kind === 'invalid') return input.answer;
    const outcome = await putLicence(context, vendorKeys, input.value.file, c.var.session.admin);
    return outcome.kind === 'refused' ? wireError(c, 400, outcome.code, outcome.message) : c.json(outcome.status);
  });
  api.delete('/licence', async c => c.json(await deleteLicence(context, c.var.session.admin)));
  return api;
}
