/** Subscriptions as Graph makes them (learn.microsoft.com, subscription-post-subscriptions and -update). */
import * as v from 'valibot';
import { type Answer, read } from '../../calendar/graph/answer.ts';
import { GraphTime } from '../../calendar/graph/graph-time.ts';
import type { RoomAddress } from '../../contract/values/ids.ts';
import { type Instant, minutes, plus, toIso } from '../../contract/values/time.ts';
import { askAll, type Failed, failed, type Graph } from '../rooms/tenant-graph.ts';

/** The longest that every Graph takes for events; what it answers is obeyed, shorter or longer. */
const LIFE = minutes(4200);
/** However many there are on a page: no tenant has so many. */
const MOST_PAGES = 300;
/** Where Graph sends both kinds of notification to, below central's public address. */
export const NOTIFICATIONS_PATH = '/graph/notifications';

const REASONS = {
  // Outlook's .Shared permissions do not cover notifications (learn.microsoft.com, outlook-change-notifications-overview).
  ErrorAccessDenied:
    'notifications of room mailboxes need the application permission Calendars.Read; somebody who signed in gets those of their own mailbox only',
};

/** `isOutcomeUnknown`: there may be one all the same, and nobody was told its id. */
export type NotMade = Failed & { isOutcomeUnknown: boolean };
/** Graph knows it no more, or will not let this app touch it. */
export type Gone = { kind: 'gone' };

const Made = v.object({
  id: v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)),
  expirationDateTime: v.pipe(
    v.string(),
    v.transform(dateTime => ({ dateTime })),
    GraphTime,
  ),
});

export async function subscribe(
  graph: Graph,
  options: { address: RoomAddress; publicUrl: string; clientState: string; now: Instant; signal: AbortSignal },
): Promise<{ kind: 'made'; id: string; expires: Instant } | NotMade> {
  const url = options.publicUrl + NOTIFICATIONS_PATH;
  const body = {
    changeType: 'created,updated,deleted',
    notificationUrl: url,
    // Cannot be added later.
    lifecycleNotificationUrl: url,
    resource: `/users/${encodeURIComponent(options.address).replaceAll('%40', '@')}/events`,
    expirationDateTime: toIso(plus(options.now, LIFE)),
    clientState: options.clientState,
  };
  const { signal } = options;
  const answer = await graph.call({ name: 'subscribe', method: 'POST', path: '/subscriptions', body, signal });
  if (answer.kind !== 'ok') {
    const { isOutcomeUnknown } = answer.kind === 'no' ? answer.failed : answer;
    const failure = failureOf(answer, { ValidationError: `Graph could not reach ${url}`, ...REASONS });
    return { ...failure, isOutcomeUnknown };
  }
  const made = read(answer, Made);
  if (made.kind === 'failed') return { ...failed(made.problem, made.detail), isOutcomeUnknown: true };
  return { kind: 'made', id: made.value.id, expires: made.value.expirationDateTime.at };
}

/** Also what Graph wants when it asks for reauthorisation. */
export async function renew(
  graph: Graph,
  id: string,
  now: Instant,
  signal: AbortSignal,
): Promise<{ kind: 'renewed'; expires: Instant } | Gone | Failed> {
  const body = { expirationDateTime: toIso(plus(now, LIFE)) };
  const answer = await graph.call({ name: 'renew-subscription', method: 'PATCH', path: pathOf(id), body, signal });
  if (isGone(answer)) return { kind: 'gone' };
  if (answer.kind !== 'ok') return failureOf(answer);
  const renewed = read(answer, v.pick(Made, ['expirationDateTime']));
  if (renewed.kind === 'failed') return failed(renewed.problem, renewed.detail);
  return { kind: 'renewed', expires: renewed.value.expirationDateTime.at };
}

export async function unsubscribe(graph: Graph, id: string, signal: AbortSignal): Promise<Gone | Failed> {
  const answer = await graph.call({ name: 'unsubscribe', method: 'DELETE', path: pathOf(id), signal });
  return answer.kind === 'ok' || isGone(answer) ? { kind: 'gone' } : failureOf(answer);
}

/** The ids of this app's own that notify central at this address; of the account's where somebody signed in (subscription-list). */
export async function listLeadingTo(
  graph: Graph,
  publicUrl: string,
  signal: AbortSignal,
): Promise<{ kind: 'listed'; ids: string[] } | Failed> {
  // It takes no $filter, $select or $top.
  const answer = await askAll(graph, { name: 'list-subscriptions', path: '/subscriptions', signal }, MOST_PAGES);
  if (answer.kind === 'failed') return answer;
  const Ours = v.object({ id: Made.entries.id, notificationUrl: v.literal(publicUrl + NOTIFICATIONS_PATH) });
  return { kind: 'listed', ids: answer.items.flatMap(item => (v.is(Ours, item) ? [item.id] : [])) };
}

const pathOf = (id: string) => `/subscriptions/${encodeURIComponent(id)}`;
const isGone = (answer: Answer) => answer.kind === 'no' && [403, 404, 410].includes(answer.status);

/** `reasons`: what Graph's error codes mean here, for the admin. */
function failureOf(answer: Exclude<Answer, { kind: 'ok' }>, reasons: Record<string, string> = {}): Failed {
  const { problem, detail, retryAfter } = answer.kind === 'no' ? answer.failed : answer;
  const reason = answer.kind === 'no' ? reasons[answer.code ?? ''] : undefined;
  return failed(problem, reason === undefined ? detail : `${detail}: ${reason}`, retryAfter);
}
