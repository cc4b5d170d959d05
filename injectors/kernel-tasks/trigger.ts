import { parseDurationUs } from '../../clock/duration.ts';
import type { Attributes } from '../kernel-fault/injector.ts';
import type { Trigger } from './trigger-parameters.ts';

/** What leads to a fault, in the words of the module: with what it needs, and nothing that is another's. */
export function triggerAttributes(given: Trigger): Attributes {
  const { trigger, every, file = '', offset = 0, instructions = 0 } = given;
  switch (trigger) {
    case 'timer':
      return { trigger, timer_us: parseDurationUs(every) ?? 0 };
    case 'syscall':
      return { trigger };
    case 'address':
      return { trigger, file, offset };
    case 'function':
      return { trigger, function: given.function ?? '' };
    case 'instructions':
      return { trigger, instructions };
  }
}
