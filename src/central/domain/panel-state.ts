/**
 * What a panel is told of itself.
 *
 *   waiting(code) --approved, licence key--> paired ----> revoked
 *      |    ^  ^                               |             |     (waiting and rejected can be revoked, too)
 *   rejected|  +--------- unpaired ------------+-------------+
 *      +----+ new code asked
 *   any --two agents, one key--> conflict --unpaired--> waiting
 *
 * Out of `revoked` and `conflict` only an admin leads: nothing that a panel asks for does.
 */
import type { ConfigVersion } from '../../contract/values/config.ts';
import type { PanelId } from '../../contract/values/ids.ts';
import type { Instant } from '../../contract/values/time.ts';
import type { PanelState } from '../../contract/wire/panel.ts';
import type { PairingCode } from './pairing-code.ts';

export type Stage = 'waiting' | 'paired' | 'rejected' | 'revoked' | 'conflict';

export type PanelFacts = {
  id: PanelId;
  stage: Stage;
  code: PairingCode | null;
  configVersion: ConfigVersion;
  grant: string | null;
};

export function panelState(facts: PanelFacts, now: Instant): PanelState {
  const panel = facts.id;
  switch (facts.stage) {
    case 'paired':
      return { kind: 'paired', panel, configVersion: facts.configVersion, grant: facts.grant };
    case 'conflict':
      return { kind: 'identity-conflict', panel };
    case 'rejected':
    case 'revoked':
      return { kind: facts.stage, panel };
    case 'waiting':
      return facts.code !== null && isCodeValid(facts.code, now)
        ? { kind: 'awaiting-approval', panel, ...facts.code }
        : { kind: 'code-expired', panel };
  }
}

export function isCodeValid(code: PairingCode, now: Instant): boolean {
  return now < code.expires;
}

/** Whether an enrolment gets a fresh code: on demand, or because a panel that waits was started anew after its code ran out. */
export function needsNewCode(facts: PanelFacts, asked: boolean, isNewStart: boolean, now: Instant): boolean {
  switch (facts.stage) {
    case 'paired':
    case 'conflict':
    case 'revoked':
      return false;
    case 'rejected':
      return asked;
    case 'waiting':
      return asked || (isNewStart && (facts.code === null || !isCodeValid(facts.code, now)));
  }
}
