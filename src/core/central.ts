/** Finding central, joining it, and staying in touch. Diagrams stand in state.ts. */
import type { JoinProblem } from '../contract/bridge/view.ts';
import type { LicenceKey } from '../contract/values/licence-key.ts';
import { between, type Duration, type Instant, milliseconds, minutes, plus, seconds } from '../contract/values/time.ts';
import type { PanelState } from '../contract/wire/panel.ts';
import { adjustClock, pollNow } from './calendar.ts';
import type { Event } from './events.ts';
import { forgetRoom } from './room.ts';
import { type Central, change, issue, type Link, type Standing, type Turn } from './state.ts';

const LONGEST_BACK_OFF = seconds(30);
/** A link that held this long was a good one; the next loss counts as the first again. */
const HEALTHY_LINK = minutes(1);
/** Central may be brought to our version, or back to it, without anybody coming to the panel. */
const PARKED_FOR = minutes(5);
/** A revoked panel looks again that often in a row: whoever did it by mistake is still at the console. */
const TRIES_WHEN_REVOKED = 3;
const NO_LICENCE = { kind: 'idle' } as const;

type Known = Central & { kind: 'known' };

/** Full jitter: a fleet that lost central together comes back spread out (reliability-security.md, the herd). */
export const backOff = (attempt: number, dice: number): Duration =>
  milliseconds(Math.max(200, dice * Math.min(LONGEST_BACK_OFF, 1000 * 2 ** Math.min(attempt, 10))));

export function stepCentral(turn: Turn, event: Event): Turn {
  switch (event.kind) {
    case 'intent-received':
      return onIntent(turn, event);
    case 'central-probed':
      return onProbed(turn, event);
    case 'link-opened':
      return onOpened(turn, event);
    case 'link-closed':
      return onClosed(turn, event);
    case 'panel-state-received':
      return onPanelState(turn, event.state, event.at);
    case 'licence-answered':
      return onLicenceAnswer(turn, event);
    default:
      return retryWhenDue(turn, event);
  }
}

/** Known since pairing: the certificate is pinned and the link may be opened at once. */
export function rememberCentral(
  turn: Turn,
  known: { url: string; ca: string; words: string[] },
  standing: Standing,
  now: Instant,
): Turn {
  return openLink(
    change(turn, { central: { kind: 'known', ...known, link: offlineSince(now), standing } }),
    now,
    0,
    false,
  );
}

export function probe(turn: Turn, url: string, ca: string | null): Turn {
  const issued = issue(turn, { kind: 'probe-central', url, ca });
  return change(issued.turn, { central: { kind: 'probing', url, ca, effect: issued.id } });
}

function onIntent(turn: Turn, { intent, at }: Event & { kind: 'intent-received' }): Turn {
  const { central } = turn.state;
  if (intent.kind === 'enter-central') {
    // Only a panel that belongs to nobody may be pointed elsewhere by whoever stands before it.
    if (turn.state.room) return turn;
    return probe(forgetRoom(issue(turn, { kind: 'close-link' }).turn), intent.url, null);
  }
  if (central.kind !== 'known') return turn;
  const { standing } = central;
  if (intent.kind === 'ask-new-code') {
    const mayAsk =
      standing.kind === 'code-expired' || standing.kind === 'rejected' || standing.kind === 'awaiting-approval';
    return mayAsk ? openLink(withStanding(turn, { kind: 'enrolling' }), at, 0, true) : turn;
  }
  if (intent.kind === 'enter-licence-key') {
    // The glass takes a key also when the code has run out: it goes with the next one.
    return standing.kind === 'code-expired' || standing.kind === 'rejected'
      ? openLink(withStanding(change(turn, { provisionedKey: intent.key }), { kind: 'enrolling' }), at, 0, true)
      : submitKey(turn, central, intent.key);
  }
  if (intent.kind === 'choose-room' && standing.kind === 'choosing-room') {
    const issued = issue(turn, { kind: 'submit-licence-key', key: standing.key, room: intent.room });
    return withStanding(issued.turn, {
      ...standing,
      licence: { kind: 'submitted', effect: issued.id, key: standing.key },
    });
  }
  return turn;
}

function submitKey(turn: Turn, { standing }: Known, key: LicenceKey): Turn {
  if (standing.kind !== 'awaiting-approval') return turn;
  const issued = issue(turn, { kind: 'submit-licence-key', key, room: null });
  return withStanding(issued.turn, {
    ...standing,
    problem: null,
    licence: { kind: 'submitted', effect: issued.id, key },
  });
}

function onProbed(turn: Turn, { result, at, dice }: Event & { kind: 'central-probed' }): Turn {
  const { central } = turn.state;
  if (central.kind !== 'probing') return turn;
  if (result.kind === 'central')
    return rememberCentral(turn, { url: result.url, ca: result.ca, words: result.words }, { kind: 'enrolling' }, at);
  const unanswered = {
    kind: 'unanswered',
    url: central.url,
    ca: central.ca,
    problem: result.problem,
    attempt: 1,
  } as const;
  return change(turn, { central: { ...unanswered, retryAt: plus(at, milliseconds(seconds(2) + backOff(2, dice))) } });
}

/** Until a provider tells the time central does: a code's end is told by its clock. */
function onOpened(turn: Turn, { effect, at, serverTime }: Event & { kind: 'link-opened' }): Turn {
  const { central, room } = turn.state;
  if (central.kind !== 'known' || central.link.kind !== 'connecting') return turn;
  const opened = withLink(turn, { kind: 'online', effect, attempt: central.link.attempt, since: at });
  return room ? opened : adjustClock(opened, at, serverTime ?? null).turn;
}

function onClosed(turn: Turn, { problem, retryAfter, at, dice }: Event & { kind: 'link-closed' }): Turn {
  const { central } = turn.state;
  if (central.kind !== 'known') return turn;
  if (problem === 'version-unsupported' || problem === 'key-store-unusable')
    return withLink(turn, { kind: 'parked', why: problem, retryAt: plus(at, PARKED_FOR) });
  const { link } = central;
  const hasHeld = link.kind === 'online' && between(link.since, at) >= HEALTHY_LINK;
  const attempt = link.kind === 'parked' || hasHeld ? 0 : link.attempt + 1;
  if (central.standing.kind === 'revoked' && attempt >= TRIES_WHEN_REVOKED)
    return withLink(turn, { kind: 'parked', why: 'key-revoked', retryAt: plus(at, PARKED_FOR) });
  const since = link.kind === 'connecting' ? link.since : at;
  const wait = Math.max(retryAfter ?? 0, backOff(attempt, dice)) as Duration;
  return withLink(turn, { kind: 'offline', why: problem, retryAt: plus(at, wait), attempt, since });
}

function retryWhenDue(turn: Turn, { at }: Event): Turn {
  const { central } = turn.state;
  if (central.kind === 'unanswered' && at >= central.retryAt) return probe(turn, central.url, central.ca);
  if (central.kind !== 'known') return turn;
  const { standing, link } = central;
  const isExpired = standing.kind === 'awaiting-approval' && at >= standing.expires;
  const current = isExpired ? withStanding(turn, { kind: 'code-expired' }) : turn;
  const before = standing.kind === 'revoked' ? TRIES_WHEN_REVOKED : 0;
  if (link.kind === 'parked' && at >= link.retryAt) return openLink(current, at, before, false);
  return link.kind === 'offline' && at >= link.retryAt ? openLink(current, at, link.attempt, false) : current;
}

function openLink(turn: Turn, now: Instant, attempt: number, wantsNewCode: boolean): Turn {
  const { central } = turn.state;
  if (central.kind !== 'known') return turn;
  const issued = issue(turn, { kind: 'open-link', url: central.url, ca: central.ca, wantsNewCode });
  const since = central.link.kind === 'offline' ? central.link.since : now;
  return withLink(issued.turn, { kind: 'connecting', effect: issued.id, attempt, since });
}

function onPanelState(turn: Turn, state: PanelState, now: Instant): Turn {
  const { central } = turn.state;
  if (central.kind !== 'known') return turn;
  switch (state.kind) {
    case 'awaiting-approval': {
      const before = central.standing;
      if (before.kind === 'choosing-room') return turn;
      const isSameCode = before.kind === 'awaiting-approval' && before.code === state.code;
      const kept = isSameCode
        ? { licence: before.licence, problem: before.problem }
        : { licence: NO_LICENCE, problem: null };
      const waiting = withStanding(forgetRoom(turn), {
        kind: 'awaiting-approval',
        code: state.code,
        expires: state.expires,
        ...kept,
      });
      return useProvisionedKey(waiting);
    }
    case 'code-expired':
      return withStanding(forgetRoom(turn), { kind: 'code-expired' });
    case 'rejected':
      return withStanding(forgetRoom(turn), { kind: 'rejected' });
    case 'revoked':
      // Only an admin lets it in again; a key that was put beside it must not go on by itself then.
      return withStanding(forgetRoom(change(turn, { provisionedKey: null })), { kind: 'revoked' });
    case 'identity-conflict':
      return withStanding(turn, { kind: 'identity-conflict' });
    case 'paired':
      return change(withGrant(withStanding(turn, { kind: 'paired', target: state.configVersion }), state.grant, now), {
        provisionedKey: null,
        configFetch: turn.state.configFetch.kind === 'retry' ? { kind: 'retry', at: now } : turn.state.configFetch,
      });
  }
}

/** Tokens of another grant read another tenant, or what an admin has just taken away. */
function withGrant(turn: Turn, id: string | null, now: Instant): Turn {
  const before = turn.state.grant;
  const after = change(turn, { grant: { id } });
  if (before === null || before.id === id) return after;
  return pollNow(issue(after, { kind: 'forget-token' }).turn, now);
}

/** Central, room and what was read are forgotten, here and on disk; who this panel is stays. */
export function leaveCentral(turn: Turn): Turn {
  const { central } = turn.state;
  const lastUrl = central.kind === 'none' ? central.lastUrl : central.url;
  const closed = issue(forgetRoom(turn), { kind: 'close-link' }).turn;
  return change(closed, { central: { kind: 'none', lastUrl, problem: null }, provisionedKey: null, reported: null });
}

/** A key from the provisioning file is tried once by itself; after that people decide. */
function useProvisionedKey(turn: Turn): Turn {
  const { central, provisionedKey } = turn.state;
  if (provisionedKey === null || central.kind !== 'known') return turn;
  return submitKey(change(turn, { provisionedKey: null }), central, provisionedKey);
}

function onLicenceAnswer(turn: Turn, { answer }: Event & { kind: 'licence-answered' }): Turn {
  const { central } = turn.state;
  if (central.kind !== 'known') return turn;
  const { standing } = central;
  if (standing.kind !== 'awaiting-approval' && standing.kind !== 'choosing-room') return turn;
  if (standing.licence.kind !== 'submitted') return turn;
  const { key } = standing.licence;
  switch (answer.kind) {
    case 'choose-room':
      return withStanding(turn, { kind: 'choosing-room', key, rooms: answer.rooms, licence: NO_LICENCE });
    case 'paired':
      return withStanding(turn, { kind: 'paired', target: answer.configVersion });
    case 'refused':
      return backToCode(turn, standing, answer.why);
    case 'failed':
      return backToCode(turn, standing, 'unreachable');
  }
}

/** The code may have moved on while rooms were chosen: the stream's next word, asked for by a new enrolment, brings it. */
function backToCode(turn: Turn, standing: Standing, problem: JoinProblem): Turn {
  if (standing.kind === 'awaiting-approval') return withStanding(turn, { ...standing, licence: NO_LICENCE, problem });
  return withStanding(turn, { kind: 'code-expired' });
}

const offlineSince = (now: Instant): Link => ({
  kind: 'offline',
  why: 'unreachable',
  retryAt: now,
  attempt: 0,
  since: now,
});

const withLink = (turn: Turn, link: Link): Turn =>
  turn.state.central.kind === 'known' ? change(turn, { central: { ...turn.state.central, link } }) : turn;

const withStanding = (turn: Turn, standing: Standing): Turn =>
  turn.state.central.kind === 'known' ? change(turn, { central: { ...turn.state.central, standing } }) : turn;
