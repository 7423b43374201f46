/** What an admin asks of this one panel. */
import { plus, seconds } from '../contract/values/time.ts';
import { diagnosticsOf } from './diagnostics.ts';
import type { Event } from './events.ts';
import { change, issue, type Turn } from './state.ts';

const IDENTIFIED_FOR = seconds(15);

export function stepCommands(turn: Turn, event: Event): Turn {
  const { identify } = turn.state;
  if (identify !== null && event.at >= identify.until) return stepCommands(change(turn, { identify: null }), event);
  if (event.kind !== 'command-received') return turn;
  const { command, at } = event;
  switch (command.kind) {
    case 'identify':
      return change(turn, { identify: { until: plus(at, IDENTIFIED_FOR) } });
    case 'restart':
      return issue(turn, { kind: 'restart' }).turn;
    case 'collect-diagnostics':
      return issue(turn, { kind: 'send-diagnostics', command: command.id, findings: diagnosticsOf(turn.state, at) })
        .turn;
  }
}
