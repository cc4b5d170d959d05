import type { Scope } from '../events/reporter.ts';
import type { Task__Output } from '../proto/generated/ordeal/v1/Task.ts';

/** What the events of a task belong to; nothing where it came from the command line or looks at the host. */
export function scopeOf({ campaign, trial, attempt }: Task__Output): Scope {
  if (campaign === '') return {};
  return trial === '' ? { campaign } : { campaign, trial, attempt };
}

/** One text for each attempt at a trial; undefined for what belongs to none. */
export function attemptOf({ campaign, trial, attempt }: Scope): string | undefined {
  return trial === undefined ? undefined : `${campaign}/${trial}/${attempt}`;
}
