/** The only messages between main and page. Every payload is one string. */
export const CHANNELS = {
  /** Page to main: I am here, send views. */
  watch: 'lintel:watch',
  /** Main to page: a view as JSON. */
  view: 'lintel:view',
  /** Main to page: still here, nothing new. */
  beat: 'lintel:beat',
  /** Page to main: an intent as JSON. */
  intent: 'lintel:intent',
} as const;
