import * as v from 'valibot';
import { ZoneName } from '../../../../src/contract/values/time.ts';
import { DEFAULT_LOCALE } from '../../../i18n/format.ts';
import { Combobox } from '../../parts/combobox.tsx';
import { Field } from '../../parts/field.tsx';
import { zoneOptions } from '../../parts/zones.ts';
import { useConsole } from '../../state/console.ts';
import type { FormPartProps } from './form-part.ts';

const ZONES = zoneOptions();

export const ZoneField = ({ fields, errors, onChange }: FormPartProps) => (
  <Field label="Default time zone" error={errors.defaultZone} hint={<ZoneHint zone={fields.defaultZone} />}>
    {ids => (
      <Combobox
        {...ids}
        name="defaultZone"
        options={ZONES}
        value={fields.defaultZone}
        onChange={defaultZone => onChange({ defaultZone })}
        listLabel="Time zones"
        nothing="No time zone is called that. Try the largest city nearby."
      />
    )}
  </Field>
);

/** What time it is there: the quickest check that the right zone was chosen. */
function ZoneHint({ zone }: { zone: string }) {
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
