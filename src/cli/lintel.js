#!/usr/bin/env node
// Plain JavaScript, so that a Node too old for TypeScript gets a sentence instead of a syntax error.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(`lintel needs Node 22.19 or newer; this is ${process.versions.node}.`);
  console.error('Run it through npm in the project (npm start, npm run lintel -- ...), which brings its own Node.');
  process.exit(1);
}
const { main } = await import('./main.ts');
await main(process.argv.slice(2));
