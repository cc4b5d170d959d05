import { posix } from 'node:path';
import { z } from 'zod';

/** As long as a path may be in Linux. */
const longestPath = 4096;

/** A directory of the target, for an injector that opens it step by step. */
export const directoryParameter = z
  .string()
  .max(longestPath)
  .refine(isPlainPath, 'must be an absolute path without "..", "//" or a "/" at its end');

function isPlainPath(path: string): boolean {
  const isLonger = path.endsWith('/') && path !== '/';
  return path.startsWith('/') && posix.normalize(path) === path && !isLonger && !path.includes('\0');
}
