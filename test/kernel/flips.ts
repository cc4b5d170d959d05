import type { Machine } from '../../lab/machine/machine.ts';
import type { KernelFault } from './kernel-fault.ts';

/** One line of the record that a fault keeps of what it flipped. */
interface Flip {
  readonly index: number;
  readonly register: string;
  /** Which bits. */
  readonly bits: bigint;
  readonly pid: string;
  readonly name: string;
}

export async function flipsOf(machine: Machine, fault: KernelFault): Promise<Flip[]> {
  const said = await machine.demand(['cat', `${fault.directory}/flips`]);
  const lines = said.split('\n').filter(Boolean);
  return lines.map((line) => {
    const [, index = '', register = '', before = '', after = '', pid = '', , , name = ''] = line.split(' ');
    return { index: Number(index), register, bits: BigInt(before) ^ BigInt(after), pid, name };
  });
}

/** What all of them together changed: what was flipped twice is as it was. */
export function together(flips: readonly Flip[]): Record<string, bigint> {
  const changes: Record<string, bigint> = {};
  for (const { register, bits } of flips) changes[register] = (changes[register] ?? 0n) ^ bits;
  return Object.fromEntries(Object.entries(changes).filter(([, bits]) => bits !== 0n));
}
