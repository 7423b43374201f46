import type { NewPanelRow } from '../../../src/central/store/tables.ts';

/** The row of a panel that was paired with this room some time ago and runs what it should, version 2. */
export function pairedPanel(id: string, room: string, more: Partial<NewPanelRow> = {}): NewPanelRow {
  return {
    id,
    name: null,
    stage: 'paired',
    code: null,
    code_expires: null,
    room_id: room,
    config_version: 2,
    config_since: 0,
    boot: null,
    superseded_boots: '[]',
    starts: 1,
    mac: null,
    machine_id: null,
    hostname: `panel-of-${room}`,
    address: '192.0.2.1',
    agent_version: '0.1.0',
    key_store: 'sealed-file',
    first_seen: 0,
    last_seen: 0,
    running_version: 2,
    config_refused: null,
    config_refused_version: null,
    last_read: null,
    read_problem: null,
    problems: '[]',
    ...more,
  };
}
