import { z } from 'zod';
import { run } from '../../command/run.ts';

/** What `ip` says of a link; only what is used here. */
const linkSchema = z.object({
  ifindex: z.int(),
  ifname: z.string(),
  link_type: z.string(),
  operstate: z.string(),
  /** The device below (of a VLAN, a MACVLAN) or the other end (of a veth pair), where it is in the same namespace. */
  link: z.string().optional(),
  /** The index of either, where that is in another one. */
  link_index: z.int().optional(),
  master: z.string().optional(),
  linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
  addr_info: z.array(z.object({ local: z.string().optional(), prefixlen: z.int().optional() })).default([]),
});

export interface Nic {
  readonly name: string;
  readonly ifindex: number;
  /** As the kernel calls the kind of device: veth, bridge, vlan; empty for hardware. */
  readonly device: string;
  readonly state: string;
  readonly addresses: readonly string[];
  readonly link?: string;
  /** Of the other end of a veth pair, in the namespace where that is: absent where it is in this one. */
  readonly farIndex?: number;
  readonly master?: string;
}

/** The interfaces of this process's network namespace, but the loopback. */
export async function readNics(): Promise<Nic[]> {
  // `ip`, not /sys/class/net: that shows the namespace in which it was mounted.
  const answer: unknown = JSON.parse(await run('ip', ['-json', '-details', 'address', 'show']));
  // For an interface that goes while it lists them, `ip` writes an empty object.
  const present = z
    .array(z.object({}).loose())
    .parse(answer)
    .filter((link) => Object.keys(link).length > 0);
  const links = z.array(linkSchema).parse(present);
  return links
    .filter((link) => link.link_type !== 'loopback')
    .map((link) => ({
      name: link.ifname,
      ifindex: link.ifindex,
      device: link.linkinfo?.info_kind ?? '',
      state: link.operstate.toLowerCase(),
      addresses: link.addr_info.flatMap(({ local, prefixlen }) =>
        local === undefined ? [] : [`${local}/${prefixlen ?? ''}`],
      ),
      ...(link.link === undefined ? {} : { link: link.link }),
      ...(link.link_index === undefined ? {} : { farIndex: link.link_index }),
      ...(link.master === undefined ? {} : { master: link.master }),
    }));
}
