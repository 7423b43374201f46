import type { Context as HonoContext } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import * as v from 'valibot';
import type { Duration } from '../../contract/values/time.ts';
import type { WireError } from '../../contract/wire/panel.ts';
import type { Refusal } from '../fleet/refusal.ts';

/** An error as both wires know it. */
export function wireError(c: HonoContext, status: ContentfulStatusCode, code: string, message: string): Response {
  const body: WireError = { error: { code, message } };
  return c.json(body, status);
}

export function tooMany(c: HonoContext, retryAfter: Duration, message: string): Response {
  c.header('Retry-After', String(Math.max(1, Math.ceil(retryAfter / 1000))));
  return wireError(c, 429, 'too-many', message);
}

/**
 * Expected refusals: 404 for what does not exist, 400 for what makes no sense, 403 for who is shut out, 502 for a provider's,
 * 409 for the rest.
 */
export function refusal(c: HonoContext, { code, message }: Refusal): Response {
  return wireError(c, STATUS[code] ?? 409, code, message);
}

const STATUS: Record<string, ContentfulStatusCode> = {
  'panel-unknown': 404,
  'room-unknown': 404,
  'key-unknown': 404,
  invalid: 400,
  revoked: 403,
  'secret-needed': 400,
  unreachable: 502,
  'unknown-tenant': 502,
  refused: 502,
};

export type Parsed<T> = { kind: 'parsed'; value: T } | { kind: 'invalid'; answer: Response };

/** The body as JSON of this schema, or the 400 that says what is wrong with it. */
export async function parseBody<Schema extends v.GenericSchema>(
  c: HonoContext,
  schema: Schema,
): Promise<Parsed<v.InferOutput<Schema>>> {
  const body: unknown = await c.req.json().catch(() => undefined);
  if (body === undefined) return { kind: 'invalid', answer: wireError(c, 400, 'invalid', 'The body is not JSON.') };
  return parseValue(c, schema, body);
}

export function parseValue<Schema extends v.GenericSchema>(
  c: HonoContext,
  schema: Schema,
  value: unknown,
): Parsed<v.InferOutput<Schema>> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success && !holdsNul(parsed.output)) return { kind: 'parsed', value: parsed.output };
  if (parsed.success) return { kind: 'invalid', answer: wireError(c, 400, 'invalid', 'A text holds a NUL character.') };
  const issue = parsed.issues[0];
  // The message names the field, never what stood in it: that may be a secret.
  const path = v.getDotPath(issue);
  const said = issue.kind === 'schema' ? `expected ${issue.expected ?? 'something else'}` : issue.message;
  const message = path === null ? said : `${path}: ${said}`;
  return { kind: 'invalid', answer: wireError(c, 400, 'invalid', withoutInput(message)) };
}

/** PostgreSQL has no text with U+0000 in it; SQLite would take it, and everybody after that cut it short. */
function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(holdsNul);
}

/** Valibot's own messages end with what was received. */
function withoutInput(message: string): string {
  return message.replace(/( but received|: Received) .*$/s, '');
}
