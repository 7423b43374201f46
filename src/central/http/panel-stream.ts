import type { ServerResponse } from 'node:http';
import type { Stop } from '../../contract/values/clock.ts';
import type { PanelId } from '../../contract/values/ids.ts';
import { between, minutes } from '../../contract/values/time.ts';
import type { PanelState } from '../../contract/wire/panel.ts';
import type { Context } from '../context.ts';
import { panelState } from '../domain/panel-state.ts';
import { noteSeen } from '../fleet/waiting.ts';
import { factsOf, findPanel } from '../store/panels.ts';
import { openEventStream } from './sse.ts';

/** Ten thousand panels online must not keep the disk busy. */
const SEEN_EVERY = minutes(5);

/** Pushes the panel's state: now, and whenever it becomes another one. */
export function streamPanelState(
  context: Context,
  panel: PanelId,
  boot: string,
  response: ServerResponse,
  headers: Record<string, string>,
): void {
  const { clock, hub, log } = context;
  let lastSent = '';
  let isReading = false;
  let isDirty = false;
  let stopExpiry: Stop = () => {};
  let seen = clock.now();

  const stream = openEventStream(response, clock, headers, {
    onEnd: () => {
      stopExpiry();
      stopListening();
    },
    onBeat: async () => {
      if (between(seen, clock.now()) < SEEN_EVERY) return true;
      seen = clock.now();
      await noteSeen(context, panel);
      return true;
    },
  });
  const send = (state: PanelState) => {
    const text = JSON.stringify(state);
    if (text !== lastSent) stream.send('state', state);
    lastSent = text;
    stopExpiry();
    // Nobody else notices when a code runs out.
    if (state.kind === 'awaiting-approval') stopExpiry = clock.after(between(clock.now(), state.expires), changed);
  };
  /** One read at a time, and one more if something changed meanwhile: never an older state after a newer one. */
  const changed = () => {
    isDirty = true;
    if (isReading) return;
    isReading = true;
    void read().finally(() => {
      isReading = false;
    });
  };
  const read = async () => {
    while (isDirty) {
      isDirty = false;
      try {
        const row = await findPanel(context.store.db, panel);
        if (row === undefined) return stream.close();
        send(panelState(factsOf(row), clock.now()));
      } catch (error) {
        log.error('panel-stream-broke', { panel, detail: String(error) });
        return stream.close();
      }
    }
  };
  const stopListening = hub.listen(panel, { boot, changed, close: () => stream.close() });
  changed();
}
