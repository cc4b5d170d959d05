import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mountedHierarchies, type Hierarchy } from '../../procfs/cgroup-hierarchies.ts';

/** A cgroup with one process in it, in every hierarchy that faults act on, as a container has it. */
export class TestContainer {
  readonly name: string;
  readonly cgroup: string;
  readonly #hierarchies: readonly Hierarchy[];
  readonly #child: ChildProcess;

  private constructor(cgroup: string, name: string, hierarchies: readonly Hierarchy[], child: ChildProcess) {
    this.cgroup = cgroup;
    this.name = name;
    this.#hierarchies = hierarchies;
    this.#child = child;
  }

  static async make(parent: string, name: string): Promise<TestContainer> {
    const acted = ['cpu', 'freezer', 'memory', 'pids'];
    const hierarchies = (await mountedHierarchies()).filter(
      ({ version, controllers }) => version === 2 || controllers.some((one) => acted.includes(one)),
    );
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const container = new TestContainer(`${parent}/${name}`, name, hierarchies, child);
    for (const { mountPoint, version } of hierarchies) {
      const directory = join(mountPoint, parent, name);
      await mkdir(directory, { recursive: true });
      if (version === 2) await enableCpu(mountPoint, parent);
      await writeFile(join(directory, 'cgroup.procs'), String(child.pid));
    }
    return container;
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error('the process of the container did not start');
    return pid;
  }

  async isFrozen(): Promise<boolean> {
    const states = await this.#read(['cgroup.freeze', 'freezer.state']);
    return states.some((state) => state === '1' || state.startsWith('FR'));
  }

  async hasQuota(): Promise<boolean> {
    const [limit = 'max'] = await this.#read(['cpu.max', 'cpu.cfs_quota_us']);
    return !limit.startsWith('max') && limit !== '-1';
  }

  async hasMemoryLimit(): Promise<boolean> {
    const [limit = 'max'] = await this.#read(['memory.max', 'memory.limit_in_bytes']);
    // Version 1 says a number beyond any memory where there is none.
    return limit !== 'max' && Number(limit) < 2 ** 62;
  }

  /** As somebody else than Ordeal may. */
  async thaw(): Promise<void> {
    await this.#write('cgroup.freeze', '0');
    await this.#write('freezer.state', 'THAWED');
  }

  /** Puts another process into it. */
  async add(pid: number): Promise<void> {
    for (const { mountPoint } of this.#hierarchies) {
      await writeFile(join(mountPoint, this.cgroup, 'cgroup.procs'), String(pid));
    }
  }

  /** Also of what a fault left, so that a test that fails leaves the machine as it was. */
  async remove(): Promise<void> {
    await this.thaw();
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await exited;
    }
    for (const { mountPoint } of this.#hierarchies) {
      await removeSoon(join(mountPoint, this.cgroup));
      await rmdir(join(mountPoint, this.cgroup, '..')).catch(() => undefined);
    }
  }

  async #read(files: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (const { mountPoint } of this.#hierarchies) {
      for (const file of files) {
        const text = await readFile(join(mountPoint, this.cgroup, file), 'utf8').catch(() => undefined);
        if (text !== undefined) found.push(text.trim());
      }
    }
    return found;
  }

  async #write(file: string, text: string): Promise<void> {
    for (const { mountPoint } of this.#hierarchies) {
      await writeFile(join(mountPoint, this.cgroup, file), text, { flag: 'r+' }).catch(() => undefined);
    }
  }
}

/** On a host of version 2 alone the controllers are handed down level by level. */
async function enableCpu(mountPoint: string, parent: string): Promise<void> {
  for (const directory of [mountPoint, join(mountPoint, parent)]) {
    await writeFile(join(directory, 'cgroup.subtree_control'), '+cpu').catch(() => undefined);
  }
}

/** The kernel lets go of a cgroup a moment after the end of its last process. */
async function removeSoon(directory: string): Promise<void> {
  for (let tries = 100; tries > 0; tries -= 1) {
    const gone = await rmdir(directory).then(
      () => true,
      (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT',
    );
    if (gone) return;
    await sleep(20);
  }
  throw new Error(`${directory} cannot be removed`);
}
