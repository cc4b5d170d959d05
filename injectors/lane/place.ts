import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { run } from '../../command/run.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Injection } from '../injector.ts';
import { runInNamespace } from '../network-namespace.ts';
import { deviceOf } from '../nft-drop/device.ts';

/** An interface, whose sending is what a lane holds back. Plain data: it is kept in the journal. */
export interface Place {
  readonly netns: number;
  readonly ifindex: number;
}

const linksSchema = z.array(
  z.object({
    ifindex: z.number(),
    ifname: z.string(),
    mtu: z.number(),
    link_index: z.number().nullish(),
    link_netnsid: z.number().nullish(),
  }),
);

type Link = z.infer<typeof linksSchema>[number];

/**
 * Only what an interface sends can wait in a queue of it. What a container receives is what the other end of its interface
 * sends, and that end is the host's own.
 */
export async function placeOf(
  injection: Injection<{ direction: 'in' | 'out'; interface?: string | undefined }>,
): Promise<Place> {
  const { netns, ifindex } = await deviceOf(injection);
  if (injection.parameters.direction === 'out') return { netns, ifindex };
  if (injection.target.kind === 'nic') {
    throw new OrdealError(
      'INVALID_INPUT',
      'what a NIC receives has been sent already, and waits for nothing',
      {
        remedy: 'Ask for the direction "out" of this NIC, or of those that send to it.',
      },
    );
  }
  return await hostEndOf({ netns, ifindex });
}

/** Undefined where it is gone, or its namespace is. */
export async function linkAt({ netns, ifindex }: Place): Promise<Link | undefined> {
  return (await linksIn(netns)).find((link) => link.ifindex === ifindex);
}

async function hostEndOf(inside: Place): Promise<Place> {
  const own = (await stat('/proc/self/ns/net')).ino;
  const link = await linkAt(inside);
  const end = (await linksIn(own)).find(
    ({ ifindex, link_index }) => ifindex === link?.link_index && link_index === inside.ifindex,
  );
  // Indices are counted anew in each namespace: an interface whose numbers fit may belong to another container.
  if (end !== undefined && (await namespaceNumbered(end.link_netnsid)) === inside.netns)
    return { netns: own, ifindex: end.ifindex };
  throw new OrdealError(
    'NO_TARGET',
    `the other end of the interface ${link?.ifname ?? inside.ifindex} was not found among the host's own`,
    { remedy: 'Ask for the direction "out", or for a NIC on the way to the container.' },
  );
}

/** The inode of a namespace that the kernel calls by a number of this one's. */
async function namespaceNumbered(number: number | null | undefined): Promise<number | undefined> {
  const json = await run('lsns', ['--json', '--type', 'net', '--output', 'ns,netnsid']);
  const { namespaces } = z
    .object({ namespaces: z.array(z.object({ ns: z.coerce.number(), netnsid: z.coerce.string() })) })
    .parse(JSON.parse(json));
  return namespaces.find(({ netnsid }) => netnsid === String(number))?.ns;
}

async function linksIn(netns: number): Promise<Link[]> {
  const json = await runInNamespace(netns, ['ip', '-json', 'link', 'show']);
  return json === undefined ? [] : linksSchema.parse(JSON.parse(json));
}
