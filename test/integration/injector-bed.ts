import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../command/run.ts';
import { mountedHierarchies } from '../../procfs/cgroup-hierarchies.ts';
import { readBootId } from '../../procfs/identity.ts';
import type { Injection } from '../../injectors/injector.ts';
import type { ContainerTarget, NicTarget } from '../../injectors/target.ts';

export const skip = process.geteuid?.() === 0 ? false : 'needs root: it makes cgroups and network namespaces';

/** Names of this run and test alone: others may test on this machine at the same time. */
function uniqueName(): string {
  return `ordtest-${randomBytes(4).toString('hex')}`;
}

export async function onThisHost(): Promise<{ host: string; bootId: string }> {
  return { host: 'here', bootId: await readBootId() };
}

export function injectionOn(target: Injection['target'], given: Partial<Injection> = {}): Injection {
  const defaults: Injection = {
    id: uniqueName(),
    target,
    parameters: {},
    mode: { kind: 'permanent' },
    seed: 20261121,
    // Longer than any test takes: each ends its faults itself.
    durationUs: 600_000_000,
  };
  return { ...defaults, ...given };
}

/** A cgroup of its own in every hierarchy, with processes in it that are ended with the test. */
export class TestContainer {
  readonly name: string;
  readonly #children: ChildProcess[] = [];

  private constructor(name: string) {
    this.name = name;
  }

  static async make(context: TestContext, name = uniqueName()): Promise<TestContainer> {
    const container = new TestContainer(name);
    context.after(async () => {
      await container.remove();
    });
    for (const directory of await container.directories()) await mkdir(directory);
    return container;
  }

  async directories(): Promise<string[]> {
    // A v1 cpuset takes no process before it is configured; no fault is about it.
    const joined = (await mountedHierarchies()).filter(({ controllers }) => !controllers.includes('cpuset'));
    return joined.map(({ mountPoint }) => join(mountPoint, this.name));
  }

  async file(name: string): Promise<string> {
    for (const directory of await this.directories()) {
      if ((await readdir(directory)).includes(name)) return join(directory, name);
    }
    throw new Error(`no hierarchy has ${name} for ${this.name}`);
  }

  async target(given: Partial<ContainerTarget> = {}): Promise<ContainerTarget> {
    const hierarchies = await mountedHierarchies();
    const identifying =
      hierarchies.find(({ version }) => version === 2) ??
      hierarchies.find(({ controllers }) => controllers.includes('freezer'));
    const { ino } = await stat(join(identifying?.mountPoint ?? '', this.name));
    const place = { name: this.name, cgroup: this.name, cgroupId: ino };
    return { kind: 'container', ...(await onThisHost()), ...place, ...given };
  }

  /** Starts a program in the container; its pid, as the machine sees it, is that of the first process. */
  async start(argv: readonly string[]): Promise<number> {
    const files = (await this.directories()).map((directory) => join(directory, 'cgroup.procs'));
    const script =
      'n=$1; shift; while [ $n -gt 0 ]; do echo 0 > "$1" || exit 1; shift; n=$((n-1)); done; exec "$@"';
    const child = spawn('sh', ['-c', script, 'sh', String(files.length), ...files, ...argv], {
      stdio: 'ignore',
    });
    this.#children.push(child);
    const { pid } = child;
    if (pid === undefined) throw new Error('sh did not start');
    while ((await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'sh')).trim() === 'sh') {
      if (child.exitCode !== null) throw new Error(`${argv.join(' ')} did not start in ${this.name}`);
      await sleep(2);
    }
    return pid;
  }

  /** A process that would use all of a CPU. */
  async spin(): Promise<number> {
    return await this.start(['perl', '-e', '1 while 1']);
  }

  /** What a fault could have changed and not restored. */
  async state(): Promise<string[]> {
    const watched = [
      'freezer.state',
      'cgroup.freeze',
      'cpu.cfs_quota_us',
      'cpu.cfs_period_us',
      'cpu.max',
      'memory.limit_in_bytes',
      'memory.memsw.limit_in_bytes',
      'memory.max',
      'memory.swap.max',
    ];
    const lines: string[] = [];
    for (const directory of await this.directories()) {
      for (const file of watched) {
        const text = await readFile(join(directory, file), 'utf8').catch(() => undefined);
        if (text !== undefined) lines.push(`${join(directory, file)}: ${text.trim()}`);
      }
    }
    return lines;
  }

  async remove(): Promise<void> {
    for (const directory of await this.directories()) {
      for (const pid of (await readFile(join(directory, 'cgroup.procs'), 'utf8').catch(() => '')).split(
        '\n',
      )) {
        if (pid !== '') signalUnlessGone(Number(pid));
      }
    }
    for (const child of this.#children) {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        await ended;
      }
    }
    for (const directory of await this.directories()) await removeWhenEmpty(directory);
  }
}

const links = ['target0', 'beside0'] as const;

/**
 * Two namespaces, joined twice: by `target0`, which is for faults, and by `beside0`, which no fault may touch. Only what a test
 * sends runs on them: addresses of neighbours are fixed, and IPv6 is off.
 */
export class TestNetwork {
  readonly victim = uniqueName();
  readonly peer = uniqueName();

  static async make(context: TestContext): Promise<TestNetwork> {
    const network = new TestNetwork();
    context.after(async () => {
      await network.remove();
    });
    const { victim, peer } = network;
    await run('ip', ['netns', 'add', victim]);
    await run('ip', ['netns', 'add', peer]);
    for (const link of links) await network.join(link);
    return network;
  }

  async join(link: (typeof links)[number]): Promise<void> {
    const { victim, peer } = this;
    const index = links.indexOf(link);
    const macs = { victim: `02:00:00:00:0${index}:01`, peer: `02:00:00:00:0${index}:02` };
    const ends = `link add ${link} address ${macs.victim} netns ${victim} type veth peer name ${link} address ${macs.peer} netns ${peer}`;
    await run('ip', ends.split(' '));
    for (const [namespace, own, other, mac] of [
      [victim, 1, 2, macs.peer],
      [peer, 2, 1, macs.victim],
    ] as const) {
      const commands = [
        `link set ${link} addrgenmode none up`,
        `address add 10.77.${index}.${own}/24 dev ${link}`,
        `neigh replace 10.77.${index}.${other} lladdr ${mac} dev ${link} nud permanent`,
      ];
      await run('ip', ['-netns', namespace, '-batch', '-'], { input: commands.join('\n') });
    }
  }

  async inode(): Promise<number> {
    return (await stat(`/run/netns/${this.victim}`)).ino;
  }

  async nic(name = 'target0'): Promise<NicTarget> {
    const json: unknown = JSON.parse(await run('ip', ['-netns', this.victim, '-json', 'link', 'show', name]));
    const link: unknown = Array.isArray(json) ? json[0] : undefined;
    if (typeof link !== 'object' || link === null || !('ifindex' in link)) throw new Error(`no link ${name}`);
    return {
      kind: 'nic',
      ...(await onThisHost()),
      name,
      netns: await this.inode(),
      ifindex: Number(link.ifindex),
    };
  }

  async ruleset(): Promise<string> {
    return await run('nsenter', [`--net=/run/netns/${this.victim}`, 'nft', 'list', 'ruleset']);
  }

  async queues(): Promise<string> {
    return await run('tc', ['-netns', this.victim, 'qdisc', 'show']);
  }

  async remove(): Promise<void> {
    const present = await readdir('/run/netns').catch((): string[] => []);
    for (const name of [this.victim, this.peer])
      if (present.includes(name)) await run('ip', ['netns', 'delete', name]);
  }
}

function signalUnlessGone(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in between, which is what was wanted.
  }
}

async function removeWhenEmpty(directory: string): Promise<void> {
  // A process that was killed leaves its cgroup only when the kernel is done with it; a frozen one not before it is thawed.
  for (const [file, text] of [
    ['freezer.state', 'THAWED'],
    ['cgroup.freeze', '0'],
  ] as const) {
    await writeFile(join(directory, file), text, { flag: 'r+' }).catch(() => undefined);
  }
  for (let attempt = 0; ; attempt += 1) {
    const code = await rmdir(directory).then(
      () => undefined,
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : 'unknown'),
    );
    if (code === undefined || code === 'ENOENT') return;
    if (attempt > 200) throw new Error(`${directory} was not removed: ${JSON.stringify(code)}`);
    await sleep(10);
  }
}
