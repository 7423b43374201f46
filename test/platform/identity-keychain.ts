/** Run by identity.test.ts inside a session with a Secret Service: opens an identity twice with the real keychain. */
import { makeFiles } from '../../src/platform/files.ts';
import { openIdentity } from '../../src/platform/identity.ts';
import { makeLog } from '../../src/platform/log.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';

const dataDir = process.argv[2] ?? '';
const log = makeLog({ level: 'warn' });
const results: string[] = [];
for (let i = 0; i < 2; i++) {
  const opened = await openIdentity({
    dataDir,
    files: makeFiles(dataDir),
    clock: makeSystemClock(),
    log,
    keychain: 'auto',
  });
  results.push(opened.kind === 'opened' ? `${opened.identity.keyStore} ${opened.identity.starts}` : opened.detail);
}
process.stdout.write(results.join(','));
