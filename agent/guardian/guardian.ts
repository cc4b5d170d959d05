import type { Will } from '../../injectors/will.ts';
import type { Staged } from '../stage.ts';

/**
 * Who ends, at its deadline, what neither the kernel nor a process of the fault's own would end, when this agent is dead or too starved to do
 * it: the process that started it (guardian/).
 */
export interface Guardian {
  /** It holds the will when this resolves. Throws where it does not: then the fault is not to begin. */
  leave(id: string, deadlineUs: number, will: Will): Promise<void>;
  /** Takes a will back, if there is one. Answers when the guardian had ended the fault by it, in this host's monotonic clock. */
  withdraw(id: string): Promise<number | undefined>;
}

/** Of an agent that was started without one: such faults last until the next agent starts, where this one is killed. */
export const noGuardian: Guardian = {
  leave: async () => await Promise.resolve(),
  withdraw: async () => await Promise.resolve(undefined),
};

/** Before a fault begins, where there is something to leave. */
export async function leaveWill(
  guardian: Guardian,
  { entry: { injection, memory }, injector }: Staged,
  deadlineUs: number,
): Promise<void> {
  const will = injector.willOf?.(memory);
  if (will !== undefined) await guardian.leave(injection.id, deadlineUs, will);
}
