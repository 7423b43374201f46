/** What central's DEMO page plays with. Whoever starts central gives one or none: central itself knows no demo tenant. */
import type { PanelId } from '../contract/values/ids.ts';
import type { DemoAction, DemoStatus } from '../contract/wire/console.ts';
import type { Refusal } from './fleet/refusal.ts';

export interface DemoPort {
  status(): Promise<DemoStatus>;
  /** `session`: the cookie of the admin who asked; what has to be set up in central is set up in their name. */
  turnOn(session: string): Promise<Refusal | null>;
  turnOff(session: string): Promise<Refusal | null>;
  act(action: DemoAction, session: string): Promise<Refusal | null>;
  /** The panel's own page on loopback, its secret in the path; null while there is none. */
  panelPage(): URL | null;
  /** Whether central pretends not to be there for this panel. */
  isUnplugged(panel: PanelId): boolean;
  stop(): Promise<void>;
}

/** What a demo needs of the central it plays in. */
export type DemoHands = {
  /** As this machine itself reaches central; its certificate comes from `caPem`. */
  url: string;
  caPem: string;
  /** The console shows another state. */
  changed(): void;
  cutStreams(panel: PanelId): void;
};
export type DemoMaker = (hands: DemoHands) => DemoPort;
