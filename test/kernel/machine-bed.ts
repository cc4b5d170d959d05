import assert from 'node:assert/strict';
import type { Machine } from '../../lab/machine/machine.ts';
import { LoneMachine } from './lone-machine.ts';

/** The modules of Ordeal, and what the tests use beside them. */
const modules = ['ordeal_net', 'ordeal_storage', 'ordeal_cpu', 'ordeal_memory', 'scsi_debug'];

interface Options {
  /** One is quickest under emulation; two where a test is about what must hold between them. */
  readonly cpus?: number;
  readonly extraPackages?: readonly string[];
}

/** One machine with Ordeal's modules in it, for all tests of a file. */
export class MachineBed {
  readonly #lone: LoneMachine;

  private constructor(lone: LoneMachine) {
    this.#lone = lone;
  }

  static async start({ cpus = 1, extraPackages = [] }: Options = {}): Promise<MachineBed> {
    return new MachineBed(await LoneMachine.start({ cpus, extraPackages }, prepare));
  }

  get machine(): Machine {
    return this.#lone.machine;
  }

  /** Unloads the modules, and fails if one is not to be had back, or if the kernel has said anything alarming since it booted. */
  async end(): Promise<void> {
    try {
      const left = await this.machine.demand('cd /sys/kernel/config/ordeal; ls net/ storage/ cpu/ memory/');
      await this.machine.demand(
        `for module in ${modules.join(' ')} ordeal; do ! grep -q "^$module " /proc/modules || rmmod $module || exit; done`,
      );
      await this.#lone.expectNoAlarm();
      assert.doesNotMatch(left, /^[^/]+$/m, 'faults that a test left');
    } finally {
      await this.discard();
    }
  }

  /** Removes the machine as it stands, also where it has died. */
  async discard(): Promise<void> {
    await this.#lone.discard();
  }
}

async function prepare(machine: Machine): Promise<void> {
  // udev looks at each disk that was written, which would be counted.
  await machine.demand(
    'systemctl --quiet stop systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udevd.service',
  );
  await machine.demand(
    'for module in ordeal_net ordeal_storage ordeal_cpu ordeal_memory; do modprobe $module || exit; done',
  );
}
