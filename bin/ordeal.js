#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  const repository = dirname(import.meta.dirname);
  process.stderr.write(
    `ordeal: it is not built: there is no ${fileURLToPath(main)}\n  -> Run ${repository}/deploy/prepare.sh, which installs what is missing and builds.\n`,
  );
  process.exitCode = 2;
}
