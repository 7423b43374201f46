import type { Bridge } from '../../../src/contract/bridge/bridge.ts';
import type { Clock } from '../../../src/contract/values/clock.ts';
import { loopbackBridge } from './loopback.ts';

declare global {
  interface Window {
    /** Put there by the Electron shell's preload script. */
    readonly lintel?: Bridge;
  }
}

/** Electron's preload object where there is one, else the loopback of the agent that served the page. */
export const chooseBridge = (page: Window, clock: Clock): Bridge =>
  page.lintel ?? loopbackBridge(page.document.baseURI, clock);
