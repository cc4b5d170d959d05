import { readdir, readFile } from 'node:fs/promises';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { VmFromOutside } from '../target.ts';
import type { NicsOfVm, OwnNic } from '../vm/nic-of-vm.ts';
import { demandQemu } from './machine.ts';

/** The taps that a process has open, by their names in the network namespace that they are in. */
export async function tapsOf(pid: number): Promise<string[]> {
  const directory = `/proc/${pid}/fdinfo`;
  const descriptors = await readdir(directory).catch(() => []);
  const texts = await Promise.all(
    descriptors.map(async (one) => await readFile(`${directory}/${one}`, 'utf8').catch(() => '')),
  );
  // One with several queues is open once for each.
  return [...new Set(texts.flatMap((text) => tapIn(text) ?? []))].sort();
}

/** The name that the kernel tells of a descriptor in its `fdinfo`. */
export function tapIn(text: string): string | undefined {
  return /^iff:\t(\S+)$/m.exec(text)?.[1];
}

/** What a machine that is met from outside has of the interfaces of the agent's host. */
export async function tapNicsOf(
  target: VmFromOutside,
  nics: readonly OwnNic[],
  netns: number,
): Promise<NicsOfVm> {
  const { name } = target;
  const { pid } = await demandQemu(target);
  const taps = await tapsOf(pid);
  if (taps.length === 0)
    throw new OrdealError('NO_TARGET', `the virtual machine ${name} has no tap on this host`, {
      remedy: 'Its frames pass no interface of the host. Use an agent in the machine, or vm-link-down.',
    });
  const found = nics.filter((nic) => taps.includes(nic.name));
  return { vm: name, netns, nics: found.map((nic) => ({ ...nic, isDevice: true })) };
}
