/** Free MACs of the fake central, and roll-outs. */
import * as v from 'valibot';
import { plainCode } from '../../../renderer/console/state/route.ts';
import {
  Approval,
  CodeInput,
  ConfirmInput,
  RegistrationRow,
  type RollOutAnswer,
  RollOutInput,
  type RollOutRow,
  RoomRow,
  type WaitingPanel,
} from '../../../src/contract/wire/console.ts';
import { mountPanels } from './panels.ts';
import type { Part } from './part.ts';

/** After so many wrong codes the next one is not looked at. */
const TRIES = 3;

export function mountMacs(part: Part): void {
  const { api, office, tell, clock, no } = part;
  mountPanels(part);
  let wrongCodes = 0;

  /** Null when done; else why not. */
  function pair(panel: WaitingPanel | undefined, roomId: string, keyId: string | null, code: string | null) {
    const room = office().rooms.find(({ id }) => id === roomId);
    if (!panel) return no('panel-unknown', 'There is no such panel any more.');
    if (panel.code !== code) return no('code-changed', 'The panel has another code by now. Compare again.');
    if (!room || room.panel) return no('room-taken', `${room?.name} has a panel already.`);
    const key = office().licenceKeys.find(({ id, state }) => state === 'free' && id === (keyId ?? id));
    if (!key) return no('no-free-licence-key', 'There is no free licence key.');
    const paired = {
      ...panel,
      id: panel.panel,
      name: null,
      lastRead: null,
      readProblem: null,
      problems: [],
      configVersion: null,
      targetVersion: 1,
      targetSince: clock.now(),
      configRefused: null,
      isConflict: false,
      licenceKeyHint: key.hint,
    };
    Object.assign(room, v.parse(RoomRow, { ...room, panel: paired }));
    Object.assign(key, { state: 'used', room: room.name, panel: room.panel });
    office().waiting = office().waiting.filter(waiting => waiting !== panel);
    office().registrations = office().registrations.filter(({ mac }) => mac !== panel.mac);
    tell('free-macs', 'rooms', 'licence-keys');
    return null;
  }
  const find = (id: string) => office().waiting.find(({ panel }) => panel === id);

  api.get('/free-macs', c => c.json(office().waiting));
  api.post('/free-macs/code', async c => {
    const { code } = v.parse(CodeInput, await c.req.json());
    if (wrongCodes >= TRIES) return c.json(no('too-many-tries', 'Wait.'), 429, { 'retry-after': '120' });
    const panel = office().waiting.find(waiting => waiting.code !== null && waiting.code === plainCode(code));
    if (!panel) {
      wrongCodes++;
      return c.json(no('code-unknown', 'No panel waits with this code.'), 404);
    }
    if (!panel.registration) return c.json({ kind: 'found', panel: panel.panel });
    const { id, name } = panel.registration.room;
    const refusal = pair(panel, id, null, panel.code);
    return refusal ? c.json(refusal, 409) : c.json({ kind: 'paired', panel: panel.panel, room: name });
  });
  api.post('/free-macs/confirm', async c => {
    const { panels } = v.parse(ConfirmInput, await c.req.json());
    const outcomes = panels.map(({ panel, code }) => {
      const waiting = find(panel);
      return { panel, refusal: pair(waiting, waiting?.registration?.room.id ?? '', null, code) };
    });
    const refused = outcomes.flatMap(({ panel, refusal }) => (refusal ? [{ panel, ...refusal.error }] : []));
    return c.json({ paired: outcomes.length - refused.length, refused });
  });
  api.post('/free-macs/:panel/approve', async c => {
    const { room, licenceKeyId, code } = v.parse(Approval, await c.req.json());
    const refusal = pair(find(c.req.param('panel')), room, licenceKeyId, code);
    return refusal ? c.json(refusal, 409) : c.body(null, 204);
  });
  api.post('/free-macs/:panel/reject', c => {
    const panel = find(c.req.param('panel'));
    if (panel) Object.assign(panel, { isRejected: true, code: null, expires: null });
    tell('free-macs');
    return c.body(null, 204);
  });

  api.get('/registrations', c => c.json(office().registrations));
  api.delete('/registrations/:mac', c => {
    office().registrations = office().registrations.filter(({ mac }) => mac !== c.req.param('mac'));
    tell('free-macs');
    return c.body(null, 204);
  });
  api.get('/registrations/export', c =>
    c.body('mac,room,licence key,code\r\n', 200, {
      'content-type': 'text/csv',
      'content-disposition': 'attachment; filename="lintel-panels.csv"',
    }),
  );
  api.post('/registrations/import', async c => {
    const { csv, isDryRun } = v.parse(RollOutInput, await c.req.json());
    const rows = csv.trim().split('\n').slice(1).map(rowOf);
    const registered = rows.filter(({ verdict }) => verdict === 'registers');
    if (!isDryRun) {
      const made = registered.map(({ mac, room }) => ({
        mac,
        room: { id: room, name: room },
        licenceKeyHint: null,
        created: clock.now(),
      }));
      office().registrations.push(...v.parse(v.array(RegistrationRow), made));
      tell('free-macs');
    }
    const answer: RollOutAnswer = {
      isDryRun,
      rows,
      paired: rows.filter(({ verdict }) => verdict === 'pairs').length,
      registered: registered.length,
      refused: rows.filter(({ verdict }) => verdict === 'refused').length,
    };
    return c.json(answer);
  });
  function rowOf(text: string, index: number): RollOutRow {
    const [mac = '', room = '', , code = ''] = text.split(',').map(cell => cell.trim());
    const row = { line: index + 2, mac, room, message: '' };
    if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(mac)) {
      return { ...row, verdict: 'refused', message: 'This is no MAC address.' };
    }
    const known = office().rooms.find(({ name, address }) => name === room || address === room);
    if (!known) return { ...row, verdict: 'refused', message: `There is no room called ${room}.` };
    if (office().registrations.some(other => other.mac === mac)) return { ...row, verdict: 'unchanged' };
    return { ...row, verdict: code === '' ? 'registers' : 'pairs' };
  }
}
