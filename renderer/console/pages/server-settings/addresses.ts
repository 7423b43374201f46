import { type Cloud, cloudOf } from '../../../../src/contract/values/clouds.ts';

/** People paste addresses with what comes behind them. */
export const tidyAddress = (typed: string) => typed.trim().replace(/\/+$/, '');
export const tidyGraphBase = (typed: string) => tidyAddress(tidyAddress(typed).replace(/\/v1\.0$/, ''));

/** The known cloud behind two addresses as they were typed; undefined: none. */
export const cloudBehind = (authority: string, graphBase: string): Cloud | undefined =>
  cloudOf(tidyAddress(authority), tidyGraphBase(graphBase));
