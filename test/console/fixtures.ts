/** What the fake central knows at first: a believable office, an empty one, a broken one, and one full of hostile strings. */
import type { Instant } from '../../src/contract/values/time.ts';
import { type DemoOffice, livelyDemo, noDemo } from './fixtures/demo.ts';
import { hostilePanels, livelyPanels, noPanels, type PanelsOffice } from './fixtures/panels.ts';
import { livelyPolicies, noPolicies, type PoliciesOffice } from './fixtures/policies.ts';
import {
  brokenSettings,
  hostileSettings,
  livelySettings,
  noSettings,
  type SettingsOffice,
} from './fixtures/settings.ts';

export { panelId, waitingPanel } from './fixtures/panels.ts';

/** What every part of the fake central knows. Each part's own fixtures lie in fixtures/. */
export type Office = SettingsOffice & PanelsOffice & PoliciesOffice & DemoOffice;

/** Some rooms with a panel in every state, some keys, some panels waiting. */
export const livelyOffice = (now: Instant): Office => ({
  ...livelySettings(now),
  ...livelyPanels(now),
  ...livelyPolicies(now),
  ...livelyDemo(now),
});

/** The first visit: nothing is set. */
export const emptyOffice = (): Office => ({ ...noSettings(), ...noPanels(), ...noPolicies(), ...noDemo() });

/** Set up, but the secret has expired: nothing could be imported, and much else is wrong. */
export const brokenOffice = (now: Instant): Office => ({ ...emptyOffice(), ...brokenSettings(now) });

/** Runs if it is ever taken for markup or script, has nowhere to break a line, and turns around what follows. */
export const HOSTILE = `"><img src=x onerror="globalThis.wasHit=1"><script>globalThis.wasHit=1</script>{{7*7}}${'W'.repeat(70)}\u202Ekcatta`;

/** Every string that a panel, a directory or a provider may choose is hostile. */
export const hostileOffice = (now: Instant): Office => ({
  ...livelyOffice(now),
  ...hostileSettings(now, HOSTILE),
  ...hostilePanels(now, HOSTILE),
});
