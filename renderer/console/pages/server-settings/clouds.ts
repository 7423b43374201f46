/** Microsoft's clouds: where to sign in and where Graph answers (learn.microsoft.com/graph/deployments). */
export type CloudName = 'global' | 'us-gov-l4' | 'us-gov-dod' | 'china';
export type Cloud = { name: CloudName; label: string; authority: string; graphBase: string };

export const GLOBAL: Cloud = {
  name: 'global',
  label: 'Global (Microsoft 365, GCC)',
  authority: 'https://login.microsoftonline.com',
  graphBase: 'https://graph.microsoft.com',
};

export const CLOUDS: readonly Cloud[] = [
  GLOBAL,
  {
    name: 'us-gov-l4',
    label: 'US Government L4 (GCC High)',
    authority: 'https://login.microsoftonline.us',
    graphBase: 'https://graph.microsoft.us',
  },
  {
    name: 'us-gov-dod',
    label: 'US Government L5 (DoD)',
    authority: 'https://login.microsoftonline.us',
    graphBase: 'https://dod-graph.microsoft.us',
  },
  {
    name: 'china',
    label: 'China (21Vianet)',
    authority: 'https://login.partner.microsoftonline.cn',
    graphBase: 'https://microsoftgraph.chinacloudapi.cn',
  },
];

export const cloudOf = (authority: string, graphBase: string): Cloud | undefined =>
  CLOUDS.find(cloud => cloud.authority === tidyAddress(authority) && cloud.graphBase === tidyGraphBase(graphBase));

/** People paste addresses with what comes behind them. */
export const tidyAddress = (typed: string) => typed.trim().replace(/\/+$/, '');
export const tidyGraphBase = (typed: string) => tidyAddress(tidyAddress(typed).replace(/\/v1\.0$/, ''));
