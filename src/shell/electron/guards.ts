/** Electron's security checklist, the part that hangs on sessions and web contents. Denies by default, everywhere. */
import { type App, Menu, type Session, type WebContents } from 'electron';
import { isAllowedNavigation, isAllowedRequest, isPermissionGranted } from '../guards.ts';

/** Every web contents that ever comes to be, ours or not, is bound before it loads anything. */
export function guardEveryWebContents(app: App): void {
  Menu.setApplicationMenu(null);
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
}

function guardContents(contents: WebContents): void {
  contents.on('will-navigate', event => {
    if (!isAllowedNavigation(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', event => {
    if (!event.isMainFrame || !isAllowedNavigation(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', event => event.preventDefault());
  contents.on('will-attach-webview', event => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('select-bluetooth-device', (event, _devices, choose) => {
    event.preventDefault();
    choose('');
  });
}

/** Permissions are refused when asked for and when merely looked at; devices are never listed; only our scheme loads. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(isPermissionGranted(permission)));
  session.setPermissionCheckHandler((_contents, permission) => isPermissionGranted(permission));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, choose) => choose({}));
  session.setUSBProtectedClassesHandler(({ protectedClasses }) => protectedClasses);
  session.on('select-hid-device', event => event.preventDefault());
  session.on('select-usb-device', event => event.preventDefault());
  session.on('select-serial-port', (event, _ports, _contents, choose) => {
    event.preventDefault();
    choose('');
  });
  session.on('will-download', event => event.preventDefault());
  session.webRequest.onBeforeRequest((details, decide) => decide({ cancel: !isAllowedRequest(details.url) }));
}
