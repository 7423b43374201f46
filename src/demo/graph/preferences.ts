/** The Prefer header (RFC 7240) as Graph's calendar understands it. */
import { resolveZone } from '../calendar/zones.ts';
import { badRequest } from './errors.ts';

export type Preferences = {
  /** IANA zone in which times are given, and its name as the client wrote it. */
  zone: string;
  zoneName: string;
  maxPageSize: number | null;
  bodyType: 'html' | 'text';
  /** For Preference-Applied; null when nothing was asked. */
  applied: string | null;
};

/** Throws 400 for a time zone nobody knows. */
export function parsePreferences(header: string | undefined): Preferences {
  const wanted = new Map(
    [...(header ?? '').matchAll(/([\w.-]+)\s*=\s*(?:"([^"]*)"|([^\s,;]+))/g)].map(([, name, quoted, bare]) => [
      (name ?? '').toLowerCase(),
      quoted ?? bare ?? '',
    ]),
  );
  const zoneName = wanted.get('outlook.timezone') ?? 'UTC';
  const zone = resolveZone(zoneName);
  if (zone === null) {
    throw badRequest(
      `A valid TimeZone value must be specified. The following TimeZone value is not supported: ${zoneName}.`,
      'TimeZoneNotSupportedException',
    );
  }
  const size = Number(wanted.get('odata.maxpagesize'));
  const maxPageSize = Number.isInteger(size) && size > 0 ? Math.min(size, 1000) : null;
  const bodyType = wanted.get('outlook.body-content-type') === 'text' ? 'text' : 'html';
  const applied = [
    wanted.has('outlook.timezone') ? `outlook.timezone="${zoneName}"` : null,
    maxPageSize === null ? null : `odata.maxpagesize=${maxPageSize}`,
    wanted.has('outlook.body-content-type') ? `outlook.body-content-type="${bodyType}"` : null,
  ].filter(part => part !== null);
  return { zone, zoneName, maxPageSize, bodyType, applied: applied.length > 0 ? applied.join(', ') : null };
}
