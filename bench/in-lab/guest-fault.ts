import type { FaultStatus } from '../../injectors/kernel-fault/status.ts';
import type { Machine } from '../../lab/machine/machine.ts';
import { KernelFault, type Attributes, type Kind } from '../../test/kernel/kernel-fault.ts';

/** The module is there while `work` runs, and no longer. */
export async function loaded<Result>(
  machine: Machine,
  kind: Kind,
  work: () => Promise<Result>,
): Promise<Result> {
  await machine.demand(['modprobe', `ordeal_${kind}`]);
  try {
    return await work();
  } finally {
    await machine.demand(['rmmod', `ordeal_${kind}`, 'ordeal']);
  }
}

/** What is left when the fault is over, of each of so many faults that were armed ahead, one after the other. */
export async function statusesOf(
  machine: Machine,
  kind: Kind,
  attributes: Attributes,
  rounds: number,
): Promise<FaultStatus[]> {
  const statuses: FaultStatus[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const fault = await KernelFault.make(machine, kind, attributes);
    try {
      await fault.arm({ startInMs: 300, forMs: 400 });
      statuses.push(await fault.ended());
    } finally {
      await fault.remove();
    }
  }
  return statuses;
}

/** How long after its plan something was, in microseconds; infinitely long where it never was. */
export function latenessUs(statuses: readonly FaultStatus[], what: string, plan: string): number[] {
  return statuses.map(({ lines }) => {
    const [was, planned] = [Number(lines[what]), Number(lines[plan])];
    return was > 0 ? (was - planned) / 1000 : Number.POSITIVE_INFINITY;
  });
}
