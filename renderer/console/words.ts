/** Plain words for what central reports as kinds: the cause, and what mends it. */
import { type Duration, hours, minutes, seconds } from '../../src/contract/values/time.ts';
import type { ReadProblem } from '../../src/contract/values/trust.ts';
import type { TokenProblem } from '../../src/contract/wire/console.ts';
import { DEFAULT_LOCALE } from '../i18n/format.ts';
import { plural } from '../i18n/plural.ts';
import type { Failure } from './state/http.ts';

export const count = plural(DEFAULT_LOCALE);
export const rooms = (n: number) => count(n, { one: '# room', other: '# rooms' });
export const panels = (n: number) => count(n, { one: '# panel', other: '# panels' });
export const keys = (n: number) => count(n, { one: '# licence key', other: '# licence keys' });

const DAY = new Intl.DateTimeFormat(DEFAULT_LOCALE, {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
/** `25 Dec 2026` of a date without a time, `2026-12-25`. */
export const dateWords = (date: string) => DAY.format(Date.parse(date));

type CauseAndMend = { cause: string; mend: string };

export const TOKEN_PROBLEMS: Record<TokenProblem['kind'], CauseAndMend> = {
  'wrong-secret': {
    cause: 'The client secret is wrong or has expired.',
    mend: 'Make a new one in the app registration under Certificates & secrets, enter its Value (not its Secret ID) here, then save and get a new token.',
  },
  'consent-missing': {
    cause: 'Nobody has allowed this app to read the calendars yet.',
    mend: 'Get the token again, signed in as an administrator who accepts for the whole organisation.',
  },
  'unknown-app': {
    cause: 'This tenant does not know the client ID.',
    mend: 'Compare it with Application (client) ID in the app registration, and check that the tenant ID is the one the app is registered in.',
  },
  'unknown-tenant': {
    cause: 'There is no such tenant in this cloud.',
    mend: 'Compare the tenant ID with Directory (tenant) ID in the app registration, and check the cloud.',
  },
  'sign-in-expired': {
    cause: 'The sign-in has lapsed or was withdrawn, for example by a change of password.',
    mend: 'Get a new access token with the service account.',
  },
  unreachable: {
    cause: 'The sign-in service does not answer.',
    mend: 'Check that central may reach it through firewall and proxy. If the network inspects TLS, add its CA under Advanced.',
  },
  'empty-token': {
    cause: 'The sign-in service answered without a token.',
    mend: 'This is usually a passing fault on its side or a proxy in between. Try again in a minute.',
  },
  refused: {
    cause: 'The sign-in service refused.',
    mend: 'Its own words below say why.',
  },
};

/** What a failed read means for one room. */
export const ROOM_PROBLEMS: Record<ReadProblem, string> = {
  unreachable: 'The calendar service does not answer',
  'captive-portal': 'A log-in page of the network stands in the way',
  throttled: 'The calendar service asks to wait',
  'provider-error': 'The calendar service reports a fault of its own',
  'sign-in-needed': 'The access token is refused: get a new one',
  'no-token': 'Central has no access token to give',
  'no-access': 'The service account may not read this room',
  'room-not-found': 'The calendar service does not know this room',
  misunderstood: 'The calendar service answers in an unknown form',
};

/** What a failed import of the rooms means, and what mends it. */
export const IMPORT_PROBLEMS: Record<ReadProblem, string> = {
  unreachable: 'The Graph address does not answer. Check it, and that central may reach it through firewall and proxy.',
  'captive-portal': 'A web page answered where rooms belong: a log-in page of the network, or a wrong Graph address.',
  throttled: 'The provider asks to wait. Save again in a few minutes.',
  'provider-error': 'The provider reports a fault of its own. Save again in a few minutes.',
  'sign-in-needed': 'The access token is refused. Get a new one.',
  'no-token': 'There is no access token yet. Get one, and the rooms follow.',
  'no-access': 'The service account may not list rooms. An administrator must grant Place.Read.All to the app.',
  'room-not-found': 'The directory of rooms was not found. Check the Graph address.',
  misunderstood: 'The answer could not be understood. Check the Graph address.',
};

/** Problems a panel reports about itself, by the kinds of contract/bridge/view.ts; others are shown as they come. */
const PANEL_PROBLEMS: Record<string, string> = {
  'central-away': 'Lost central for a while',
  'clock-wrong': 'The clock of the panel is wrong',
  'snapshot-set-aside': 'A damaged snapshot was put aside',
  'disk-full': 'The disk of the panel is full',
  'config-refused': 'It refused its configuration',
};
export const panelProblem = (reported: string) => PANEL_PROBLEMS[reported] ?? reported;

/** Why a request to central came to nothing. */
export function failureWords(failure: Failure): string {
  switch (failure.kind) {
    case 'signed-out':
      return 'Your session has ended. Log in again.';
    case 'unreachable':
      return 'Central does not answer. Nothing was changed; try again.';
    case 'misunderstood':
      return `Central answered in a form this page does not know (${failure.detail}). Reload the page.`;
    case 'refused':
      if (failure.message !== '') return failure.message;
      if (failure.status === 404) return 'That is no longer there.';
      return `Central refused (${failure.code}).`;
  }
}

/** `40 s`, `5 min`, `3 h`, `2 d`; rounded down, so that nothing seems older than it is. */
export function roughly(length: Duration): string {
  if (length < minutes(1)) return `${Math.max(0, Math.floor(length / seconds(1)))} s`;
  if (length < hours(1)) return `${Math.floor(length / minutes(1))} min`;
  if (length < hours(48)) return `${Math.floor(length / hours(1))} h`;
  return `${Math.floor(length / hours(24))} d`;
}

/** `just now`, `5 min ago`, `in 20 min`. `until` is negative for the past. */
export function relative(until: Duration): string {
  const length = Math.abs(until);
  if (length < seconds(10)) return 'just now';
  const rough = roughly(length as Duration);
  return until < 0 ? `${rough} ago` : `in ${rough}`;
}
