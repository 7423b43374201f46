/** Preloaded (`node --import`) into a process that is to have the planted bug named by LINTEL_PLANTED_BUG. */
import { registerHooks } from 'node:module';
import { PLANTED_BUGS } from './planted-bugs.ts';

const bug = PLANTED_BUGS.find(({ name }) => name === process.env.LINTEL_PLANTED_BUG);
if (!bug) throw new Error(`there is no planted bug ${process.env.LINTEL_PLANTED_BUG}`);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(`/${bug.file}`)) return loaded;
    const source = String(loaded.source);
    const parts = source.split(bug.find);
    if (parts.length !== 2)
      throw new Error(`planted bug "${bug.name}" fits ${parts.length - 1} times into ${bug.file}`);
    return { ...loaded, source: parts.join(bug.replace) };
  },
});
