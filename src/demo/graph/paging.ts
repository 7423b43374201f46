/** $top, $skip, $skiptoken, $count and @odata.nextLink. */
import { badRequest } from './errors.ts';

export type Page<T> = { '@odata.context': string; '@odata.count'?: number; '@odata.nextLink'?: string; value: T[] };

/**
 * One page of a list, and the absolute link to the next. The skip token is opaque and carries only a position, so a
 * list that changed between two pages may repeat or miss an entry, as Graph's may.
 */
export function pageOf<T>(url: URL, all: T[], size: number, context: string): Page<T> {
  const query = url.searchParams;
  const start = startOf(query);
  const top = wholeNumber(query, '$top', 1, 1000) ?? size;
  const value = all.slice(start, start + top);
  const page: Page<T> = { '@odata.context': context, value };
  if (query.get('$count') === 'true') page['@odata.count'] = all.length;
  if (start + top < all.length) {
    const next = new URL(url);
    next.searchParams.delete('$skip');
    next.searchParams.set('$skiptoken', Buffer.from(`at:${start + top}`).toString('base64url'));
    // Graph writes the dollar sign as it is.
    page['@odata.nextLink'] = next.href.replaceAll('%24', '$');
  }
  return page;
}

function startOf(query: URLSearchParams): number {
  const token = query.get('$skiptoken');
  if (token === null) return wholeNumber(query, '$skip', 0, Number.MAX_SAFE_INTEGER) ?? 0;
  const at = /^at:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (at === undefined) throw badRequest('Skip token is invalid.', 'BadRequest');
  return Number(at);
}

function wholeNumber(query: URLSearchParams, name: string, least: number, most: number): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw badRequest(
      `The query specified in the URI is not valid. The limit of '${most}' for ${name} query has been exceeded or '${text}' is not a whole number.`,
      'BadRequest',
    );
  }
  return value;
}

/** Keeps the properties of $select; the id and the annotations are always there. `type` is for Graph's complaint. */
export function selected(
  url: URL,
  entity: Record<string, unknown>,
  known: readonly string[],
  type = 'Event',
): Record<string, unknown> {
  const wanted = url.searchParams
    .get('$select')
    ?.split(',')
    .map(name => name.trim());
  if (!wanted || wanted.length === 0 || wanted.includes('*')) return entity;
  const unknown = wanted.find(name => !known.includes(name));
  if (unknown !== undefined)
    throw badRequest(
      `Could not find a property named '${unknown}' on type 'Microsoft.OutlookServices.${type}'.`,
      'RequestBroker--ParseUri',
    );
  const isKept = (name: string) => name === 'id' || name.startsWith('@odata.') || wanted.includes(name);
  return Object.fromEntries(Object.entries(entity).filter(([name]) => isKept(name)));
}
