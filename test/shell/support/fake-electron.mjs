/**
 * Stands in for Electron where its binary is not present: enough of the main-process API to run our bundled main, which
 * the test then probes over the process channel. Names and shapes are Electron's.
 */
import { EventEmitter } from 'node:events';

const appPath = process.env.FAKE_APP_PATH;
const probes = { windows: [], schemes: [], sandboxed: false, menu: undefined, exit: null };

export const app = Object.assign(new EventEmitter(), {
  isPackaged: process.env.FAKE_PACKAGED === '1',
  getPath: name => `${process.env.FAKE_HOME}/${name}`,
  setPath: () => {},
  getAppPath: () => appPath,
  getVersion: () => '0.1.0',
  enableSandbox: () => {
    probes.sandboxed = true;
  },
  requestSingleInstanceLock: () => process.env.FAKE_SECOND !== '1',
  whenReady: () => new Promise(resolve => setImmediate(resolve)),
  exit: code => process.exit(code),
});

class FakeSession {
  handlers = {};
  events = new EventEmitter();
  protocol = { handle: (scheme, handler) => Object.assign(this.handlers, { [scheme]: handler }) };
  webRequest = { onBeforeRequest: handler => Object.assign(this.handlers, { request: handler }) };
  on(event, listener) {
    this.events.on(event, listener);
  }
}
for (const name of [
  'PermissionRequest',
  'PermissionCheck',
  'DevicePermission',
  'DisplayMediaRequest',
  'USBProtectedClasses',
]) {
  FakeSession.prototype[`set${name}Handler`] = function (handler) {
    this.handlers[name] = handler;
  };
}
export const session = {
  defaultSession: new FakeSession(),
  panel: new FakeSession(),
  fromPartition: () => session.panel,
};
export const protocol = { registerSchemesAsPrivileged: schemes => probes.schemes.push(...schemes) };
export const Menu = {
  setApplicationMenu: menu => {
    probes.menu = menu;
  },
};
export const dialog = { showErrorBox: (title, text) => process.send?.({ box: `${title}: ${text}` }) };
export const powerSaveBlocker = { start: () => 1, stop: () => {} };
export const ipcMain = new EventEmitter();

export class BrowserWindow extends EventEmitter {
  #isDestroyed = false;
  loads = [];
  constructor(options) {
    super();
    this.options = options;
    this.webContents = Object.assign(new EventEmitter(), {
      mainFrame: { url: '' },
      sent: [],
      send: (channel, text) => this.webContents.sent.push([channel, text]),
      setWindowOpenHandler: handler => {
        this.webContents.openHandler = handler;
      },
      reload: () => {
        this.loads.push('again');
        this.#navigate();
      },
      forcefullyCrashRenderer: () => this.webContents.emit('render-process-gone', {}, { reason: 'killed' }),
    });
    probes.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  #navigate() {
    this.webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
  }
  loadURL(url) {
    this.loads.push(url);
    this.#navigate();
    this.webContents.mainFrame.url = url;
    return Promise.resolve();
  }
  show() {}
  isDestroyed() {
    return this.#isDestroyed;
  }
  destroy() {
    this.#isDestroyed = true;
    this.emit('closed');
  }
}

/** The event object of Electron's cancellable events, and whether it was cancelled. */
function cancellable(fields) {
  const event = { ...fields, isPrevented: false, preventDefault: () => Object.assign(event, { isPrevented: true }) };
  return event;
}
const last = () => probes.windows.at(-1);

const answers = {
  state: () => ({
    windows: probes.windows.length,
    loads: probes.windows.map(window => window.loads.length),
    url: last()?.loads.at(-1),
    preferences: { ...last()?.options.webPreferences, session: undefined },
    isPanelSession: last()?.options.webPreferences.session === session.panel,
    kiosk: last()?.options.kiosk,
    menu: probes.menu,
    sandboxed: probes.sandboxed,
    schemes: probes.schemes,
    sent: last()?.webContents.sent.map(([channel]) => channel),
  }),
  fetch: async url => {
    const response = await session.panel.handlers.lintel(new Request(url));
    return {
      status: response.status,
      csp: response.headers.get('content-security-policy'),
      text: await response.text(),
    };
  },
  permission: name => {
    const outcomes = [];
    for (const one of [session.panel, session.defaultSession]) {
      one.handlers.PermissionRequest(null, name, granted => outcomes.push(granted));
      outcomes.push(one.handlers.PermissionCheck(null, name), one.handlers.DevicePermission({}));
    }
    return outcomes;
  },
  request: url => new Promise(resolve => session.panel.handlers.request({ url }, resolve)),
  sessionEvent: name => {
    const event = cancellable({});
    session.panel.events.emit(name, event, [], {}, () => {});
    return event.isPrevented;
  },
  contentsEvent: ({ name, ...fields }) => {
    const event = cancellable(fields);
    last().webContents.emit(name, event, [], () => {});
    return event.isPrevented;
  },
  open: url => last().webContents.openHandler({ url }),
  ipc: ({ channel, payload, from }) => {
    const { webContents } = last();
    const stranger = { url: 'https://evil.example/' };
    const before = webContents.sent.length;
    ipcMain.emit(
      channel,
      {
        sender: from === 'other-window' ? {} : webContents,
        senderFrame:
          from === 'page' || from === 'other-window' ? webContents.mainFrame : from === 'gone' ? null : stranger,
      },
      payload,
    );
    return webContents.sent.slice(before);
  },
  die: () => last().webContents.emit('render-process-gone', {}, { reason: 'crashed' }),
  windowEvent: name => last().emit(name),
  quit: () => app.emit('before-quit', cancellable({})),
};

process.on('message', async ({ id, name, argument }) => {
  process.send({ id, answer: (await answers[name](argument)) ?? null });
});
