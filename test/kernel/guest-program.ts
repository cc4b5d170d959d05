import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../command/run.ts';
import type { Machine } from '../../lab/machine/machine.ts';

/** Compiles guest/<name>.c here, and puts the program into the machine; answers where it is there. */
export async function bringProgram(machine: Machine, name: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-guest-'));
  const path = `/root/${name}`;
  try {
    const program = join(directory, name);
    const source = join(import.meta.dirname, 'guest', `${name}.c`);
    await run('gcc', ['-O1', '-static', '-no-pie', '-o', program, source], { timeoutMs: 60_000 });
    await machine.writeFile(path, await readFile(program));
    await machine.demand(['chmod', '+x', path]);
  } finally {
    await rm(directory, { recursive: true });
  }
  return path;
}
