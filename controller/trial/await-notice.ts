import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { Upon } from '../../campaign/upon.ts';
import type { Attempt } from './attempt.ts';
import { limits } from './limits.ts';

const lookEveryMs = 10;

/**
 * Waits until the infrastructure has said what the fault waits for, and answers when it begins: as soon as its start can have reached every agent.
 * Undefined where nothing of the kind was said in time; the fault then never begins.
 */
export async function awaitNotice(
  { options, schedule, signal }: Attempt,
  fault: { readonly name: string; readonly atUs: number },
  { means, withinUs }: Upon,
): Promise<number | undefined> {
  const untilUs = schedule.injectUs + withinUs;
  let rule = options.noticed(means, schedule.injectUs);
  while (rule === undefined && monotonicUs() < untilUs) {
    await sleep(lookEveryMs, undefined, { signal });
    rule = options.noticed(means, schedule.injectUs);
  }
  const startUs = rule === undefined ? undefined : monotonicUs() + limits.injectLeadUs + fault.atUs;
  const found = rule === undefined || startUs === undefined ? {} : { rule, startUs };
  options.say({ kind: 'fault.awaited', fault: fault.name, means, ...found });
  return startUs;
}
