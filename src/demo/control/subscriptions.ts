/** The part of the control API that is about change notifications. */
import { X509Certificate } from 'node:crypto';
import type { Hono } from 'hono';
import * as v from 'valibot';
import { LIFECYCLE_EVENTS, type Notifier } from '../notifications/notifier.ts';
import type { Subscriptions } from '../store/subscriptions.ts';

export type SubscriptionControl = {
  subscriptions: Subscriptions;
  notifier: Notifier;
  trust(pem: string): Promise<void>;
};

const Lifecycle = v.object({ event: v.picklist(LIFECYCLE_EVENTS) });
const Trust = v.object({ pem: v.pipe(v.string(), v.check(isCertificate, 'not a PEM certificate')) });

export function addSubscriptionControl(api: Hono, { subscriptions, notifier, trust }: SubscriptionControl) {
  api.get('/subscriptions', c => c.json(subscriptions.all()));
  /** Sends a lifecycle notification, and does what it says. */
  api.post('/subscriptions/:id/lifecycle', async c => {
    const known = subscriptions.find(c.req.param('id'));
    if (known === null) return c.json({ error: 'not-found' }, 404);
    const input = v.safeParse(Lifecycle, await c.req.json().catch(() => null));
    if (!input.success) return c.json({ error: 'invalid', detail: v.summarize(input.issues) }, 400);
    notifier.lifecycle(known, input.output.event);
    return c.body(null, 204);
  });
  /** The CA of those who subscribe, beside what this machine trusts; kept over restarts. */
  api.put('/trust', async c => {
    const input = v.safeParse(Trust, await c.req.json().catch(() => null));
    if (!input.success) return c.json({ error: 'invalid', detail: v.summarize(input.issues) }, 400);
    await trust(input.output.pem);
    return c.body(null, 204);
  });
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
