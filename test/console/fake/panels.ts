/** What is done to the fake central's panels. */
import * as v from 'valibot';
import { minutes, plus } from '../../../src/contract/values/time.ts';
import { Move, Rename, Replacement } from '../../../src/contract/wire/console.ts';
import type { Part } from './part.ts';

export function mountPanels({ api, office, tell, clock, no }: Part): void {
  const roomOf = (panel: string) => office().rooms.find(room => room.panel?.id === panel);
  const gone = no('panel-unknown', 'There is no such panel any more.');
  const offline = no('panel-offline', 'The panel is not connected just now. Try again when it is online.');
  const release = (panel: string) => {
    const room = roomOf(panel);
    if (room) room.panel = null;
    for (const key of office().licenceKeys) {
      if (key.panel?.id === panel) Object.assign(key, { state: 'free', panel: null, room: null });
    }
    tell('rooms', 'free-macs', 'licence-keys');
  };
  api.post('/panels/:panel/unpair', c => {
    release(c.req.param('panel'));
    for (const panel of office().waiting) {
      if (panel.panel !== c.req.param('panel')) continue;
      const code = { code: 'NPQRSTVW', expires: plus(clock.now(), minutes(10)) };
      Object.assign(panel, { isConflict: false, isRevoked: false, ...code });
    }
    return c.body(null, 204);
  });
  api.post('/panels/:panel/revoke', c => {
    release(c.req.param('panel'));
    return c.body(null, 204);
  });
  api.post('/panels/:panel/rename', async c => {
    const { name } = v.parse(Rename, await c.req.json());
    const room = roomOf(c.req.param('panel'));
    if (!room?.panel) return c.json(gone, 404);
    room.panel.name = name;
    tell('rooms');
    return c.body(null, 204);
  });
  api.post('/panels/:panel/move', async c => {
    const from = roomOf(c.req.param('panel'));
    const { room } = v.parse(Move, await c.req.json());
    const to = office().rooms.find(({ id }) => id === room);
    if (!from || !to || to.panel) return c.json(no('room-taken', `${to?.name} has a panel already.`), 409);
    to.panel = from.panel;
    from.panel = null;
    tell('rooms');
    return c.body(null, 204);
  });
  api.post('/panels/:panel/replace', async c => {
    const room = roomOf(c.req.param('panel'));
    const { by, code } = v.parse(Replacement, await c.req.json());
    const next = office().waiting.find(({ panel }) => panel === by);
    if (!room?.panel || !next) return c.json(gone, 404);
    if (next.code !== code) return c.json(no('code-changed', 'The panel has another code by now.'), 409);
    const { mac, hostname, address, keyStore } = next;
    room.panel = { ...room.panel, id: by, mac, hostname, address, keyStore, isOnline: true };
    office().waiting = office().waiting.filter(other => other !== next);
    tell('rooms', 'free-macs');
    return c.body(null, 204);
  });
  for (const deed of ['identify', 'restart'] as const) {
    api.post(`/panels/:panel/${deed}`, c =>
      roomOf(c.req.param('panel'))?.panel?.isOnline ? c.body(null, 204) : c.json(offline, 409),
    );
  }
  api.post('/panels/:panel/diagnostics', c => {
    const panel = roomOf(c.req.param('panel'))?.panel;
    if (!panel?.isOnline) return c.json(offline, 409);
    const text = JSON.stringify({
      agentVersion: panel.agentVersion,
      hostname: panel.hostname,
      state: { screen: 'room', trust: 'fresh', problems: [], clockOffsetMs: 0, config: { version: 7 } },
    });
    return c.json({ panel: panel.id, at: clock.now(), text });
  });
}
