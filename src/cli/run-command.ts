/** Runs one command from its arguments to its end: help, errors a person can act on, one ready line, and a clean stop. */
import { parseArgs } from 'node:util';
import { StartError } from '../platform/start-error.ts';
import type { Command, Running, Values } from './command.ts';

export class UsageError extends Error {}

export async function runCommand(command: Command, args: string[]): Promise<void> {
  let running: Running | null = null;
  try {
    const values = read(command, args);
    if (values.help === true) {
      process.stdout.write(command.help);
      return;
    }
    const stopEarly = onStopSignal(() => process.exit(130));
    running = await command.start(values);
    stopEarly();
    if (running) announce(running, values.json === true);
  } catch (error) {
    explain(command, error);
    process.exit(error instanceof UsageError ? 2 : 1);
  }
  if (running) keepRunning(command, running);
}

function read(command: Command, args: string[]): Values {
  try {
    const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const;
    const { values } = parseArgs({ args, options, strict: true, allowPositionals: false });
    return values as Values;
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

/** Until a signal, or until the parent that started us is gone. */
function keepRunning(command: Command, running: Running) {
  let isStopping = false;
  const stop = () => {
    if (isStopping) return process.exit(130);
    isStopping = true;
    running.stop().then(
      () => process.exit(0),
      error => {
        explain(command, error);
        process.exit(1);
      },
    );
  };
  onStopSignal(stop);
}

function onStopSignal(stop: () => void): () => void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  if (process.connected) process.on('disconnect', stop);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.off(signal, stop);
  };
}
