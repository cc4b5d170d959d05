import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentDelivery } from '../../lab/delivery/delivery.ts';
import { Lab } from '../../lab/lab.ts';
import type { Machine } from '../../lab/machine/machine.ts';
import { LabFiles } from '../../lab/state/lab-files.ts';
import { kernelUnderTest } from './kernel-under-test.ts';

/** What the kernel says when something in it went wrong; none of it belongs to a fault of Ordeal. */
const alarming =
  /WARNING:|BUG|Oops|general protection|Call Trace|soft lockup|hard LOCKUP|rcu.*stall|hung_task|blocked for more than|use-after-free|refcount_t/;

/** With the calls that led to it. */
const linesOfAnAlarm = 50;

interface Options {
  readonly cpus?: number;
  /** Beside what is in every image. */
  readonly extraPackages?: readonly string[];
  readonly agent?: AgentDelivery;
}

/** One machine with the kernel of ORDEAL_TEST_KERNEL, in a lab of its own. What cannot start fails: nothing here is skipped. */
export class LoneMachine {
  readonly machine: Machine;
  readonly #lab: Lab;
  readonly #directory: string;

  private constructor(machine: Machine, lab: Lab, directory: string) {
    this.machine = machine;
    this.#lab = lab;
    this.#directory = directory;
  }

  /** Starts it and makes it ready; where one of the two fails, nothing of it is left. */
  static async start(
    { agent, ...options }: Options,
    makeReady: (machine: Machine) => Promise<void>,
  ): Promise<LoneMachine> {
    const directory = await mkdtemp(join(tmpdir(), 'ordeal-kernel-'));
    const lab = new Lab(new LabFiles('test', join(directory, 'lab')));
    try {
      await lab.up({
        hosts: 1,
        kernel: kernelUnderTest(),
        accelerator: 'auto',
        endsWithItsStarter: true,
        ...(agent && { agentOf: async () => await Promise.resolve(agent) }),
        ...options,
        progress,
      });
      const machine = await lab.machine('nfvi-1');
      await makeReady(machine);
      return new LoneMachine(machine, lab, directory);
    } catch (error) {
      await lab.destroy().catch(() => undefined);
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Fails if the kernel has said anything alarming since it booted. */
  async expectNoAlarm(): Promise<void> {
    const log = await this.machine.demand('dmesg');
    assert.match(log, /Linux version/, 'the kernel log has lost its beginning');
    const lines = log.split('\n');
    const first = lines.findIndex((line) => alarming.test(line));
    const told = first === -1 ? [] : lines.slice(first, first + linesOfAnAlarm);
    assert.deepEqual(told, [], 'the kernel log');
  }

  /** Removes the machine as it stands, also where it has died. */
  async discard(): Promise<void> {
    await this.#lab.destroy();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

export function progress(line: string): void {
  process.stderr.write(`# ${line}\n`);
}
