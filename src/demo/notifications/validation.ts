/** Whether somebody at an address really wants notifications: they must give a token back within ten seconds. */
import { seconds } from '../../contract/values/time.ts';
import type { Outbound } from './outbound.ts';

const DEADLINE = seconds(10);

/** Null: validated. Otherwise what is wrong, in Graph's words. */
export async function validateAddress(url: string, requestId: string, outbound: Outbound): Promise<string | null> {
  // As Graph's own looks: blanks and colons show whether the listener decodes it.
  const token = `Validation: Testing client application reachability for subscription Request-Id: ${requestId}`;
  const target = new URL(url);
  target.searchParams.set('validationToken', token);
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  try {
    const answer = await outbound(target.href, { method: 'POST', headers, body: '', deadline: DEADLINE });
    if (answer.status !== 200) {
      return `Subscription validation request failed. HTTP status code is '${answer.status}'. Notification endpoint must respond with 200 OK to validation request.`;
    }
    const isPlain = /^text\/plain\b/i.test(answer.headers.get('content-type') ?? '');
    if (isPlain && (await answer.text()) === token) return null;
    return 'Subscription validation request failed. Response must exactly match validationToken query parameter.';
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return isLate
      ? 'Subscription validation request timed out.'
      : 'Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.';
  }
}
