import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Injection } from '../injector.ts';
import { runInNamespace } from '../network-namespace.ts';

const linksSchema = z.array(
  z.object({ ifindex: z.number(), ifname: z.string(), flags: z.array(z.string()) }),
);

interface Device {
  readonly netns: number;
  readonly device: string;
  readonly ifindex: number;
}

/** The one interface that an injection is about; where it is not clear which, none. */
export async function deviceOf({
  target,
  parameters,
}: Injection<{ interface?: string | undefined }>): Promise<Device> {
  if (target.kind !== 'nic' && target.kind !== 'container')
    throw new OrdealError('NO_TARGET', `a ${target.kind} is no interface; choose a NIC`);
  const { netns } = target;
  if (netns === undefined) {
    throw new OrdealError(
      'NO_TARGET',
      `the container ${target.name} has no network of its own, but its host's`,
      {
        remedy: 'Use the same cell of the physical layer, on a NIC of the host.',
      },
    );
  }
  const links = await linksIn(netns);
  if (target.kind === 'nic') {
    if (parameters.interface !== undefined) {
      throw new OrdealError(
        'INVALID_INPUT',
        'the parameter "interface" is only for a container; the NIC is the target',
      );
    }
    const link = links.find(({ ifindex }) => ifindex === target.ifindex);
    if (link !== undefined) return { netns, device: link.ifname, ifindex: link.ifindex };
    throw new OrdealError('NO_TARGET', `the interface ${target.name} (index ${target.ifindex}) is gone`);
  }
  const named = parameters.interface;
  const fitting = links.filter(({ ifname, flags }) =>
    named === undefined ? !flags.includes('LOOPBACK') : ifname === named,
  );
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return { netns, device: only.ifname, ifindex: only.ifindex };
  const names = links.map(({ ifname }) => ifname).join(', ');
  const wanted =
    named === undefined ? 'not exactly one interface besides the loopback' : `no interface "${named}"`;
  throw new OrdealError('NO_TARGET', `the container ${target.name} has ${wanted}; it has: ${names}`, {
    remedy: 'Name the interface by the parameter "interface".',
  });
}

/** Whether it is still the same interface, not a later one of the same name. */
export async function isThere({ netns, device, ifindex }: Device): Promise<boolean> {
  return (await linksIn(netns)).some((link) => link.ifname === device && link.ifindex === ifindex);
}

async function linksIn(netns: number): Promise<z.infer<typeof linksSchema>> {
  const json = await runInNamespace(netns, ['ip', '-json', 'link', 'show']);
  if (json === undefined) throw new OrdealError('NO_TARGET', `the network namespace ${netns} is gone`);
  return linksSchema.parse(JSON.parse(json));
}
