import type { Clock } from '../contract/values/clock.ts';
import type { Hub } from './hub.ts';
import type { Log } from './ports.ts';
import type { Sealer } from './store/seal.ts';
import type { Store } from './store/store.ts';

/** What everything in central works with; made once in main.ts. */
export type Context = {
  store: Store;
  sealer: Sealer;
  hub: Hub;
  clock: Clock;
  log: Log;
  /** PEM of the CA that signed this server's certificate: part of the pairing words. */
  caPem: string;
};
