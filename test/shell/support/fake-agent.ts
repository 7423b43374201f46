import type { AgentPort } from '../../../src/contract/bridge/bridge.ts';
import type { Intent } from '../../../src/contract/bridge/intent.ts';
import type { View } from '../../../src/contract/bridge/view.ts';
import { DEFAULT_POLICY } from '../../../src/contract/values/policy.ts';
import { milliseconds } from '../../../src/contract/values/time.ts';

/** An agent that shows what it is told and remembers what it was asked. `padding` makes its views heavy. */
export function makeFakeAgent() {
  const listeners = new Set<(view: View) => void>();
  const intents: Intent[] = [];
  const glass: boolean[] = [];
  let view = makeView(1, 0);
  const agent: AgentPort = {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    intend: intent => {
      intents.push(intent);
    },
    glass: isThere => {
      glass.push(isThere);
    },
  };
  return {
    agent,
    intents,
    /** What it was told of pages that are there. */
    glass,
    listeners,
    show(seq: number, padding = 0) {
      view = makeView(seq, padding);
      for (const listener of listeners) listener(view);
    },
  };
}

function makeView(seq: number, padding: number): View {
  const { language, hourCycle, theme, logo, helpContact } = DEFAULT_POLICY;
  return {
    seq,
    clockOffset: milliseconds(0),
    zone: null,
    screen: { kind: 'find-central', url: 'x'.repeat(padding), isTrying: false, problem: null },
    problems: [],
    look: { language, hourCycle, theme, logo, helpContact, brightness: null },
    light: 'off',
    identify: null,
    service: null,
    readProblem: null,
  };
}
