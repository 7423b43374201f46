/** subscriptions: change notifications of a mailbox's events. */
import * as v from 'valibot';
import { instant, minutes, plus, toIso } from '../../contract/values/time.ts';
import { shownTime } from '../faults.ts';
import { validateAddress } from '../notifications/validation.ts';
import { ChangeType, type Subscription } from '../store/subscriptions.ts';
import { mustReachCalendar } from './auth.ts';
import { absolute } from './calendar-view.ts';
import type { GraphApp, GraphContext, GraphRequest } from './context.ts';
import { badRequest, GraphError } from './errors.ts';
import { pageOf } from './paging.ts';

const PAGE = 100;
const LONGEST_MINUTES = 10_080;
/** What is asked for less gets this much. */
const SHORTEST_MINUTES = 45;

const address = v.pipe(v.string(), v.startsWith('https://'), v.url());
const expiration = v.pipe(v.string(), v.isoTimestamp());
const Input = v.strictObject({
  changeType: v.pipe(
    v.string(),
    v.transform(text => text.split(',').map(word => word.trim().toLowerCase())),
    v.array(ChangeType),
  ),
  notificationUrl: address,
  lifecycleNotificationUrl: v.nullish(address, null),
  resource: v.string(),
  expirationDateTime: expiration,
  clientState: v.nullish(v.pipe(v.string(), v.maxLength(128)), null),
  latestSupportedTlsVersion: v.nullish(v.picklist(['v1_0', 'v1_1', 'v1_2', 'v1_3'])),
  // Notifications with content need a certificate to encrypt it; nobody here wants them.
  includeResourceData: v.nullish(v.literal(false)),
});
const Change = v.strictObject({ expirationDateTime: expiration });

export function addSubscriptionRoutes(app: GraphApp, graph: GraphContext) {
  const { subscriptions, notifier } = graph;
  const one = (c: GraphRequest): Subscription => {
    const known = subscriptions.find(c.req.param('subscription') ?? '');
    if (known === null) throw new GraphError(404, 'ResourceNotFound', 'The object was not found.');
    return known;
  };

  // The app's, where somebody signed in only that account's, and without the secret (learn.microsoft.com, subscription-list).
  app.get('/subscriptions', c => {
    const caller = c.get('caller');
    const own = caller.kind === 'delegated' ? graph.calendars.mailboxes.find(caller.oid)?.address : null;
    const seen = subscriptions.all().filter(({ mailbox }) => own === null || mailbox === own);
    const all = seen.map(subscription => ({ ...render(graph, subscription), clientState: null }));
    return c.json(pageOf(absolute(c, graph), all, PAGE, `${graph.base}/$metadata#subscriptions`));
  });

  app.post('/subscriptions', async c => {
    const input = parsed(Input, await c.req.text());
    const subscription: Subscription = {
      id: graph.newGuid(),
      mailbox: mailboxOf(c, graph, input.resource),
      resource: input.resource,
      changeTypes: input.changeType,
      notificationUrl: input.notificationUrl,
      lifecycleNotificationUrl: input.lifecycleNotificationUrl,
      clientState: input.clientState,
      expires: expiryOf(graph, input.expirationDateTime),
      isPaused: false,
    };
    const urls = new Set([input.notificationUrl, input.lifecycleNotificationUrl ?? input.notificationUrl]);
    for (const url of urls) {
      const problem = await validateAddress(url, graph.newGuid(), graph.outbound);
      if (problem !== null) throw badRequest(problem, 'ValidationError');
    }
    subscriptions.put(subscription);
    notifier.refresh();
    return c.json(entity(graph, subscription), 201);
  });

  app.get('/subscriptions/:subscription', c => c.json(entity(graph, one(c))));

  app.patch('/subscriptions/:subscription', async c => {
    const known = one(c);
    const { expirationDateTime } = parsed(Change, await c.req.text());
    const renewed = { ...known, expires: expiryOf(graph, expirationDateTime), isPaused: false };
    subscriptions.put(renewed);
    return c.json(entity(graph, renewed));
  });

  app.post('/subscriptions/:subscription/reauthorize', c => {
    subscriptions.put({ ...one(c), isPaused: false });
    return c.body(null, 204);
  });

  app.delete('/subscriptions/:subscription', c => {
    subscriptions.remove(one(c).id);
    notifier.refresh();
    return c.body(null, 204);
  });
}

function parsed<T>(schema: v.GenericSchema<unknown, T>, text: string): T {
  const body = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  if (body.success) return body.output;
  const [issue] = body.issues;
  const name = v.getDotPath(issue);
  if (name === null || issue.expected === 'never') {
    throw badRequest(
      'Could not process subscription creation payload. Are all property names spelled and camelCased properly?',
      'InvalidRequest',
    );
  }
  if (issue.input === undefined)
    throw badRequest(`${name} is a required property for subscription creation.`, 'InvalidRequest');
  throw badRequest(`Invalid '${name}' attribute: '${issue.input}'.`, 'InvalidRequest');
}

/** The mailbox whose events a resource names. Throws 400, 403 or 404. */
function mailboxOf(c: GraphRequest, graph: GraphContext, resource: string): string {
  const caller = c.get('caller');
  const match = /^\/?(?:me|users\/([^/()']+)|users\('([^']+)'\))\/(?:calendar\/)?events$/i.exec(resource);
  if (match === null) throw badRequest(`Invalid 'resource' attribute: '${resource}'.`, 'InvalidRequest');
  const named = match[1] ?? match[2];
  const mailbox = graph.calendars.mailboxes.find(
    named === undefined ? (caller.kind === 'delegated' ? caller.oid : '') : decoded(named),
  );
  if (mailbox === null) throw new GraphError(404, 'ResourceNotFound', `The resource '${resource}' was not found.`);
  // The .Shared permissions do not cover notifications (learn.microsoft.com, outlook-share-or-delegate-calendar).
  if (caller.kind === 'delegated' && mailbox.id !== caller.oid) {
    throw new GraphError(
      403,
      'ErrorAccessDenied',
      "Access is denied. Delegated permissions cover notifications of the signed-in account's own mailbox only; another's need an application permission.",
    );
  }
  mustReachCalendar(caller, mailbox);
  return mailbox.address;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function expiryOf(graph: GraphContext, text: string) {
  const now = shownTime(graph.calendars.clock, graph.faults);
  const wanted = instant(Date.parse(text));
  if (wanted <= now) throw badRequest('Subscription expiration must be in the future.', 'ExtensionError');
  if (wanted > plus(now, minutes(LONGEST_MINUTES)))
    throw badRequest(`Subscription expiration can only be ${LONGEST_MINUTES} minutes in the future.`, 'ExtensionError');
  return instant(Math.max(wanted, plus(now, minutes(SHORTEST_MINUTES))));
}

const entity = (graph: GraphContext, subscription: Subscription) => ({
  '@odata.context': `${graph.base}/$metadata#subscriptions/$entity`,
  ...render(graph, subscription),
});

function render({ clientId }: GraphContext, subscription: Subscription) {
  return {
    id: subscription.id,
    resource: subscription.resource,
    applicationId: clientId,
    changeType: subscription.changeTypes.join(','),
    clientState: subscription.clientState,
    notificationUrl: subscription.notificationUrl,
    lifecycleNotificationUrl: subscription.lifecycleNotificationUrl,
    expirationDateTime: toIso(subscription.expires),
    creatorId: clientId,
    latestSupportedTlsVersion: 'v1_2',
    includeResourceData: null,
    encryptionCertificate: null,
    encryptionCertificateId: null,
    notificationQueryOptions: null,
    notificationUrlAppId: null,
  };
}
