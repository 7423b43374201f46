import { DEFAULT_CONNECTION } from '../../../../src/contract/wire/console.ts';

export const ALL_CONNECTIONS = '#/server-settings';
export const ADD_CONNECTION = '#/server-settings/new';
/** The default one stands on the overview itself. */
export const hrefOfConnection = (id: string) =>
  id === DEFAULT_CONNECTION ? ALL_CONNECTIONS : `${ALL_CONNECTIONS}?connection=${encodeURIComponent(id)}`;
