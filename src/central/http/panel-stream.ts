import type { ServerResponse } from 'node:http';
import type { Stop } from '../../contract/values/clock.ts';
import type { PanelId, RoomId } from '../../contract/values/ids.ts';
import { between, minutes } from '../../contract/values/time.ts';
import type { CalendarHint } from '../../contract/wire/panel.ts';
import type { Context } from '../context.ts';
import { panelState } from '../domain/panel-state.ts';
import { readPanelNews } from '../fleet/panel-news.ts';
import { noteSeen } from '../fleet/waiting.ts';
import type { PanelNews } from '../hub.ts';
import { openEventStream, type StreamEvent } from './sse.ts';

/** Ten thousand panels online must not keep the disk busy. */
const SEEN_EVERY = minutes(5);

/**
 * Pushes the panel's state, now and whenever it becomes another one, and the configuration that a state names before it:
 * unless the panel runs it already, by what it reported last or was sent on this stream.
 */
export function streamPanelState(
  context: Context,
  panel: PanelId,
  boot: string,
  response: ServerResponse,
  headers: Record<string, string>,
): void {
  const { clock, hub, log } = context;
  let lastSent = '';
  /** The version of the configuration that the panel has; undefined until the first read. */
  let hasVersion: number | null | undefined;
  let room: RoomId | null = null;
  let isEnded = false;
  let isReading = false;
  let isDirty = false;
  let stopExpiry: Stop = () => {};
  let seen = clock.now();

  const stream = openEventStream(response, clock, headers, {
    onEnd: () => {
      isEnded = true;
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
  const send = (news: PanelNews) => {
    room = news.room;
    const state = panelState(news.facts, clock.now());
    const events: StreamEvent[] = [];
    if (hasVersion === undefined) hasVersion = news.running;
    if (state.kind === 'paired' && state.configVersion !== hasVersion) {
      const json = news.config();
      if (json !== null) {
        events.push({ event: 'config', json });
        hasVersion = state.configVersion;
      }
    }
    const json = JSON.stringify(state);
    if (json !== lastSent) events.push({ event: 'state', json });
    lastSent = json;
    if (events.length > 0) stream.sendAll(events);
    stopExpiry();
    // Nobody else notices when a code runs out.
    if (state.kind === 'awaiting-approval') stopExpiry = clock.after(between(clock.now(), state.expires), changed);
    if (state.kind === 'revoked') stream.close();
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
        const news = await hub.news.load(panel, panels => readPanelNews(context, panels));
        if (isEnded) return;
        if (news === undefined) return stream.close();
        send(news);
      } catch (error) {
        log.error('panel-stream-broke', { panel, detail: String(error) });
        return stream.close();
      }
    }
  };
  const stopListening = hub.listen(panel, {
    boot,
    changed,
    get room() {
      return room;
    },
    command: command => stream.send('command', command),
    hint: changedRoom => stream.send('hint', { room: changedRoom } satisfies CalendarHint),
    close: () => stream.close(),
  });
  changed();
}
