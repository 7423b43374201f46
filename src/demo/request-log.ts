/** The last requests and how many there were. Paths only: no query, no body, no header is kept. */
import type { Instant } from '../contract/values/time.ts';

export type Area = 'graph' | 'entra';
/** `status` 0: the connection was cut before an answer. */
export type LogEntry = { at: Instant; area: Area; method: string; path: string; status: number };
export type Counters = { total: number; graph: number; entra: number; byStatus: Record<string, number> };

export interface RequestLog {
  add(entry: LogEntry): void;
  /** Newest last. */
  latest(count: number): LogEntry[];
  counters(): Counters;
}

const KEPT = 1000;

export function makeRequestLog(): RequestLog {
  const entries: LogEntry[] = [];
  const counters: Counters = { total: 0, graph: 0, entra: 0, byStatus: {} };
  return {
    add(entry) {
      entries.push(entry);
      if (entries.length > KEPT) entries.shift();
      counters.total += 1;
      counters[entry.area] += 1;
      counters.byStatus[entry.status] = (counters.byStatus[entry.status] ?? 0) + 1;
    },
    latest: count => entries.slice(-count),
    counters: () => structuredClone(counters),
  };
}
