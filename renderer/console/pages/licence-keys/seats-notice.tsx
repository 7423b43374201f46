import type { LicenceStatus } from '../../../../src/contract/wire/console.ts';
import { Notice } from '../../parts/notice.tsx';
import { isFull, seatsWords } from './licence-words.ts';

/** On the page where panels are paired: why the next one would be refused. Nothing while all is well. */
export function SeatsNotice({ licence }: { licence: LicenceStatus | null }) {
  const link = <a href="#/licence-keys">Open Licence Keys</a>;
  if (licence?.state === 'lapsed') {
    return (
      <Notice tone="bad" title="The licence has lapsed" action={link}>
        No panel can be paired until a new licence file is imported.
      </Notice>
    );
  }
  if (licence?.state === 'not-yet') {
    return (
      <Notice tone="warn" title="The licence is not valid yet" action={link}>
        Its first day stands with the licence keys.
      </Notice>
    );
  }
  if (licence?.entitlement && isFull(licence)) {
    return (
      <Notice tone="warn" title={`All ${seatsWords(licence.entitlement.seats)} of the licence are used`} action={link}>
        Unpair a panel that is no longer needed, or import a licence file with more seats.
      </Notice>
    );
  }
  return null;
}
