import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lab } from '../../lab/lab.ts';
import type { Machine } from '../../lab/machine/machine.ts';
import { LabFiles } from '../../lab/state/lab-files.ts';
import type { Place } from '../place.ts';

/** A machine of a lab of its own, with what the modules are compared with, so that all of it is measured in one boot. */
export async function bootGuest(place: Place, packages: readonly string[], cpus?: number): Promise<Machine> {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-bench-lab-'));
  place.after(async () => {
    await rm(directory, { recursive: true, force: true });
  });
  const lab = new Lab(new LabFiles('bench', directory));
  const progress = (line: string): void => {
    process.stdout.write(`  ${line}\n`);
  };
  place.after(async () => {
    await lab.destroy();
  });
  await lab.up({
    hosts: 1,
    ...(cpus === undefined ? {} : { cpus }),
    kernel: '6.1',
    accelerator: 'auto',
    extraPackages: packages,
    endsWithItsStarter: true,
    progress,
  });
  const machine = await lab.machine('nfvi-1');
  place.after(() => {
    machine.close();
  });
  return machine;
}

/** For the document: on what kernel, and whether it was emulated. */
export async function guestNote(machine: Machine): Promise<string> {
  const release = (await machine.demand(['uname', '-r'])).trim();
  return `Linux ${release} in a machine that booted in ${(machine.bootMs / 1000).toFixed(0)} s`;
}
