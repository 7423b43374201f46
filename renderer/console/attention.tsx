import type { Overview } from '../../src/contract/wire/console.ts';
import { Notice } from './parts/notice.tsx';
import type { Page } from './state/route.ts';
import { panels } from './words.ts';

/** What is wrong elsewhere, with the one click that leads to the mend. A page tells of its own troubles itself. */
export function Attention({ page, overview }: { page: Page; overview: Overview | null }) {
  if (!overview) return null;
  const isSignInNeeded = overview.serverSettings === 'sign-in-needed' && page !== 'server-settings';
  const hasConflicts = overview.conflicts > 0 && page !== 'rooms';
  return (
    <>
      {isSignInNeeded && (
        <Notice tone="bad" action={<a href="#/server-settings">Get a new access token</a>}>
          Central may not read the calendars any more: the sign-in is missing or has lapsed.
        </Notice>
      )}
      {hasConflicts && (
        <Notice tone="bad" action={<a href="#/rooms">Show the rooms</a>}>
          {panels(overview.conflicts)} in identity conflict: the same identity runs on two machines.
        </Notice>
      )}
    </>
  );
}
