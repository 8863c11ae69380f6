#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

// Node 22 and later keep what they compiled for the next start, and go on without where they cannot write.
const cache = new URL('../../node_modules/.cache/compiled', import.meta.url);
module.enableCompileCache?.(fileURLToPath(cache));

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
if (existsSync(main)) module.createRequire(import.meta.url)(main);
else {
  console.error('live is not built yet: run `npm run build` in the project');
  process.exitCode = 1;
}
