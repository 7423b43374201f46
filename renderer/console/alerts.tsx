/** Every kind of alert in one sentence, the one link that mends it, and the page that tells of it by itself. */
import type { ComponentChildren } from 'preact';
import type { Instant } from '../../src/contract/values/time.ts';
import type { Alert } from '../../src/contract/wire/console.ts';
import { EXPIRING } from './pages/server-settings/expiries.ts';
import { hrefOfConnection } from './pages/server-settings/links.ts';
import { Foreign, When } from './parts/text.tsx';
import { hrefOf, type Page } from './state/route.ts';
import { panels, rooms } from './words.ts';

type AlertWords = { tone: 'bad' | 'warn'; text: ComponentChildren; link: string; label: string; home: Page };

export function alertWords(alert: Alert): AlertWords {
  const n = alert.count ?? 1;
  const settings = alert.connection === null ? hrefOf('server-settings') : hrefOfConnection(alert.connection);
  switch (alert.kind) {
    case 'sign-in-needed':
      return {
        tone: 'bad',
        text: (
          <>Central may not read the calendars{of(alert.subject)} any more: the sign-in is missing or has lapsed.</>
        ),
        link: settings,
        label: 'Get a new access token',
        home: 'server-settings',
      };
    case 'consent-missing':
      return {
        tone: 'bad',
        text: <>An administrator has not allowed central to use the calendars{of(alert.subject)} yet.</>,
        link: settings,
        label: 'Ask for consent',
        home: 'server-settings',
      };
    case 'expires-soon':
    case 'expired': {
      const isLicence = alert.subject === 'licence';
      const isOver = alert.kind === 'expired';
      return {
        tone: isOver ? 'bad' : 'warn',
        text: (
          <>
            {nameOf(alert.subject)}
            {of(alert.name)} {isOver ? 'has expired' : 'expires soon'}
            {on(alert.at)}
          </>
        ),
        link: isLicence ? hrefOf('licence-keys') : settings,
        label: isLicence ? 'Show the licence' : 'Renew it',
        home: isLicence ? 'licence-keys' : 'server-settings',
      };
    }
    case 'rooms-unreadable':
      return {
        tone: 'bad',
        text: (
          <>
            {rooms(n)}
            {of(alert.subject)} cannot be read or booked by {n === 1 ? 'its panel' : 'their panels'}.
          </>
        ),
        link: settings,
        label: 'Show room health',
        home: 'server-settings',
      };
    case 'config-refused':
      return {
        tone: 'bad',
        text: `${panels(n)} refused ${n === 1 ? 'its' : 'their'} configuration and ${n === 1 ? 'runs' : 'run'} the one before.`,
        link: '#/general-settings/history',
        label: 'Show the history',
        home: 'general-settings',
      };
    case 'identity-conflict':
      return {
        tone: 'bad',
        text: `${panels(n)} in identity conflict: the same identity runs on two machines.`,
        link: hrefOf('rooms'),
        label: 'Show the rooms',
        home: 'rooms',
      };
    case 'licence-lapsed':
      return {
        tone: 'bad',
        text: 'The licence has lapsed and its grace time is over: panels have no access to the calendars any more.',
        link: hrefOf('licence-keys'),
        label: 'Import a licence',
        home: 'licence-keys',
      };
    case 'licence-in-grace':
      return {
        tone: 'warn',
        text: (
          <>
            The licence has expired. Panels work on in the grace time
            {alert.at === null ? '.' : <>, which ends {<When at={alert.at} />}.</>}
          </>
        ),
        link: hrefOf('licence-keys'),
        label: 'Import a licence',
        home: 'licence-keys',
      };
    case 'seats-exceeded':
      return {
        tone: 'warn',
        text:
          alert.count === null
            ? 'More panels are paired than the licence has seats for.'
            : `${panels(n)} more ${n === 1 ? 'is' : 'are'} paired than the licence has seats for.`,
        link: hrefOf('licence-keys'),
        label: 'Show the licence',
        home: 'licence-keys',
      };
  }
}

const of = (subject: string | null) =>
  subject === null ? null : (
    <>
      {' '}
      of “<Foreign text={subject} />”
    </>
  );
const on = (at: Instant | null) =>
  at === null ? (
    '.'
  ) : (
    <>
      : <When at={at} />.
    </>
  );

/** What expires, in the words of the page that shows it; anything else as it comes. */
function nameOf(subject: string | null): ComponentChildren {
  if (subject === null) return 'Something';
  const known = Object.entries(EXPIRING).find(([what]) => what === subject);
  return known ? `The ${known[1].name.toLowerCase()}` : <Foreign text={subject} />;
}
