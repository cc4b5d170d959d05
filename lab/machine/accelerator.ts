import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Accelerator } from './machine-spec.ts';

export const acceleratorChoices = ['auto', 'kvm', 'tcg'] as const;
export type AcceleratorChoice = (typeof acceleratorChoices)[number];

interface Choice {
  readonly accelerator: Accelerator;
  /** For people. */
  readonly because: string;
}

const device = '/dev/kvm';
/** A kernel under KVM is at this point after a second. Where it is not by then, emulation is no slower. */
const probeWithinMs = 15_000;
/** What a kernel says that has started all of itself and, as it was given none, finds no root: nothing short of a whole boot comes so far. */
const wholeBoot = 'Unable to mount root fs';

/** KVM where a machine really boots with it: a device that opens says little, as where virtual machines run in one another. */
export async function chooseAccelerator(choice: AcceleratorChoice, vmlinuz: string): Promise<Choice> {
  if (choice !== 'auto') return { accelerator: choice, because: 'it was asked for' };
  const mayOpen = await access(device, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!mayOpen) return { accelerator: 'tcg', because: `${device} cannot be opened` };
  return (await bootsWithKvm(vmlinuz))
    ? { accelerator: 'kvm', because: 'a kernel boots with it' }
    : { accelerator: 'tcg', because: `${device} is there, but no kernel boots with it` };
}

/** Starts a kernel alone, without a disk, and waits for its last words. */
async function bootsWithKvm(vmlinuz: string): Promise<boolean> {
  const machine = [
    '-machine',
    'q35,accel=kvm',
    '-cpu',
    'host',
    '-m',
    '256',
    '-nodefaults',
    '-no-user-config',
  ];
  const console = ['-display', 'none', '-no-reboot', '-serial', 'stdio'];
  const kernel = ['-kernel', vmlinuz, '-append', 'console=ttyS0 panic=-1'];
  const child = spawn('qemu-system-x86_64', [...machine, ...console, ...kernel], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'close').catch(() => undefined);
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')));
  await Promise.race([ended, sleep(probeWithinMs, undefined, { ref: false })]);
  child.kill('SIGKILL');
  await ended;
  return said.includes(wholeBoot);
}
