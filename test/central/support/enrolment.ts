import * as v from 'valibot';
import { PanelId } from '../../../src/contract/values/ids.ts';
import { EnrolRequest, WIRE_VERSION } from '../../../src/contract/wire/panel.ts';

/** An id made of a name, for tests below HTTP: nobody proves anything there. */
export const panelNamed = (name: string) => v.parse(PanelId, name.padStart(43, 'p'));

/** What a panel says of itself at a start; the same boot every time. */
export function enrolment(panel: PanelId, more: Partial<EnrolRequest> = {}): EnrolRequest {
  return v.parse(EnrolRequest, {
    wireVersion: WIRE_VERSION,
    agentVersion: '0.1.0',
    mac: null,
    machineId: null,
    hostname: `panel-${panel.replace(/^p+/, '')}`,
    keyStore: 'sealed-file',
    boot: Buffer.from(panel).toString('hex').slice(-32),
    starts: 1,
    wantsNewCode: false,
    ...more,
  });
}
