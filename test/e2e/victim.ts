import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { run } from '../../command/run.ts';
import type { EmbeddedHost, EmbeddedSystem } from '../../embedded/layout.ts';
import { until } from '../until.ts';

/** In bytes. */
interface Reading {
  readonly all: number;
  readonly fromDisk: number;
}

/** What processes that know nothing of Ordeal see of a replica: the front that talks to it, and a computation within it. */
export class Victim {
  readonly #front: string;
  readonly #host: EmbeddedHost;

  constructor(system: EmbeddedSystem, host: string) {
    const found = system.hosts.find(({ name }) => name === host);
    if (found === undefined) throw new Error(`the embedded target has no host ${host}`);
    this.#front = system.front.netns;
    this.#host = found;
  }

  /** The share of pings from the front to the container that are not answered within half a second of the last. */
  async lostPings(count: number): Promise<number> {
    const args = ['-c', String(count), '-i', '0.02', '-W', '0.5', '-q', this.#host.container.address];
    const output = await this.#fromFront('ping', args);
    const answered = /(\d+) received/.exec(output)?.[1];
    if (answered === undefined) throw new Error(`ping said: ${output}`);
    return 1 - Number(answered) / count;
  }

  /** Resolves when every one of so many pings has come back, as the kernel of the front counts them, however late. */
  async answersPings(count: number): Promise<void> {
    const before = await this.#answeredPings();
    await this.lostPings(count);
    await until(`${count} pings come back`, async () => (await this.#answeredPings()) >= before + count);
  }

  /** How long the slowest of some large pings took to come back that are sent all at once; none may be lost. */
  async slowestPingMs(): Promise<number> {
    const args = ['-c', '40', '-l', '40', '-s', '1000', '-W', '60', '-q', this.#host.container.address];
    const output = await this.#fromFront('ping', args);
    const slowest = /rtt min\/avg\/max\/mdev = [\d.]+\/[\d.]+\/([\d.]+)\//.exec(output)?.[1];
    if (slowest === undefined || !output.includes(' 0% packet loss')) throw new Error(`ping said: ${output}`);
    return Number(slowest);
  }

  /** What packets may wait in on the host and in the container, as tc has it. */
  async queues(): Promise<string> {
    const namespaces = [this.#host.netns, `/proc/${(await this.init()) ?? ''}/ns/net`];
    const shown = namespaces.map(async (netns) => await run('nsenter', [`--net=${netns}`, 'tc', 'qdisc']));
    return (await Promise.all(shown)).join('');
  }

  /** Whether nginx in the container answers a request within a second. */
  async answers(): Promise<boolean> {
    const url = `http://${this.#host.container.address}/`;
    const script = `fetch(${JSON.stringify(url)},{signal:AbortSignal.timeout(1000)}).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))`;
    return await this.#fromFront(process.execPath, ['-e', script]).then(
      () => true,
      () => false,
    );
  }

  /** Has a process that does nothing but compute in the container's cgroup meanwhile. */
  async computing<Result>(meanwhile: (pid: number) => Promise<Result>): Promise<Result> {
    const spinner = await this.#inContainer('perl', ['-e', '<STDIN>; 1 while 1']);
    try {
      spinner.stdin.write('go\n');
      return await meanwhile(spinner.pid ?? 0);
    } finally {
      const ended = once(spinner, 'exit');
      spinner.kill('SIGKILL');
      await ended;
    }
  }

  /** The processes of the container, those that a fault has put there with the rest. */
  async processes(): Promise<number[]> {
    const [file = ''] = cgroupFiles(this.#host.container.cgroup, 'cgroup.procs');
    return (await readFile(file, 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
      .map(Number);
  }

  /** How many periods its quota has cut short, ever. */
  async throttledPeriods(): Promise<number> {
    const files = cgroupFiles(this.#host.container.cgroup, 'cpu.stat');
    const texts = await Promise.all(files.map(async (file) => await readFile(file, 'utf8')));
    return Math.max(...texts.map((text) => Number(/^nr_throttled (\d+)$/m.exec(text)?.[1] ?? 0)));
  }

  /** Whether a process in the container's cgroup that asks for so much memory, and writes to all of it, gets it. */
  async obtains(mebibytes: number): Promise<boolean> {
    const script = `<STDIN>; $m = 'x' x (${mebibytes} << 20)`;
    const asking = await this.#inContainer('perl', ['-e', script]);
    const ended = once(asking, 'exit');
    asking.stdin.end('go\n');
    return (await ended)[0] === 0;
  }

  /** Whether a process in the container's cgroup can write a new file in this directory. */
  async writes(directory: string): Promise<boolean> {
    const script = `<STDIN>; open my $out, '>', $ARGV[0] or exit 1; print $out 'x' x 65536; close $out or $failed = 1; unlink $ARGV[0]; exit $failed`;
    const writer = await this.#inContainer('perl', ['-e', script, join(directory, 'victim')]);
    const ended = once(writer, 'exit');
    writer.stdin.end('go\n');
    return (await ended)[0] === 0;
  }

  /** Has a process in the container's cgroup read the same small file again and again meanwhile; `read` counts what it has read, ever, and from the disk. */
  async rereading<Result>(meanwhile: (read: () => Promise<Reading>) => Promise<Result>): Promise<Result> {
    const directory = await mkdtemp('/var/tmp/ordeal-victim-');
    const file = join(directory, 'file');
    // Memory is charged to who first makes use of it, so the file is written there too.
    const script = `use IO::Handle; <STDIN>; open my $out, '>', $ARGV[0]; print $out 'x' x (8 << 20); $out->flush; $out->sync; while (1) { open my $in, '<', $ARGV[0]; 1 while sysread $in, my $b, 65536; select undef, undef, undef, 0.01 }`;
    const reader = await this.#inContainer('perl', ['-e', script, file]);
    try {
      reader.stdin.write('go\n');
      return await meanwhile(async () => ({
        all: await countedOf(reader.pid, 'rchar'),
        fromDisk: await countedOf(reader.pid, 'read_bytes'),
      }));
    } finally {
      const ended = once(reader, 'exit');
      reader.kill('SIGKILL');
      await ended;
      await rm(directory, { recursive: true });
    }
  }

  /** Whether the kernel holds the container's processes still. */
  async isFrozen(): Promise<boolean> {
    for (const file of cgroupFiles(this.#host.container.cgroup, 'cgroup.events')) {
      if (/^frozen 1$/m.test(await readFile(file, 'utf8'))) return true;
    }
    return false;
  }

  /** The process that is the container's first. */
  async init(): Promise<string | undefined> {
    for (const file of cgroupFiles(this.#host.container.cgroup, 'cgroup.procs')) {
      for (const pid of (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')) {
        const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
        if (/^NSpid:\s+\d+\s+1$/m.test(status)) return pid;
      }
    }
    return undefined;
  }

  /** Cuts the host from the controller and the nats-server, or mends it. The service under benchmark does not notice. */
  async management(state: 'up' | 'down'): Promise<void> {
    await run('ip', ['link', 'set', this.#host.managementLink, state]);
  }

  /** A process in the cgroup of the container, and there before it reads its first line. */
  async #inContainer(
    program: string,
    args: readonly string[],
  ): Promise<ChildProcessByStdio<Writable, null, null>> {
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(child, 'spawn');
    for (const file of cgroupFiles(this.#host.container.cgroup, 'cgroup.procs'))
      await writeFile(file, String(child.pid));
    return child;
  }

  async #answeredPings(): Promise<number> {
    const [names = '', values = ''] = (await this.#fromFront('cat', ['/proc/net/snmp']))
      .split('\n')
      .filter((line) => line.startsWith('Icmp: '));
    return Number(values.split(' ')[names.split(' ').indexOf('InEchoReps')]);
  }

  async #fromFront(program: string, args: readonly string[]): Promise<string> {
    // ping ends with 1 where nothing came back; what it printed says so too.
    return await run('nsenter', [`--net=${this.#front}`, program, ...args], { timeoutMs: 120_000 }).catch(
      (error: unknown) => {
        if (program !== 'ping') throw error;
        return '0 received';
      },
    );
  }
}

function cgroupFiles(cgroup: string, file: string): string[] {
  return ['', 'unified', 'cpu', 'cpuacct', 'cpu,cpuacct', 'memory']
    .map((hierarchy) => join('/sys/fs/cgroup', hierarchy, cgroup, file))
    .filter((path) => existsSync(path));
}

/** What the kernel counts of a process' input and output. */
export async function countedOf(
  pid: number | undefined,
  field: 'rchar' | 'read_bytes' | 'write_bytes',
): Promise<number> {
  const text = await readFile(`/proc/${pid ?? 0}/io`, 'utf8');
  return Number(new RegExp(`^${field}: (\\d+)$`, 'm').exec(text)?.[1]);
}
