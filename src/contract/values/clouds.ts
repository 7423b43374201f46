/**
 * Microsoft's clouds: where to sign in and where Graph answers (learn.microsoft.com/graph/deployments; the sovereign ones
 * of 2025 from msal-node's own list of authorities and Microsoft's published service descriptions).
 */
export type CloudName = 'global' | 'us-gov-l4' | 'us-gov-dod' | 'china' | 'bleu' | 'delos';
export type Cloud = {
  name: CloudName;
  label: string;
  /** Without the tenant. */
  authority: string;
  /** Without `/v1.0`; scopes begin with it. */
  graphBase: string;
};

export const GLOBAL_CLOUD: Cloud = {
  name: 'global',
  label: 'Global (Microsoft 365, GCC)',
  authority: 'https://login.microsoftonline.com',
  graphBase: 'https://graph.microsoft.com',
};

export const CLOUDS: readonly Cloud[] = [
  GLOBAL_CLOUD,
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
  {
    name: 'bleu',
    label: 'France (Bleu)',
    authority: 'https://login.sovcloud-identity.fr',
    graphBase: 'https://graph.svc.sovcloud.fr',
  },
  {
    name: 'delos',
    label: 'Germany (Delos)',
    authority: 'https://login.sovcloud-identity.de',
    graphBase: 'https://graph.svc.sovcloud.de',
  },
];

/** Undefined: the addresses were typed in. */
export const cloudOf = (authority: string, graphBase: string): Cloud | undefined =>
  CLOUDS.find(cloud => cloud.authority === authority && cloud.graphBase === graphBase);
