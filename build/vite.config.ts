/** Builds one page (LINTEL_PAGE: panel, console, preview or gallery) into dist/renderer/<page>. Each page stands alone. */
import { defineConfig } from 'vite';

const page = process.env.LINTEL_PAGE ?? 'panel';

export default defineConfig({
  root: `renderer/${page}`,
  base: './',
  publicDir: false,
  // No plug-in is needed: the compiler's automatic JSX runtime is Preact's.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: `../../dist/renderer/${page}`,
    emptyOutDir: true,
    // Panels bring their browser along; admins bring their own.
    target: page === 'console' || page === 'preview' ? 'baseline-widely-available' : 'chrome150',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
