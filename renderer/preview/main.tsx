/**
 * A panel to look at, in a frame of the console's General Settings page: the panel's own components, shown what the
 * settings would make of a made-up room. It answers nothing and can be touched by nobody (`inert` on the body).
 */
import { render } from 'preact';
import * as v from 'valibot';
import '../panel/css/panel.css';
import './preview.css';
import { PreviewMessage } from '../../src/contract/values/preview.ts';
import { App } from '../panel/app.tsx';
import { browserClock } from '../panel/browser-clock.ts';
import { createPanel } from '../panel/model/panel-model.ts';
import { makePanelContext } from '../panel/panel-context.ts';
import { sceneOf } from './scene.ts';
import { scriptedAgent } from './scripted-agent.ts';

const WIDTH = 1280;

const glass = document.getElementById('panel');
if (!glass) throw new Error('the page has no #panel');
const root = document.documentElement;

const { bridge, clock, say } = scriptedAgent();
const model = createPanel({
  bridge,
  clock,
  newId: () => 'preview',
  // biome-ignore lint/suspicious/noConsole: whoever maintains the console wants to know
  report: what => console.error(what),
});

new ResizeObserver(() => glass.style.setProperty('--scale', String(root.clientWidth / WIDTH))).observe(root);

let isShown = false;
window.addEventListener('message', event => {
  if (event.origin !== location.origin || event.source !== window.parent) return;
  const message = v.safeParse(PreviewMessage, event.data);
  if (!message.success) return;
  say(sceneOf(message.output, browserClock.now()));
  // Not before there is something to show: "Starting" is not what the settings are about.
  if (!isShown) render(<App panel={makePanelContext(model, clock)} />, glass);
  isShown = true;
});
window.parent.postMessage({ kind: 'lintel-preview-ready' }, location.origin);
