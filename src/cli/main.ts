/** The lintel command: picks the program and leaves the rest to it. */
import { central } from './central.ts';
import type { Command } from './command.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { panel } from './panel.ts';
import { runCommand, UsageError } from './run-command.ts';
import { tenant } from './tenant.ts';

const COMMANDS: readonly Command[] = [panel, central, demo, tenant, doctor];

const HELP = `lintel: room panels, and the central server that pairs and configures them

  ${COMMANDS.map(c => `lintel ${c.name.padEnd(9)}${c.summary}`).join('\n  ')}

lintel COMMAND --help tells more. Every option can also be given by the environment, as the help of the command says.
`;

export async function main(args: string[]): Promise<void> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const command = COMMANDS.find(c => c.name === name);
  if (command) return runCommand(command, rest);
  process.stderr.write(`${new UsageError(`there is no command "${name}"`).message}\n\n${HELP}`);
  process.exitCode = 2;
}
