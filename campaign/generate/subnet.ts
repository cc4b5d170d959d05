import { isIPv4 } from 'node:net';

/** The IPv4 network of an address with its prefix, such as 198.18.7.0 of 198.18.7.2/24; undefined where it joins no more than two. */
export function subnetOf(address: string): string | undefined {
  const [host = '', length = ''] = address.split('/');
  const bits = Number(length);
  if (!isIPv4(host) || !(bits >= 8 && bits <= 30)) return undefined;
  const number = host.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const network = number - (number % 2 ** (32 - bits));
  return [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.');
}
