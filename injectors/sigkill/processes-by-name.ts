import { OrdealError } from '../../errors/ordeal-error.ts';
import { processesOf } from '../cgroup/container-init.ts';
import { containerOf } from '../cgroup/control-group.ts';
import { isWholeMachine, type ContainerTarget, type Target } from '../target.ts';
import { chosenBy, namedAmong, type NamedProcess } from './named-process.ts';
import { processesOutsideContainers } from './outside-containers.ts';
import { refuseProtected } from './protected-process.ts';

/** Those of a name on the host outside of containers, or in the container; none of them is one that must live. */
export async function processesByName(name: string, target: Target): Promise<NamedProcess[]> {
  const onHost = isWholeMachine(target);
  const chosen = onHost
    ? chosenBy(name, await namedAmong(await processesOutsideContainers()), `the host ${target.host}`)
    : await chosenInContainer(name, containerOf(target));
  await refuseProtected(chosen, onHost ? 'host' : 'container');
  return chosen;
}

async function chosenInContainer(name: string, container: ContainerTarget): Promise<NamedProcess[]> {
  const running = await namedAmong(await processesOf(container));
  if (running.length === 0) throw nothingRunsIn(container);
  return chosenBy(name, running, `the container ${container.name}`);
}

export function nothingRunsIn({ name }: ContainerTarget): OrdealError {
  return new OrdealError('NO_TARGET', `no process runs in the container ${name}`, {
    remedy: 'See that what is to be faulted runs and stays up without a fault, then try again.',
  });
}
