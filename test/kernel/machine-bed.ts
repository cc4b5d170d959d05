import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lab } from '../../lab/lab.ts';
import type { Machine } from '../../lab/machine/machine.ts';
import { LabFiles } from '../../lab/state/lab-files.ts';
import { kernelUnderTest } from './kernel-under-test.ts';

/** What the kernel says when something in it went wrong; none of it belongs to a fault of Ordeal. */
const alarming =
  /WARNING:|BUG|Oops|general protection|Call Trace|soft lockup|hard LOCKUP|rcu.*stall|hung_task|blocked for more than|use-after-free|refcount_t/;

/** The modules of Ordeal, and what the tests use beside them. */
const modules = ['ordeal_net', 'ordeal_storage', 'ordeal_cpu', 'scsi_debug'];

/**
 * One machine with the kernel of ORDEAL_TEST_KERNEL and Ordeal's modules in it, for all tests of a file. What cannot start fails:
 * nothing here is skipped.
 */
export class MachineBed {
  readonly machine: Machine;
  readonly #lab: Lab;
  readonly #directory: string;

  private constructor(machine: Machine, lab: Lab, directory: string) {
    this.machine = machine;
    this.#lab = lab;
    this.#directory = directory;
  }

  /** With one processor, which emulation makes quickest; with two where a test is about what must hold between them. */
  static async start({ cpus = 1 }: { readonly cpus?: number } = {}): Promise<MachineBed> {
    const kernel = kernelUnderTest();
    const directory = await mkdtemp(join(tmpdir(), 'ordeal-kernel-'));
    const lab = new Lab(new LabFiles('test', join(directory, 'lab')));
    const progress = (line: string): void => void process.stderr.write(`# ${line}\n`);
    try {
      await lab.up({ hosts: 1, kernel, accelerator: 'auto', cpus, endsWithItsStarter: true, progress });
      const machine = await lab.machine('nfvi-1');
      // udev looks at each disk that was written, which would be counted.
      await machine.demand(
        'systemctl --quiet stop systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udevd.service',
      );
      await machine.demand(
        'for module in ordeal_net ordeal_storage ordeal_cpu; do modprobe $module || exit; done',
      );
      return new MachineBed(machine, lab, directory);
    } catch (error) {
      await lab.destroy().catch(() => undefined);
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Unloads the modules, and fails if one is not to be had back, or if the kernel has said anything alarming since it booted. */
  async end(): Promise<void> {
    try {
      const left = await this.machine.demand('cd /sys/kernel/config/ordeal; ls net/ storage/ cpu/');
      await this.machine.demand(
        `for module in ${modules.join(' ')} ordeal; do ! grep -q "^$module " /proc/modules || rmmod $module || exit; done`,
      );
      const log = await this.machine.demand('dmesg');
      const alarms = log.split('\n').filter((line) => alarming.test(line));
      assert.match(log, /Linux version/, 'the kernel log has lost its beginning');
      assert.deepEqual(alarms, [], 'the kernel log');
      assert.doesNotMatch(left, /^[^/]+$/m, 'faults that a test left');
    } finally {
      await this.discard();
    }
  }

  /** Removes the machine as it stands, also where it has died. */
  async discard(): Promise<void> {
    await this.#lab.destroy();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
