import type { Stop } from '../../src/contract/values/clock.ts';

const UNWANTED = ['contextmenu', 'dragstart', 'selectstart', 'gesturestart'] as const;

/** A panel is no web page: no context menu, no dragging, no selecting, no zooming by pinch, wheel or keys. */
export function guardGestures(page: Document): Stop {
  const refuse = (event: Event) => event.preventDefault();
  const refuseZoom = (event: WheelEvent) => {
    if (event.ctrlKey) event.preventDefault();
  };
  const refuseZoomKeys = (event: KeyboardEvent) => {
    if (event.ctrlKey && ['+', '-', '=', '0'].includes(event.key)) event.preventDefault();
  };
  const refusePinch = (event: TouchEvent) => {
    if (event.touches.length > 1 && event.cancelable) event.preventDefault();
  };
  for (const name of UNWANTED) page.addEventListener(name, refuse);
  page.addEventListener('wheel', refuseZoom, { passive: false });
  page.addEventListener('touchmove', refusePinch, { passive: false });
  page.addEventListener('keydown', refuseZoomKeys);
  return () => {
    for (const name of UNWANTED) page.removeEventListener(name, refuse);
    page.removeEventListener('wheel', refuseZoom);
    page.removeEventListener('touchmove', refusePinch);
    page.removeEventListener('keydown', refuseZoomKeys);
  };
}
