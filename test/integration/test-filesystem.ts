import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, statfs } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../command/run.ts';
import type { TestContainer } from './injector-bed.ts';

export const filesystemBytes = 16 << 20;

/** A filesystem of its own: a small tmpfs. */
export class TestFilesystem {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async make(context: TestContext): Promise<TestFilesystem> {
    const directory = await mkdtemp('/tmp/ordtest-filesystem-');
    context.after(async () => {
      // What a test has ended may take a moment to let go of it.
      await run('umount', ['--lazy', directory]);
      await rm(directory, { recursive: true });
    });
    await run('mount', ['-t', 'tmpfs', '-o', `size=${filesystemBytes}`, 'ordtest', directory]);
    return new TestFilesystem(directory);
  }

  async freeBytes(): Promise<number> {
    const { bsize, bfree } = await statfs(this.directory);
    return bsize * bfree;
  }
}

/** Writes a new file again and again, reads another one that has been there since before, and says by its name how that went. */
const writing = String.raw`
  my ($directory) = @ARGV;
  open my $old, '>', "$directory/old" or die; print $old 'old' or die; close $old or die;
  while (1) {
    my $said = 'wrote';
    open(my $new, '>', "$directory/new") or $said = $!;
    if ($said eq 'wrote') { defined syswrite($new, 'x' x 65536) or $said = $!; close $new }
    open($old, '<', "$directory/old") && <$old> eq 'old' or $said = "old: $!";
    unlink "$directory/new";
    $0 = ++$turn . " $said ";
    select undef, undef, undef, 0.005;
  }`;

/** A process in a container that writes to a directory, and knows nothing of what happens to it. */
export class Writer {
  readonly pid: number;
  readonly #directory: string;

  private constructor(pid: number, directory: string) {
    this.pid = pid;
    this.#directory = directory;
  }

  static async start(container: TestContainer, directory: string): Promise<Writer> {
    return new Writer(await container.start(['perl', '-e', writing, directory]), directory);
  }

  /** The same, where the directory is a filesystem that the container alone sees. */
  static async startApart(container: TestContainer, directory: string): Promise<Writer> {
    const script = `mount -t tmpfs -o size=${filesystemBytes} ordtest "$0" && exec perl -e "$1" "$0"`;
    const apart = ['unshare', '--mount', 'sh', '-c', script, directory, writing];
    return new Writer(await container.start(apart), directory);
  }

  /** How it went two turns later: one that began after the question. */
  async says(): Promise<string> {
    const turnNow = (await this.#read()).turn;
    for (;;) {
      const { turn, said } = await this.#read();
      if (turn >= turnNow + 2) return said;
      await sleep(2);
    }
  }

  /** Stands still meanwhile, with nothing written: what it takes away later would be space that was not free. */
  async still<Result>(act: () => Promise<Result>): Promise<Result> {
    await this.#stop();
    while (existsSync(`/proc/${this.pid}/root${this.#directory}/new`)) {
      process.kill(this.pid, 'SIGCONT');
      await sleep(2);
      await this.#stop();
    }
    try {
      return await act();
    } finally {
      process.kill(this.pid, 'SIGCONT');
    }
  }

  async #stop(): Promise<void> {
    process.kill(this.pid, 'SIGSTOP');
    while (!(await readFile(`/proc/${this.pid}/status`, 'utf8')).includes('State:\tT')) await sleep(1);
  }

  async #read(): Promise<{ turn: number; said: string }> {
    const line = await readFile(`/proc/${this.pid}/cmdline`, 'utf8');
    if (line === '') throw new Error('the writer has ended');
    const [, turn = '0', said = ''] = /^(\d+) (.+?) *\0*$/.exec(line) ?? [];
    return { turn: Number(turn), said };
  }
}
