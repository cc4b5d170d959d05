import type { Support } from './injector.ts';

/** What every mechanism that changes the kernel needs; undefined where it is there. */
export function withoutRoot(): Support | undefined {
  if (process.geteuid?.() === 0) return undefined;
  return {
    supported: false,
    reason: 'the agent does not run as root',
    remedy: 'Start the agent of this host as root (sudo).',
  };
}
