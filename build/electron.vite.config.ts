/**
 * Bundles Electron's main process (ESM) and its preload (one CommonJS file, as a sandboxed preload must be) into
 * dist/electron. LINTEL_BUNDLE says which: main or preload; see `scripts` in package.json.
 */
import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';

const isPreload = process.env.LINTEL_BUNDLE === 'preload';
/** Given by Electron, or native. */
const external = [/^electron(\/|$)/, 'keytar', /^node:/, ...builtinModules];

export default defineConfig({
  root: '.',
  publicDir: false,
  // Node's conditions, and everything that is plain JavaScript inlined.
  ssr: { noExternal: true, external: ['electron', 'keytar'] },
  build: {
    ssr: true,
    outDir: 'dist/electron',
    emptyOutDir: false,
    // The Node inside Electron 45.
    target: 'node24',
    minify: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: isPreload ? 'src/shell/electron/preload.ts' : 'src/shell/electron/main.ts',
      external,
      output: isPreload
        ? { format: 'cjs', entryFileNames: 'preload.cjs', codeSplitting: false }
        : { format: 'es', entryFileNames: 'main.js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
