import type { Machine } from '../../lab/machine/machine.ts';
import type { Changed } from './guest-mappings.ts';
import type { KernelFault } from './kernel-fault.ts';

/** One line of the record that a fault keeps of what it changed in memory. */
interface Corruption {
  readonly index: number;
  readonly kind: string;
  readonly address: bigint;
  readonly before: Buffer;
  readonly after: Buffer;
  readonly pid: string;
}

export async function corruptionsOf(machine: Machine, fault: KernelFault): Promise<Corruption[]> {
  const said = await machine.demand(['cat', `${fault.directory}/corruptions`]);
  const lines = said.split('\n').filter(Boolean);
  return lines.map((line) => {
    const [, index = '', kind = '', address = '', before = '', after = '', pid = ''] = line.split(' ');
    const bytes = (text: string): Buffer => Buffer.from(text, 'hex');
    return {
      index: Number(index),
      kind,
      address: BigInt(address),
      before: bytes(before),
      after: bytes(after),
      pid,
    };
  });
}

/** What one of them changed, as the program would say it whose piece of memory begins there. */
export function changesBy({ kind, address, before, after }: Corruption, begin: bigint): Changed[] {
  const first = Number(address - begin);
  return [...before].flatMap((byte, at) => {
    const now = after[at] ?? byte;
    return now === byte ? [] : [{ kind, offset: first + at, before: byte, now }];
  });
}
