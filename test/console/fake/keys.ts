/** Licence keys of the fake central, and the vendor's licence. */
import * as v from 'valibot';
import {
  LicenceFileInput,
  LicenceKeyRow,
  LicenceStatus,
  NewLicenceKeysInput,
} from '../../../src/contract/wire/console.ts';
import { livelyLicence } from '../fixtures/panels.ts';
import type { Part } from './part.ts';

/** What the fake central believes; anything else is no licence. */
export const GOOD_FILE = 'LINTEL-LICENCE good';

export function mountKeys({ api, office, tell, clock, no }: Part): void {
  api.get('/licence-keys', c => c.json(office().licenceKeys));
  api.post('/licence-keys', async c => {
    const { count, note } = v.parse(NewLicenceKeysInput, await c.req.json());
    const { entitlement, keys: made } = office().licence;
    if (entitlement && made + count > entitlement.seats) {
      const message = `The licence is for ${entitlement.seats} seats, and ${made} keys are made.`;
      return c.json(no('no-seats', message), 409);
    }
    const keys = Array.from({ length: count }, (_, n) => ({
      id: `new-${n}`,
      key: `ABCDE-FGHJK-MNPQR-STVWX-${String(10000 + n)}`,
    }));
    const rows = keys.map(({ id, key }) => ({
      id,
      hint: `${key.slice(0, 5)}…${key.slice(-5)}`,
      note,
      created: clock.now(),
      state: 'free',
      room: null,
      panel: null,
    }));
    office().licenceKeys.push(...v.parse(v.array(LicenceKeyRow), rows));
    office().licence.keys += count;
    tell('licence-keys');
    return c.json({ keys });
  });
  api.post('/licence-keys/:id/revoke', c => {
    const row = office().licenceKeys.find(key => key.id === c.req.param('id'));
    if (!row) return c.json(no('key-unknown', 'There is no such licence key.'), 404);
    Object.assign(row, { state: 'revoked', room: null, panel: null });
    return c.json(row);
  });
  api.get('/licence', c => c.json(office().licence));
  api.put('/licence', async c => {
    const { file } = v.parse(LicenceFileInput, await c.req.json());
    if (file.trim() !== GOOD_FILE) {
      return c.json(
        no('licence-invalid', 'The signature does not fit: the file was changed, or is no licence file.'),
        400,
      );
    }
    const { seatsUsed, keys } = office().licence;
    office().licence = livelyLicence(clock.now(), { seatsUsed, keys });
    tell('licence-keys');
    return c.json(office().licence);
  });
  api.delete('/licence', c => {
    const { seatsUsed, keys } = office().licence;
    office().licence = v.parse(LicenceStatus, { state: 'none', entitlement: null, graceUntil: null, seatsUsed, keys });
    tell('licence-keys');
    return c.json(office().licence);
  });
}
