import * as v from 'valibot';
import { ZoneName } from '../../../../src/contract/values/time.ts';
import { DEFAULT_LOCALE } from '../../../i18n/format.ts';
import { useConsole } from '../../state/console.ts';

/** What time it is there: the quickest check that the right zone was chosen. */
export function ZoneHint({ zone }: { zone: string }) {
  const { now } = useConsole();
  const parsed = v.safeParse(ZoneName, zone);
  if (!parsed.success) return <>For rooms whose zone the directory does not tell.</>;
  const time = new Intl.DateTimeFormat(DEFAULT_LOCALE, {
    timeZone: parsed.output,
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'shortOffset',
  });
  return <>For rooms whose zone the directory does not tell. It is {time.format(now.value)} there.</>;
}
