import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { isAlive } from '../../procfs/identity.ts';
import type { Support } from '../injector.ts';
import { withoutRoot } from '../privilege.ts';
import type { Target, VmFromOutside } from '../target.ts';
import { Monitor } from './monitor.ts';
import { monitorSockets, qemuAt, type QemuProcess } from './process.ts';

const uuidSchema = z.object({ UUID: z.string() });

/** One conversation with the QEMU of a machine that is met from outside. */
export interface Machine {
  readonly qemu: QemuProcess;
  readonly monitor: Monitor;
}

export function machineOf(target: Target): VmFromOutside {
  if (target.kind === 'vm' && target.metFrom === 'outside') return target;
  throw new OrdealError('NO_TARGET', `a ${target.kind} has no QEMU; choose a virtual machine from outside`);
}

/** Undefined where the process of the machine has ended, and with it all that was ever done to it. */
export async function onMachine<Result>(
  target: VmFromOutside,
  act: (machine: Machine) => Promise<Result>,
): Promise<Result | undefined> {
  if (!(await isAlive(target))) return undefined;
  const qemu = await qemuAt(target.pid);
  if (qemu === undefined) return undefined;
  let monitor: Monitor | undefined;
  try {
    monitor = await Monitor.open(await monitorSockets(qemu));
    await refuseOther(monitor, target);
    return await act({ qemu, monitor });
  } catch (error) {
    // What fails because the machine goes just then needs nothing more.
    if (!(await isAlive(target))) return undefined;
    throw error;
  } finally {
    monitor?.close();
  }
}

/** The same where the machine has to be there. */
export async function demandMachine<Result>(
  target: VmFromOutside,
  act: (machine: Machine) => Promise<Result>,
): Promise<Result> {
  // In a list of its own: an answer may be undefined.
  const answer = await onMachine(target, async (machine) => [await act(machine)] as const);
  if (answer !== undefined) return answer[0];
  throw ended(target);
}

/** Its process, where nothing is to be said to it; whoever has its pid by now is another. */
export async function demandQemu(target: VmFromOutside): Promise<QemuProcess> {
  const qemu = (await isAlive(target)) ? await qemuAt(target.pid) : undefined;
  if (qemu === undefined) throw ended(target);
  return qemu;
}

function ended({ name, pid }: VmFromOutside): OrdealError {
  const what = `the QEMU of ${name}, process ${pid}, has ended since the target was chosen`;
  return new OrdealError('NO_TARGET', what);
}

/** Whoever listens at the path may be another by now. */
async function refuseOther(monitor: Monitor, { uuid, name, pid }: VmFromOutside): Promise<void> {
  if (uuid === undefined) return;
  const { UUID: found } = uuidSchema.parse(await monitor.ask('query-uuid'));
  if (found.toLowerCase() === uuid.toLowerCase()) return;
  throw new OrdealError(
    'NO_TARGET',
    `who answers at the monitor of ${name} (process ${pid}) is the machine ${found}, not ${uuid}`,
  );
}

/** Every mechanism here asks QEMU, whose sockets are its own or root's. */
export async function qemuSupport(): Promise<Support> {
  return await Promise.resolve(withoutRoot() ?? { supported: true });
}

/** Of all machines that are met from outside, what is found in the QEMU of each that can be asked now; what cannot be asked took nothing from Ordeal either. */
export async function onReachable(
  targets: readonly Target[],
  look: (machine: Machine, vm: VmFromOutside) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const vms = targets.filter(
    (target): target is VmFromOutside => target.kind === 'vm' && target.metFrom === 'outside',
  );
  const found = await Promise.all(
    vms.map(async (vm) => {
      try {
        return (await onMachine(vm, async (machine) => await look(machine, vm))) ?? [];
      } catch (error) {
        if (OrdealError.from(error).code === 'UNSUPPORTED') return [];
        throw error;
      }
    }),
  );
  return found.flat();
}
