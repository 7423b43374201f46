/** The panel page's composition root. */
import { render } from 'preact';
import './css/panel.css';
import { App } from './app.tsx';
import { chooseBridge } from './bridge/choose.ts';
import { browserClock } from './browser-clock.ts';
import { guardGestures } from './guard-gestures.ts';
import { createPanel } from './model/panel-model.ts';
import { makePanelContext } from './panel-context.ts';

const glass = document.getElementById('panel');
if (!glass) throw new Error('the page has no #panel');

guardGestures(document);
const model = createPanel({
  bridge: chooseBridge(window, browserClock),
  clock: browserClock,
  newId: randomId,
  // biome-ignore lint/suspicious/noConsole: the shell forwards the page's console to the log
  report: what => console.error(what),
});
render(<App panel={makePanelContext(model, browserClock)} />, glass);
window.addEventListener('pagehide', () => model.stop());

/** 128 random bits. Not crypto.randomUUID, which only secure contexts have. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
