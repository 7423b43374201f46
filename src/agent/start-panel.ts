/** Puts the agent together from its ports: what a shell starts. */
import type { AgentPort } from '../contract/bridge/bridge.ts';
import { Agent } from './agent.ts';
import { makeEffects } from './effects.ts';
import type { PanelPorts } from './panel-ports.ts';
import { recall } from './recall.ts';

export type Panel = { agent: AgentPort; stop(): Promise<void> };

export async function startPanel(ports: PanelPorts): Promise<Panel> {
  const effects = makeEffects(ports);
  const agent = new Agent({ clock: ports.clock, randomHex: ports.randomHex, dice: ports.dice, run: effects.run });
  const { memory, snapshot, isSnapshotSetAside } = await recall(ports.files, ports.log);
  const { mac, hostname } = ports.identity;
  agent.dispatch({
    kind: 'started',
    machine: { mac, hostname, agentVersion: ports.agentVersion },
    memory,
    snapshot,
    isSnapshotSetAside,
    found: ports.found,
  });
  return {
    agent,
    stop: async () => {
      agent.stop();
      await effects.stop();
    },
  };
}
