import windowsZones from 'cldr-core/supplemental/windowsZones.json' with { type: 'json' };

/** Windows names in lower case to IANA's, by Unicode's own table; territory 001 is the one meant without a country. */
const IANA_BY_WINDOWS = new Map(
  windowsZones.supplemental.windowsZones.mapTimezones
    .filter(({ mapZone }) => mapZone._territory === '001')
    .map(({ mapZone }) => [mapZone._other.toLowerCase(), mapZone._type]),
);
const UTC = /^(?:|z|utc|etc\/utc|etc\/gmt|gmt|tzone:\/\/microsoft\/utc)$/i;
const CUSTOM = /^tzone:\/\/microsoft\/custom$/i;

export const isUtc = (name: string) => UTC.test(name);
/** Legacy zones that somebody drew by hand in Outlook (learn.microsoft.com, event: originalStartTimeZone). */
export const isCustom = (name: string) => CUSTOM.test(name);
/** Windows names become IANA's; whatever else it is, old IANA spellings too, is left for Intl to know or not. */
export const ianaName = (name: string) => IANA_BY_WINDOWS.get(name.toLowerCase()) ?? name;
