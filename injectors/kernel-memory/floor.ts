import { readFile } from 'node:fs/promises';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { bytesOf } from '../portion.ts';

/** kmod/memory/attributes.c: LEAST_FLOOR_BYTES. */
const leastBytes = 16 * 1024 ** 2;

/** What programs are to be left, in bytes, of the memory that /proc/meminfo tells of; refuses what would be no fault, and what would be the end of the host. */
export function floorIn(floor: string, meminfo: string): number {
  const bytes = bytesOf(floor, kibibytesIn(meminfo, 'MemTotal'));
  const available = kibibytesIn(meminfo, 'MemAvailable');
  if (bytes < leastBytes)
    throw refused(
      `floor: ${floor} is ${bytes} bytes, and ${leastBytes} (16MiB) is the least that is left to programs`,
    );
  if (bytes >= available)
    throw refused(
      `floor: ${floor} is ${bytes} bytes, and programs could have only ${available} more: nothing would be taken`,
    );
  return bytes;
}

export async function readMeminfo(): Promise<string> {
  return await readFile('/proc/meminfo', 'utf8');
}

function kibibytesIn(meminfo: string, name: string): number {
  const [, found] = new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(meminfo) ?? [];
  if (found !== undefined) return Number(found) * 1024;
  throw new OrdealError('UNSUPPORTED', `/proc/meminfo does not tell ${name}`);
}

function refused(what: string): OrdealError {
  return new OrdealError('INVALID_INPUT', what);
}
