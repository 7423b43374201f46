/** Run by lock.test.ts: holds the lock of a directory until it is killed. */
import { lockDataDir } from '../../src/platform/lock.ts';

await lockDataDir(process.argv[2] ?? '');
process.stdout.write('locked\n');
setInterval(() => undefined, 1000);
