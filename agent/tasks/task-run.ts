import type { Scope } from '../../events/reporter.ts';
import type { Task__Output } from '../../proto/generated/ordeal/v1/Task.ts';
import type { Orders } from '../orders.ts';
import type { ProcessIdentity } from '../../procfs/identity.ts';
import type { Status } from '../status.ts';
import type { Workbench } from '../workbench.ts';

/** One task that is being done. */
export interface TaskRun {
  readonly task: Task__Output;
  readonly scope: Scope;
  readonly orders: Orders;
  readonly bench: Workbench;
  /** Observed on the way; the final status is what the run answers. */
  readonly say: (status: Status) => void;
  /** On disk when it resolves: whatever becomes of this agent, the task will not be begun again, and the group of this process will be ended. */
  readonly begun: (leader?: ProcessIdentity) => Promise<void>;
  /** Resolves when every other task of the attempt is over, but for a fault that is stuck: it may never be. */
  readonly neighbours: () => Promise<void>;
  /** Called with the final status on disk: what the run still has to forget then. */
  readonly afterwards: (act: () => Promise<void>) => void;
}
