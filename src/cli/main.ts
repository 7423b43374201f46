/** The lintel command: picks the program and loads that one alone (a panel has no use for central's code in its memory). */
import type { Command } from './command.ts';
import { runCommand } from './run-command.ts';

const COMMANDS: Record<string, { summary: string; load: () => Promise<Command> }> = {
  panel: { summary: "the panel beside a room's door", load: async () => (await import('./panel.ts')).panel },
  central: {
    summary: 'the central-config server: pairs panels, holds tokens, pushes configuration',
    load: async () => (await import('./central.ts')).central,
  },
  demo: {
    summary: 'all of it on this machine: central, the demo tenant and one paired panel',
    load: async () => (await import('./demo.ts')).demo,
  },
  tenant: {
    summary: 'the demo tenant alone: a stand-in for Microsoft 365 with fourteen rooms',
    load: async () => (await import('./tenant.ts')).tenant,
  },
  licence: {
    summary: "the vendor's licence files: make keys, sign, show",
    load: async () => (await import('./licence.ts')).licence,
  },
  doctor: {
    summary: 'what is installed, reachable and missing',
    load: async () => (await import('./doctor.ts')).doctor,
  },
};

const HELP = `lintel: room panels, and the central server that pairs and configures them

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  lintel ${name.padEnd(9)}${summary}`)
  .join('\n')}

lintel COMMAND --help tells more.
`;

export async function main(args: string[]): Promise<void> {
  // Whoever read our words has gone: no reason for a panel to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return runCommand(await command.load(), rest);
  process.stderr.write(`lintel: there is no command "${name}"\n\n${HELP}`);
  process.exitCode = 2;
}
