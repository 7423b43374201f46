import { expect, test } from 'vitest';
import { makeLog, redact } from '../../src/platform/log.ts';

const SECRETS = [
  'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl',
  'Bearer canaryCANARY0123456789',
  'DPoP canaryCANARY0123456789',
  'refresh_token=0.AXcanary-canary_canary',
  '{"client_secret":"canary~canary"}',
  'https://login.example/callback?code=canaryCANARY&state=1',
  'http://user:canary@proxy.example:3128',
  '7ZQ1W-8F3KX-PB2MD-TR6VH-9JC4A',
  '7zq1w8f3kxpb2mdtr6vh9jc4a',
  'abc8Q~canarycanarycanarycanarycanary',
  '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----',
  `M.C5_${'canary'.repeat(60)}`,
];

function collect() {
  const lines: string[] = [];
  const log = makeLog({ level: 'info', destination: { write: line => lines.push(line) } });
  return { lines, log };
}

test.each(SECRETS)('nothing of %s is left, wherever it stands', secret => {
  const { lines, log } = collect();
  log.error(`event ${secret}`, { detail: `before ${secret} after` });
  const written = lines.join('');
  expect(written).not.toMatch(/canary/i);
  expect(written).not.toContain(secret);
  expect(written).toContain('[redacted]');
});

test('what operators need stays', () => {
  for (const text of [
    'https://central.local:4300/panel/v1/state',
    'aa:bb:cc:dd:ee:ff',
    'b1gK5vDYV3k0dJ3pWJmYVqcMmX0o6ZQhFhGQm4bJ2nU',
    'connect ECONNREFUSED 127.0.0.1:4300',
    'lintel-0123456789abcdef0123456789abcdef',
  ]) {
    expect(redact(text)).toBe(text);
  }
  expect(redact('http://user:canary@proxy.example:3128')).toBe('http://[redacted]@proxy.example:3128');
});

test('fields named like secrets or like private subjects are hidden; what is no plain value is left out', () => {
  const { lines, log } = collect();
  const hostile = {
    accessToken: 'canary',
    subject: 'canary',
    nested: { secret: 'canary' },
    count: 3,
    list: ['canary'],
  };
  log.info('thing-happened', hostile as unknown as Record<string, string>);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'info',
    time: expect.any(String),
    event: 'thing-happened',
    accessToken: '[redacted]',
    subject: '[redacted]',
    count: 3,
  });
});

test('the last two hundred lines are kept as they were written, secrets taken out', () => {
  const { lines, log } = collect();
  for (let i = 0; i < 250; i++) log.info(`event-${i}`, { detail: 'Bearer canaryCANARY0123456789' });
  expect(log.recent()).toEqual(lines.slice(50).map(line => line.trimEnd()));
  expect(log.recent().join('')).not.toMatch(/canary/i);
});

test('the level is obeyed', () => {
  const lines: string[] = [];
  const log = makeLog({ level: 'warn', destination: { write: line => lines.push(line) } });
  log.info('quiet');
  log.warn('loud');
  expect(lines).toHaveLength(1);
});
