/** Nobody but the room's own panel learns what a meeting is about, and that panel only what may be shown. Panels ask Graph themselves. */
import { tellPrivacy } from './support/privacy-scenes.ts';
import { onEveryShell } from './support/shells.ts';

onEveryShell('privacy, direct', shell => tellPrivacy(shell, 'direct'));
