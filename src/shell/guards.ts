/** What the Electron shell allows. Free of Electron, so that every answer can be tested without it. */
import * as v from 'valibot';
import { Intent } from '../contract/bridge/intent.ts';

export const SCHEME = 'lintel';
export const PAGE_URL = `${SCHEME}://panel/index.html`;
const ORIGIN = `${SCHEME}://panel`;
const LARGEST_INTENT = 16 * 1024;

/** Our own page may load itself again; there is nowhere else to go. */
export function isAllowedNavigation(url: string): boolean {
  return isOurPage(url);
}

/** The page loads its own files and nothing from anywhere else. */
export function isAllowedRequest(url: string): boolean {
  return requestedPath(url) !== null || url.startsWith('data:image/');
}

/**
 * Whether a message comes from our page: from the window we made, its main frame (not a frame inside it), at our
 * origin. `senderUrl` null: the frame is gone already.
 */
export function isTrustedSender(sender: {
  isOurWindow: boolean;
  isMainFrame: boolean;
  senderUrl: string | null;
}): boolean {
  return sender.isOurWindow && sender.isMainFrame && sender.senderUrl !== null && isOurPage(sender.senderUrl);
}

/** The panel asks for nothing: no camera, no microphone, no place, no device. Electron would grant all of it. */
export function isPermissionGranted(_permission: string): boolean {
  return false;
}

/** A page's message as an intent; null when it is anything else. */
export function parseIntent(payload: unknown): Intent | null {
  const text = v.safeParse(v.pipe(v.string(), v.maxLength(LARGEST_INTENT)), payload);
  if (!text.success) return null;
  const intent = v.safeParse(v.pipe(v.string(), v.parseJson(), Intent), text.output);
  return intent.success ? intent.output : null;
}

/** The file a request of our scheme asks for, as a path below the pages; null when it is not addressed to us. */
export function requestedPath(url: string): string | null {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.protocol !== `${SCHEME}:` || parsed.host !== 'panel') return null;
  return parsed.pathname;
}

/** Compared as text as well: URL gives schemes it does not know the origin `null`. */
function isOurPage(url: string): boolean {
  const path = requestedPath(url);
  const parsed = URL.parse(url);
  if (path === null || parsed === null || parsed.username !== '' || parsed.password !== '') return false;
  return url.startsWith(`${ORIGIN}/`) && (path === '/' || path === '/index.html');
}
