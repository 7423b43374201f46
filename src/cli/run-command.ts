/** Runs one command from its arguments to its end: help, errors a person can act on, one ready line, and a clean stop. */
import { parseArgs } from 'node:util';
import { StartError } from '../platform/start-error.ts';
import type { Command, Running, Values } from './command.ts';

export class UsageError extends Error {}

export async function runCommand(command: Command, args: string[]): Promise<void> {
  let stop: () => void = () => process.exit(130);
  // One set of handlers for the whole life: taking them off and on again would leave a gap for a signal to fall into.
  onStopSignal(() => stop());
  try {
    const { values, words } = read(command, args);
    if (values.help === true) {
      process.stdout.write(command.help);
      return;
    }
    const running = await command.start(values, words);
    if (!running) return;
    stop = stopper(command, running);
    announce(running, values.json === true);
  } catch (error) {
    explain(command, error);
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}

function read(command: Command, args: string[]): { values: Values; words: string[] } {
  try {
    const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const;
    const most = command.words ?? 0;
    const { values, positionals } = parseArgs({ args, options, strict: true, allowPositionals: most > 0 });
    if (positionals.length > most) throw new Error(`"${positionals[most]}" is one word too many`);
    return { values: values as Values, words: positionals };
  } catch (error) {
    throw new UsageError(
      `${error instanceof Error ? error.message : error}\nlintel ${command.name} --help lists the options.`,
    );
  }
}

function announce({ ready, lines }: Running, isJson: boolean) {
  if (isJson) process.stdout.write(`${JSON.stringify(ready)}\n`);
  else process.stdout.write(`${lines.join('\n')}\n`);
}

function explain(command: Command, error: unknown) {
  if (error instanceof StartError) process.stderr.write(`lintel ${command.name}: ${error.message}\n  ${error.mend}\n`);
  else if (error instanceof UsageError) process.stderr.write(`lintel ${command.name}: ${error.message}\n`);
  else
    process.stderr.write(
      `lintel ${command.name}: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`,
    );
}

/** One Ctrl-C may arrive twice, from the terminal and passed on by our parent. */
const SAME_PRESS_MS = 1000;

/** The first call ends it properly, a second one at once. */
function stopper(command: Command, running: Running): () => void {
  let since: number | null = null;
  return () => {
    const now = performance.now();
    if (since !== null) return now - since < SAME_PRESS_MS ? undefined : process.exit(130);
    since = now;
    running.stop().then(
      () => process.exit(0),
      error => {
        explain(command, error);
        process.exit(1);
      },
    );
  };
}

/** A signal, or the end of the parent that started us over a channel. */
function onStopSignal(stop: () => void) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // The channel alone must not keep a command running that has done its work.
  if (process.connected) process.on('disconnect', stop).channel?.unref();
}
