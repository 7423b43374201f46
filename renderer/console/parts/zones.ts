import type { Option } from './options.ts';

/** Every zone this browser knows, for a Combobox; UTC first. */
export const zoneOptions = (): Option[] =>
  ['UTC', ...Intl.supportedValuesOf('timeZone').filter(zone => zone !== 'UTC')].map(zone => ({
    value: zone,
    label: zone,
  }));
