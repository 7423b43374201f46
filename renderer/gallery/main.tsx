/** The gallery: an index of every state, or one of them at `#/name`, or with another look at `#/name?language=de&theme=dark`. */
import { render } from 'preact';
import * as v from 'valibot';
import { Look } from '../../src/contract/bridge/view.ts';
import '../panel/css/panel.css';
import './gallery.css';
import { guardGestures } from '../panel/guard-gestures.ts';
import { type GalleryState, withLook } from './fixtures/build.ts';
import { Index } from './index.tsx';
import { makeStage, type Stage, StageApp } from './stage.tsx';
import { galleryStateNames, galleryStates } from './states.ts';

declare global {
  interface Window {
    /** For the script that takes the pictures. */
    galleryStates?: readonly string[];
  }
}
window.galleryStates = galleryStateNames;

const glass = document.getElementById('panel');
if (!glass) throw new Error('the page has no #panel');
let stage: Stage | null = null;

const show = () => {
  stage?.stop();
  stage = null;
  render(null, glass);
  const wanted = location.hash.replace(/^#\//, '');
  const [name = '', look = ''] = wanted.split('?');
  const plain = galleryStates.find(candidate => candidate.name === name);
  document.documentElement.dataset.gallery = plain ? 'state' : 'index';
  if (!plain) return render(<Index names={galleryStateNames} />, glass);
  const wish = Object.fromEntries(new URLSearchParams(look));
  const state = withLook(plain, before => v.parse(Look, { ...before, ...wish }));
  stage = makeStage(state);
  render(<StageApp stage={stage} />, glass);
  act(state, stage, glass);
  document.documentElement.dataset.shown = wanted;
};

/** Brings the state about as a person would: presses, types, waits. */
function act(state: GalleryState, on: Stage, at: HTMLElement) {
  for (const press of state.presses ?? []) {
    const [id = '', index = '0'] = press.split(':');
    at.querySelectorAll<HTMLButtonElement>(`[data-testid="${id}"]`)[Number(index)]?.click();
  }
  // The screen that the presses led to has to stand first.
  setTimeout(() => {
    for (const key of state.types ?? '') document.dispatchEvent(new KeyboardEvent('keydown', { key }));
    if (state.thenWaits) on.passTime(state.thenWaits);
  });
}

guardGestures(document);
window.addEventListener('hashchange', show);
show();
