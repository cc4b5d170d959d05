import { counted } from '../../errors/counted.ts';
import { remarksOf } from '../kernel-fault/remarks.ts';
import type { FaultStatus } from '../kernel-fault/status.ts';

/** What the module tells of processors and of whom it spared, for people. */
export function remarkOf(status: FaultStatus): string | undefined {
  return remarksOf(status, {
    steal_permille: (shares) => `it took ${shares.split(' ').map(shareOf).join(', ')}`,
    found_off: (cpus) => `found off already, and left so: ${cpus}`,
    refused: (cpus) => `not taken off by the kernel: ${cpus}`,
    brought_back_by_others: (cpus) => `brought back by somebody else before its end: ${cpus}`,
    spared: (count) => `${counted(Number(count), 'trigger')} met Ordeal's own processes, which are spared`,
    flips_lost: (count) => `${counted(Number(count), 'flip was', 'flips were')} not kept one by one`,
  });
}

/** "1=499", in thousandths. */
function shareOf(pair: string): string {
  const [number = '', permille = ''] = pair.split('=');
  return `${(Number(permille) / 10).toFixed(1)} % of processor ${number}`;
}
