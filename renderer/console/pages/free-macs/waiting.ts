/** Which waiting panels are asked for. */
import type { Instant } from '../../../../src/contract/values/time.ts';
import type { WaitingPanel } from '../../../../src/contract/wire/console.ts';
import { makeSearch } from '../../parts/search.ts';
import { groupCode, validCode } from './code.ts';

export const searchPanels = makeSearch<WaitingPanel>(
  ({ code, mac, machineId, hostname, address, words, registration }) => [
    code,
    code && groupCode(code),
    mac,
    mac?.replaceAll(':', ''),
    machineId,
    hostname,
    address,
    words.join(' '),
    registration?.room.name,
  ],
);

/** Nobody expects it to be approved just now. */
export const isTurnedAway = ({ isRejected, isRevoked }: WaitingPanel) => isRejected || isRevoked;

/** Known beforehand, and its code is good: one look and one press pair it. */
export const isConfirmable = (panel: WaitingPanel, now: Instant) =>
  panel.registration !== null && !panel.isConflict && !isTurnedAway(panel) && validCode(panel, now) !== null;

/** What an admin tells panels apart by. */
export const labelOf = ({ mac, hostname }: Pick<WaitingPanel, 'mac' | 'hostname'>) => mac ?? hostname;
