import { createHash } from 'node:crypto';

/** A short name for what a list of texts says: 64 bits tell apart far more than one cache will ever hold. */
export function digest(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16);
}
