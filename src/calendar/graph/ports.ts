import type { ReadProblem } from '../../contract/values/trust.ts';

/** The part of `fetch` this provider needs; the agent's Fetch and the platform's own both fit. */
export type GraphFetch = (
  url: string,
  init?: {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    signal?: AbortSignal;
    redirect?: 'manual';
  },
) => Promise<Response>;

export type Token =
  | { kind: 'token'; accessToken: string }
  /** `detail` goes to the log: it holds no token and no person. */
  | { kind: 'none'; problem: ReadProblem; detail: string };

/** `isRefused`: the token given last got a 401, so that a cached one will not do. */
export type TokenSource = (options: { isRefused: boolean }) => Promise<Token>;
