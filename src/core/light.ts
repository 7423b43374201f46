/** The colour of a status light beside the door, and of the glass from afar. */
import type { Screen, View } from '../contract/bridge/view.ts';

/** What is stale is still shown, as it was last known; what is not known is said to be so. */
export function lightOf(screen: Screen): View['light'] {
  if (screen.kind !== 'room') return 'off';
  switch (screen.view.status.kind) {
    case 'free':
      return 'free';
    case 'starting-soon':
      return 'soon';
    case 'awaiting-check-in':
      return 'waiting';
    case 'in-meeting':
      return 'taken';
    case 'unknown':
      return 'unknown';
  }
}
