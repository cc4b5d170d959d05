import { choose, seeded } from '../seeded.ts';
import type { RegisterName } from './processor-registers.ts';
import type { VmRegistersParameters } from './registers-descriptor.ts';

/** What one flip is to be: of which register, by which mask. */
export interface FlipChoice {
  /** From 0 up to 1, excluded: which of the processors, as many as there are. */
  readonly place: number;
  readonly register: RegisterName;
  readonly mask: bigint;
}

/** One after the other, by the seed alone: whatever the machine does meanwhile, the same ones in the same order. */
export function* flipChoices(
  seed: number,
  { registers, bitMask, bits }: Pick<VmRegistersParameters, 'registers' | 'bitMask' | 'bits'>,
): Generator<FlipChoice, never> {
  const random = seeded(seed, 'registers of a machine');
  const positions = bitsOf(BigInt(bitMask));
  for (;;) {
    const place = random();
    const register = registers[Math.floor(random() * registers.length)] ?? registers[0] ?? 'ax';
    const chosen = choose(bits, positions.length, random);
    const mask = chosen.reduce((all, index) => all | (1n << (positions[index] ?? 0n)), 0n);
    yield { place, register, mask };
  }
}

function bitsOf(mask: bigint): bigint[] {
  return Array.from({ length: 64 }, (_, bit) => BigInt(bit)).filter((bit) => (mask >> bit) & 1n);
}
