import { OrdealError } from '../errors/ordeal-error.ts';

/** An IPv4 network: its first address as an unsigned number, and the length of its prefix. */
export interface Subnet {
  readonly base: number;
  readonly prefix: number;
}

/**
 * 198.18.0.0/15 is set aside by RFC 2544 for benchmarks of networks, so nothing that a machine needs is there. The lower
 * half is cut into management networks, one an instance; the upper half is for data networks, which no one outside sees.
 */
const managementPool = { base: 0xc6_12_00_00, prefix: 16 } as const;
export const dataSubnet: Subnet = { base: 0xc6_13_00_00, prefix: 24 };

/** A route shorter than this is a default route in disguise (a VPN's 0.0.0.0/1), over which ours rightly wins. */
const shortestPrefixThatCounts = 8;

const networkPrefix = 24;

export function parseSubnet(text: string): Subnet | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const bytes = match.slice(1, 5).map(Number);
  const prefix = match[5] === undefined ? 32 : Number(match[5]);
  if (bytes.some((byte) => byte > 255) || prefix > 32) return undefined;
  const address = bytes.reduce((number, byte) => number * 256 + byte, 0);
  return { base: firstOf(address, prefix), prefix };
}

export function formatSubnet(subnet: Subnet): string {
  return `${formatAddress(subnet.base)}/${subnet.prefix}`;
}

/** The address with this number within the network. */
export function addressOf(subnet: Subnet, number: number): string {
  return formatAddress(subnet.base + number);
}

export function overlap(one: Subnet, other: Subnet): boolean {
  const prefix = Math.min(one.prefix, other.prefix);
  return firstOf(one.base, prefix) === firstOf(other.base, prefix);
}

/** The network that was asked for, or the first free one of the pool counted from `preferred`. */
export function chooseManagementSubnet(
  asked: string | undefined,
  preferred: number,
  routed: readonly Subnet[],
): Subnet {
  const taken = routed.filter((route) => route.prefix >= shortestPrefixThatCounts);
  if (asked !== undefined) return checkAsked(asked, taken);
  for (let step = 0; step < 256; step += 1) {
    const base = managementPool.base + ((preferred + step) % 256) * 256;
    const candidate = { base, prefix: networkPrefix };
    if (!taken.some((route) => overlap(route, candidate))) return candidate;
  }
  throw new OrdealError(
    'ALREADY_EXISTS',
    `every management network of ${formatSubnet(managementPool)} is already routed on this machine`,
    { remedy: 'Give a free /24 network as the subnet, or remove another embedded target.' },
  );
}

function checkAsked(asked: string, taken: readonly Subnet[]): Subnet {
  const subnet = parseSubnet(asked);
  if (subnet?.prefix !== networkPrefix || formatSubnet(subnet) !== asked) {
    const example = '"10.77.3.0/24"';
    throw new OrdealError(
      'INVALID_INPUT',
      `subnet is "${asked}"; it has to be an IPv4 /24 such as ${example}`,
    );
  }
  if (overlap(subnet, dataSubnet)) {
    const data = formatSubnet(dataSubnet);
    throw new OrdealError(
      'INVALID_INPUT',
      `subnet ${asked} is the data network of the embedded target (${data})`,
    );
  }
  const route = taken.find((candidate) => overlap(candidate, subnet));
  if (route !== undefined) {
    const message = `subnet ${asked} is already routed on this machine (${formatSubnet(route)})`;
    throw new OrdealError('ALREADY_EXISTS', message, {
      remedy: 'Choose another subnet, or leave it out: then a free one is found.',
    });
  }
  return subnet;
}

function firstOf(address: number, prefix: number): number {
  const size = 2 ** (32 - prefix);
  return Math.floor(address / size) * size;
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}
