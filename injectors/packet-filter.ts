import { isIP } from 'node:net';
import { z } from 'zod';

const protocol = z
  .enum(['tcp', 'udp', 'icmp'])
  .optional()
  .describe(
    'Only packets of this protocol ("icmp" is also that of IPv6). By default of any, or of tcp and udp where ports are named.',
  );

const ports = z
  .array(z.string().refine(isPorts, 'must be a port or a range of ports from 1 to 65535: "53", "8000-8010"'))
  .min(1)
  .max(100)
  .optional()
  .describe(
    'Only packets from or to one of these ports, at whichever end: a list of "53" or "8000-8010". By default any. The later fragments of a packet have no port, and pass.',
  );

const addresses = z
  .array(z.string().refine(isPrefix, 'must be an address or a prefix: "10.0.0.7", "10.0.0.0/8", "fd00::/8"'))
  .min(1)
  .max(100)
  .optional()
  .describe(
    'Only packets that come from, or go to, these addresses of others: a list of "10.0.0.7", "10.0.0.0/8" or "fd00::/8". By default any.',
  );

/** The parameters of a mechanism that say which packets it is about; none of them is: all. */
export const packetFilter = { protocol, ports, addresses };

export interface PacketFilter {
  readonly protocol?: 'tcp' | 'udp' | 'icmp' | undefined;
  readonly ports?: readonly string[] | undefined;
  readonly addresses?: readonly string[] | undefined;
}

/** A port has no meaning to ICMP. For `refine`. */
export function filterMakesSense({ protocol, ports }: PacketFilter): boolean {
  return protocol !== 'icmp' || ports === undefined;
}

export const senselessFilter = { path: ['ports'], message: 'are only for tcp and udp: icmp has none' };

/** In nftables' words, each way in which a packet may be one of the filter's; none where every packet is. */
export function matchesOf(
  { protocol, ports, addresses }: PacketFilter,
  direction: 'in' | 'out',
): readonly string[] {
  const protocols = protocol === undefined ? 'tcp, udp' : protocol === 'icmp' ? 'icmp, ipv6-icmp' : protocol;
  const ofProtocol = protocol === undefined && ports === undefined ? '' : `meta l4proto { ${protocols} }`;
  const ends =
    ports === undefined ? [''] : ['sport', 'dport'].map((end) => `th ${end} { ${ports.join(', ')} }`);
  const remote = direction === 'in' ? 'saddr' : 'daddr';
  const families = addresses === undefined ? [''] : ofEachFamily(addresses, remote);
  const matches = ends.flatMap((end) =>
    families.map((family) => [ofProtocol, end, family].filter((part) => part !== '').join(' ')),
  );
  return matches.filter((match) => match !== '');
}

function ofEachFamily(addresses: readonly string[], remote: string): string[] {
  return (['ip', 'ip6'] as const).flatMap((family) => {
    const own = addresses.filter((address) => address.includes(':') === (family === 'ip6'));
    return own.length === 0 ? [] : [`${family} ${remote} { ${own.join(', ')} }`];
  });
}

function isPorts(text: string): boolean {
  const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  return from !== undefined && Number(from) >= 1 && Number(from) <= Number(to) && Number(to) <= 65_535;
}

function isPrefix(text: string): boolean {
  const [, address = '', length] = /^([^/]+?)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  const longest = version === 4 ? 32 : 128;
  return version !== 0 && !address.includes('%') && Number(length ?? longest) <= longest;
}
