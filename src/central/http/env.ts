/** What the HTTP layer works with, and what its middlewares leave for the handlers. */
import type { HttpBindings } from '@hono/node-server';
import type { PanelId } from '../../contract/values/ids.ts';
import type { StaticFiles } from '../../platform/static-files.ts';
import type { Connections } from '../consent/connections.ts';
import type { SignIn } from '../consent/sign-in.ts';
import type { Tokens } from '../consent/tokens.ts';
import type { Context } from '../context.ts';
import type { DemoPort } from '../demo-port.ts';
import type { DiagnosticsDesk } from '../fleet/diagnostics.ts';
import type { Notifications } from '../notifications/notifications.ts';
import type { Relay } from '../relay/relay.ts';
import type { Sessions } from './sessions.ts';

export type Services = {
  context: Context;
  connections: Connections;
  tokens: Tokens;
  signIn: SignIn;
  sessions: Sessions;
  pages: StaticFiles;
  /** The panel preview that the General Settings page shows in a frame. */
  preview: StaticFiles | null;
  demo: DemoPort | null;
  /** Where the console's API waits for what the panels' API hears. */
  diagnostics: DiagnosticsDesk;
  notifications: Notifications;
  /** Room calendars in the place of panels. */
  relay: Relay;
  /** The vendor's, for licence files. */
  licencePublicKeys: readonly string[];
  /** `https://central.example:8443`, no slash at the end; null when none was set. */
  publicUrl: string | null;
  /** Where this server listens, for when a request names no host we know. */
  ownUrl: () => string;
  /** Names (lower case) and addresses our certificate speaks for. */
  ownNames: readonly string[];
};

export type PanelEnv = { Bindings: HttpBindings; Variables: { panel: PanelId; boot: string } };
export type ConsoleEnv = { Bindings: HttpBindings; Variables: { session: { hash: string; admin: string } } };
