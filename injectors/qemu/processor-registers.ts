import type { GdbStub } from './gdb-stub.ts';

/** The registers of 64 bits in the order in which the stub has them, and the flags behind them. */
const names = [
  ...['ax', 'bx', 'cx', 'dx', 'si', 'di', 'bp', 'sp'],
  ...['r8', 'r9', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15', 'ip'],
] as const;
export const registerNames = names;
export type RegisterName = (typeof names)[number];

const bytes = 8;
/** Behind those of 64 bits are the flags, of 32, and then the code segment. */
const codeSegmentAt = names.length * bytes + 4;

/** What one processor has in its registers while the machine stands. */
export interface ProcessorRegisters {
  readonly values: Readonly<Record<RegisterName, bigint>>;
  /** Whether it runs a program, by the privilege of its code segment; else it runs the machine's kernel. */
  readonly runsProgram: boolean;
}

export async function readRegisters(stub: GdbStub, processor: string): Promise<ProcessorRegisters> {
  await stub.ask(`Hg${processor}`);
  return parseRegisters(await stub.ask('g'));
}

/** Of the processor that was read last. */
export async function writeRegister(stub: GdbStub, name: RegisterName, value: bigint): Promise<void> {
  const number = names.indexOf(name).toString(16);
  await stub.ask(`P${number}=${littleEndian(value)}`);
}

export function parseRegisters(hex: string): ProcessorRegisters {
  const all = Buffer.from(hex, 'hex');
  const values = Object.fromEntries(
    names.map((name, index) => [name, all.readBigUInt64LE(index * bytes)]),
  ) as Record<RegisterName, bigint>;
  return { values, runsProgram: (all.readUInt32LE(codeSegmentAt) & 3) === 3 };
}

export function littleEndian(value: bigint): string {
  const buffer = Buffer.alloc(bytes);
  buffer.writeBigUInt64LE(value);
  return buffer.toString('hex');
}
