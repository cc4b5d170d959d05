import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { run } from '../../command/run.ts';
import type { EmbeddedHost, EmbeddedSystem } from '../../embedded/layout.ts';

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

  /** The share of pings from the front to the container that are not answered. */
  async lostPings(count: number): Promise<number> {
    const args = ['-c', String(count), '-i', '0.02', '-W', '0.5', '-q', this.#host.container.address];
    const output = await this.#fromFront('ping', args);
    const answered = /(\d+) received/.exec(output)?.[1];
    if (answered === undefined) throw new Error(`ping said: ${output}`);
    return 1 - Number(answered) / count;
  }

  /** How long the slowest of a row of large pings took to come back; none may be lost. */
  async slowestPingMs(): Promise<number> {
    const args = ['-c', '40', '-i', '0.02', '-s', '1000', '-W', '5', '-q', this.#host.container.address];
    const output = await this.#fromFront('ping', args);
    const slowest = /rtt min\/avg\/max\/mdev = [\d.]+\/[\d.]+\/([\d.]+)\//.exec(output)?.[1];
    if (slowest === undefined || !output.includes(' 0% packet loss')) throw new Error(`ping said: ${output}`);
    return Number(slowest);
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

  /** The share of one CPU that a process which does nothing but compute gets in the container's cgroup. */
  async computes(forMs: number): Promise<number> {
    const spinner = spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
    try {
      await once(spinner, 'spawn');
      for (const file of cgroupFiles(this.#host.container.cgroup, 'cgroup.procs'))
        await writeFile(file, String(spinner.pid));
      const [before, beganAt] = [await cpuTicks(spinner.pid), performance.now()];
      await new Promise((resolve) => setTimeout(resolve, forMs));
      const [after, endedAt] = [await cpuTicks(spinner.pid), performance.now()];
      return ((after - before) * 10) / (endedAt - beganAt);
    } finally {
      spinner.kill('SIGKILL');
    }
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

  /** How many bytes come from the disk while a process in the container's cgroup reads the same small file again and again. */
  async readsFromDisk(forMs: number): Promise<number> {
    const directory = await mkdtemp('/var/tmp/ordeal-victim-');
    const file = join(directory, 'file');
    // Memory is charged to who first makes use of it, so the file is written there too.
    const script = `use IO::Handle; <STDIN>; open my $out, '>', $ARGV[0]; print $out 'x' x (8 << 20); $out->flush; $out->sync; while (1) { open my $in, '<', $ARGV[0]; 1 while sysread $in, my $b, 65536; select undef, undef, undef, 0.01 }`;
    const reader = await this.#inContainer('perl', ['-e', script, file]);
    try {
      reader.stdin.write('go\n');
      return await grownBy(reader.pid, 'read_bytes', forMs);
    } finally {
      reader.kill('SIGKILL');
      await rm(directory, { recursive: true });
    }
  }

  /** How many writes a process in the container's cgroup gets to the disk of this directory, one after the other. */
  async syncs(directory: string, forMs: number): Promise<number> {
    const script = `use IO::Handle; <STDIN>; open my $out, '>', $ARGV[0]; while (1) { sysseek $out, 0, 0; syswrite $out, 'x' x 4096; $out->sync }`;
    const file = join(directory, 'victim');
    const writer = await this.#inContainer('perl', ['-e', script, file]);
    try {
      writer.stdin.write('go\n');
      return (await grownBy(writer.pid, 'wchar', forMs)) / 4096;
    } finally {
      writer.kill('SIGKILL');
      await rm(file, { force: true });
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

  async #fromFront(program: string, args: readonly string[]): Promise<string> {
    // ping ends with 1 where nothing came back; what it printed says so too.
    return await run('nsenter', [`--net=${this.#front}`, program, ...args], { timeoutMs: 30_000 }).catch(
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

/** By how much what the kernel counts of a process' input and output grows in a time. */
async function grownBy(
  pid: number | undefined,
  field: 'read_bytes' | 'wchar',
  forMs: number,
): Promise<number> {
  const read = async (): Promise<number> =>
    Number(new RegExp(`^${field}: (\\d+)$`, 'm').exec(await readFile(`/proc/${pid ?? 0}/io`, 'utf8'))?.[1]);
  const before = await read();
  await new Promise((resolve) => setTimeout(resolve, forMs));
  return (await read()) - before;
}

/** User and system time of a process, in hundredths of a second. */
async function cpuTicks(pid: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${pid ?? 0}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
