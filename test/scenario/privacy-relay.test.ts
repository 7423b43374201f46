/** The same as privacy.test.ts where central asks Graph in the panels' place. */
import { tellPrivacy } from './support/privacy-scenes.ts';
import { onEveryShell } from './support/shells.ts';

onEveryShell('privacy, relayed', shell => tellPrivacy(shell, 'relay'));
