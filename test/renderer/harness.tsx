/** The whole panel page in happy-dom: production components and model, a bridge that records, time that moves when told. */
import { cleanup, fireEvent, render } from '@testing-library/preact';
import * as v from 'valibot';
import { App } from '../../renderer/panel/app.tsx';
import { createPanel } from '../../renderer/panel/model/panel-model.ts';
import { makePanelContext } from '../../renderer/panel/panel-context.ts';
import type { Bridge } from '../../src/contract/bridge/bridge.ts';
import { Intent } from '../../src/contract/bridge/intent.ts';
import type { View } from '../../src/contract/bridge/view.ts';
import type { Duration, Instant } from '../../src/contract/values/time.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

export function showPanel(start: Instant) {
  const clock = new VirtualClock(start);
  const sent: Intent[] = [];
  const reports: string[] = [];
  const views = new Set<(json: string) => void>();
  const silences = new Set<(isSilent: boolean) => void>();
  const bridge: Bridge = {
    onView: listener => subscribe(views, listener),
    onSilence: listener => subscribe(silences, listener),
    // Parsed as the agent would: what does not parse fails the test.
    send: json => sent.push(v.parse(Intent, JSON.parse(json))),
  };
  let ids = 0;
  const newId = () => `tap-${++ids}`;
  const model = createPanel({ bridge, clock, newId, report: what => reports.push(what) });
  const page = render(<App panel={makePanelContext(model, clock)} />);
  const settle = () => new Promise<void>(resolve => setTimeout(resolve));

  return {
    model,
    clock,
    sent,
    reports,
    page,
    /** Everything readable on the glass. */
    text: () => page.container.textContent ?? '',
    async say(view: View | string) {
      for (const listener of views) listener(typeof view === 'string' ? view : JSON.stringify(view));
      await settle();
    },
    async silence(isSilent: boolean) {
      for (const listener of silences) listener(isSilent);
      await settle();
    },
    async pass(by: Duration) {
      await clock.advance(by);
      await settle();
    },
    /** Where the finger of `tap` goes, to be held there. */
    find(testId: string, index = 0) {
      const button = page.getAllByTestId(testId)[index];
      if (!button) throw new Error(`no button ${testId} ${index}`);
      return button;
    },
    /** A finger: down and up on the same spot, then the click the browser makes of it. */
    async tap(testId: string, index = 0) {
      finger(this.find(testId, index));
      await settle();
    },
    settle,
    stop() {
      cleanup();
      model.stop();
      return { timers: clock.armed, listeners: views.size + silences.size };
    },
  };
}

export function finger(button: HTMLElement) {
  fireEvent.pointerDown(button, { isPrimary: true, button: 0 });
  fireEvent.pointerUp(button, { isPrimary: true, button: 0 });
  fireEvent.click(button);
}

function subscribe<T>(to: Set<T>, listener: T) {
  to.add(listener);
  return () => {
    to.delete(listener);
  };
}
