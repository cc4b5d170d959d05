import type { Proof } from '../proof.ts';
import { countingAnswers, pings } from '../witness/pinging.ts';

const addresses = { 'nfvi-1': '198.18.7.1', 'nfvi-2': '198.18.7.2' } as const;

/** A host that goes down as a whole: only another one can tell. */
export const crash: readonly Proof[] = [
  {
    cell: 'physical.cpu.unavailability',
    on: 'host',
    mechanism: 'kernel-panic',
    asked: 'a panic, and a reboot at once',
    company: 'crash',
    set: async ({ beside }) =>
      await Promise.resolve({
        target: 'host/nfvi-1',
        parameters: { meant: true },
        victim: countingAnswers(beside, addresses['nfvi-1']),
        neighbour: countingAnswers(beside, addresses['nfvi-2']),
        isHit: (answers) => answers === 0,
        isWell: (answers) => answers === pings.count,
      }),
  },
];
