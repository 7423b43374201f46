/** What the console is told when there is nothing to work with. */
import { refused } from '../fleet/refusal.ts';

export const settingsIncomplete = () =>
  refused('settings-incomplete', 'Save the server settings with a client secret or certificate first.');

export const connectionUnknown = () => refused('connection-unknown', 'There is no such connection any more.');
