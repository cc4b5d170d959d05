import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { OrdealError } from '../errors/ordeal-error.ts';

/** The package's: beside the sources, or above dist/ where this runs compiled. */
export function version(): string {
  for (const up of ['..', '../..']) {
    const path = join(import.meta.dirname, up, 'package.json');
    if (existsSync(path)) {
      return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path, 'utf8'))).version;
    }
  }
  throw new OrdealError('INTERNAL', `there is no package.json above ${import.meta.dirname}`);
}
