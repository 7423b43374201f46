/** For working on Lintel: the demo, started anew when Node code changes, and its panel page served hot from source. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createServer } from 'vite';

const PORT = Number(process.env.LINTEL_PORT || 4300);
const PAGE_PORT = PORT + 3;

let panel = null;
const watch = [
  'src/agent',
  'src/calendar',
  'src/central',
  'src/cli',
  'src/contract',
  'src/core',
  'src/demo',
  'src/platform',
  'src/shell',
];
const demo = spawn(
  process.execPath,
  [
    ...watch.map(path => `--watch-path=${path}`),
    '--watch-preserve-output',
    'src/cli/lintel.js',
    'demo',
    '--json',
    '--port',
    String(PORT),
    ...process.argv.slice(2),
  ],
  { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, LINTEL_SHELL: process.env.LINTEL_SHELL ?? 'none' } },
);
createInterface({ input: demo.stdout }).on('line', line => {
  if (!line.startsWith('{')) return console.log(line);
  const ready = JSON.parse(line);
  panel = new URL(ready.panel);
  console.log(
    `dev: panel   http://localhost:${PAGE_PORT}/   (hot)\ndev: console ${ready.console}   ${ready.username} / ${ready.password}`,
  );
});

// The page's bridge is the running panel's own; where that is changes with every start of the demo.
const bridge = {
  target: `http://127.0.0.1:${PORT + 2}`,
  changeOrigin: true,
  rewrite: path => `${panel?.pathname.replace(/\/$/, '') ?? ''}${path}`,
  configure: proxy => proxy.on('proxyReq', request => panel && request.setHeader('origin', panel.origin)),
};
const server = await createServer({
  configFile: 'build/vite.config.ts',
  server: { port: PAGE_PORT, strictPort: true, proxy: { '/bridge': bridge } },
});
await server.listen();

const stop = () => {
  demo.kill('SIGTERM');
  server.close().finally(() => process.exit(0));
};
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
demo.on('exit', stop);
