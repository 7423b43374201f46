import type { ParseArgsConfig } from 'node:util';

export type Options = NonNullable<ParseArgsConfig['options']>;
export type Values = { [name: string]: string | boolean | undefined };

/** A program that is up. `ready` is what --json prints in one line, `lines` what people read. */
export type Running = {
  ready: Record<string, string | number | boolean | null>;
  lines: string[];
  stop(): Promise<void>;
};

export type Command = {
  name: string;
  help: string;
  options: Options;
  /** How many words it takes beside its options; none when left out. */
  words?: number;
  /** Null when it has done its work and there is nothing to keep running. */
  start(values: Values, words: readonly string[]): Promise<Running | null>;
};
