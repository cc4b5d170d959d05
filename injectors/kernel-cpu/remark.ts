import type { FaultStatus } from '../kernel-fault/status.ts';

/** What the module tells of processors and of whom it spared, for people. */
export function remarkOf({ lines }: FaultStatus): string | undefined {
  const told = (name: string, words: (value: string) => string): string[] => {
    const value = lines[name] ?? '';
    return ['', '0'].includes(value) ? [] : [words(value)];
  };
  const parts = [
    ...told('steal_permille', (shares) => `it took ${shares.split(' ').map(shareOf).join(', ')}`),
    ...told('found_off', (cpus) => `found off already, and left so: ${cpus}`),
    ...told('refused', (cpus) => `not taken off by the kernel: ${cpus}`),
    ...told('brought_back_by_others', (cpus) => `brought back by somebody else before its end: ${cpus}`),
    ...told('spared', (count) => `${count} triggers met Ordeal's own processes, which are spared`),
    ...told('flips_lost', (count) => `${count} flips were not kept one by one`),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** "1=499", in thousandths. */
function shareOf(pair: string): string {
  const [number = '', permille = ''] = pair.split('=');
  return `${(Number(permille) / 10).toFixed(1)} % of processor ${number}`;
}
