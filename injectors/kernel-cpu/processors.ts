import { access, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';

/** Linux knows no more of them. */
const highestNumber = 8_191;
const directory = '/sys/devices/system/cpu';

/** The parameter by which processors are chosen; `usual` says which ones are meant where it is not given. */
export function cpusParameter(usual: string) {
  return z
    .string()
    .refine((text) => parseCpuList(text) !== undefined, 'must be a list of processors like "0-3,5"')
    .optional()
    .describe(`Which processors, as a list like "0-3,5". By default ${usual}.`);
}

/** "0-3,5" as numbers, in rising order; undefined where it is no such list. */
export function parseCpuList(text: string): number[] | undefined {
  const numbers = new Set<number>();
  for (const part of text.split(',')) {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first) || Number(last) > highestNumber) return undefined;
    for (let number = Number(first); number <= Number(last); number += 1) numbers.add(number);
  }
  return [...numbers].sort((one, other) => one - other);
}

/** As the kernel writes it, whatever the order and the overlaps of who asked. */
export function formatCpuList(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range?.[1] === number - 1) range[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

export async function processorsOn(): Promise<number[]> {
  return parseCpuList((await readFile(`${directory}/online`, 'utf8')).trim()) ?? [];
}

/** Those that were asked for, all of which are on. */
export async function chosenProcessors(
  asked: string | undefined,
  usual: (on: readonly number[]) => readonly number[],
): Promise<readonly number[]> {
  const on = await processorsOn();
  const chosen = asked === undefined ? usual(on) : (parseCpuList(asked) ?? []);
  const off = chosen.find((number) => !on.includes(number));
  if (off === undefined) return chosen;
  throw new OrdealError(
    'NO_TARGET',
    `cpus: there is no processor ${off} that is on; those on are ${formatCpuList(on)}`,
  );
}

/** Refuses what would leave no processor, or one that the machine cannot be without. */
export async function refuseToTakeOff(chosen: readonly number[]): Promise<void> {
  const on = await processorsOn();
  if (on.every((number) => chosen.includes(number))) {
    const all = formatCpuList(chosen);
    throw new OrdealError('INVALID_INPUT', `cpus: one processor has to stay on, and ${all} are all`);
  }
  for (const number of chosen) {
    if (await canBeTakenOff(number)) continue;
    throw new OrdealError('UNSUPPORTED', `cpus: this machine cannot take processor ${number} off`);
  }
}

/** Processor 0 of most machines cannot. */
export async function canBeTakenOff(number: number): Promise<boolean> {
  return await access(switchOf(number)).then(
    () => true,
    () => false,
  );
}

export function switchOf(number: number): string {
  return `${directory}/cpu${number}/online`;
}
