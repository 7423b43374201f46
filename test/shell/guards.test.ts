import { expect, test } from 'vitest';
import {
  isAllowedNavigation,
  isAllowedRequest,
  isPermissionGranted,
  isTrustedSender,
  PAGE_URL,
  parseIntent,
  requestedPath,
} from '../../src/shell/guards.ts';

const FOREIGN = [
  'https://example.com/',
  'http://lintel/panel/index.html',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,<p>',
  'about:blank',
  'lintel://other/index.html',
  'lintel://panel.evil/index.html',
  'lintel://panel@evil/index.html',
  'lintel://user:pw@panel/index.html',
  'lintel:panel/index.html',
  'lintels://panel/index.html',
  'LINTEL://panel/elsewhere.html',
  'blob:lintel://panel/1234',
  'filesystem:lintel://panel/x',
  'devtools://devtools/bundled/inspector.html',
  'view-source:lintel://panel/index.html',
  '',
];

test.each(FOREIGN)('%s is neither gone to, nor loaded, nor believed', url => {
  expect(isAllowedNavigation(url)).toBe(false);
  expect(isTrustedSender({ isOurWindow: true, isMainFrame: true, senderUrl: url })).toBe(false);
});

test('our page is, and only as the main frame of our window', () => {
  expect(isAllowedNavigation(PAGE_URL)).toBe(true);
  const sender = { isOurWindow: true, isMainFrame: true, senderUrl: PAGE_URL };
  expect(isTrustedSender(sender)).toBe(true);
  expect(isTrustedSender({ ...sender, isMainFrame: false })).toBe(false);
  expect(isTrustedSender({ ...sender, isOurWindow: false })).toBe(false);
  expect(isTrustedSender({ ...sender, senderUrl: null })).toBe(false);
});

test('the page loads its own files and inline pictures, nothing else', () => {
  for (const url of [PAGE_URL, 'lintel://panel/assets/main-Ab12Cd34.js', 'data:image/png;base64,AA==']) {
    expect(isAllowedRequest(url)).toBe(true);
  }
  for (const url of [
    'https://example.com/x.js',
    'file:///etc/passwd',
    'ws://127.0.0.1/',
    'data:text/html,x',
    'lintel://x/',
  ]) {
    expect(isAllowedRequest(url)).toBe(false);
  }
  expect(requestedPath('lintel://panel/../../etc/passwd')).toBe('/etc/passwd');
  expect(requestedPath('lintel://elsewhere/index.html')).toBeNull();
});

test('no permission is granted', () => {
  for (const name of ['media', 'geolocation', 'notifications', 'fullscreen', 'openExternal', 'hid', 'usb', 'new-one']) {
    expect(isPermissionGranted(name)).toBe(false);
  }
});

test('an intent is parsed; anything else is nothing', () => {
  expect(parseIntent('{"kind":"book","id":"1","end":1000}')).toEqual({ kind: 'book', id: '1', end: 1000 });
  for (const payload of [
    null,
    7,
    {},
    [],
    '',
    '{',
    '{"kind":"quit","id":"1"}',
    { kind: 'ask-new-code', id: '1' },
    '{"kind":"book","id":"1"}',
  ]) {
    expect(parseIntent(payload)).toBeNull();
  }
  expect(parseIntent(JSON.stringify({ kind: 'ask-new-code', id: '1', filler: 'x'.repeat(20_000) }))).toBeNull();
});
