import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Place } from './place.ts';

/** Perl is in every Debian and Ubuntu (perl-base is essential there), needs no build, and can fork, wait and tell its CPU time. */
export interface Program {
  /** Reads its standard input to the end of it, and ends then: a hog never outlives the agent. Says "ready" when it is at work. */
  readonly source: string;
  readonly args: readonly string[];
}

/**
 * The shell joins the cgroups in a child of its own: what is in the container must not be a child of the agent, which protects its children. Nor is it
 * kept from the OOM killer, as the agent is: it dies as any other process of the container would.
 */
const keeper = `exec 3<&0
(
  echo 0 >/proc/self/oom_score_adj
  while [ "$1" != -- ]; do echo 0 >"$1" || exit 1; shift; done
  shift
  exec "$@" <&3 3<&-
) &
exec 0<&- 3<&-
wait $!`;

/** A loaded machine takes its time to start many processes; what takes longer does not start at all. */
const readyWithinMs = 20_000;

/** A program of Ordeal's at work within the cgroups and namespaces of a target. */
export class Hog {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: string[] = [];
  #complaint = '';

  private constructor(child: ChildProcessByStdio<Writable, Readable, Readable>) {
    this.#child = child;
    // It may end at any time; that it did is seen by its processes being gone.
    child.on('error', () => undefined);
    child.stdin.on('error', () => undefined);
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#complaint += text));
    createInterface(child.stdout).on('line', (line) => this.#lines.push(line));
  }

  /** Resolves when it says that it is at work. */
  static async start(mark: string, { processFiles, init }: Place, { source, args }: Program): Promise<Hog> {
    const enter = init === undefined ? [] : ['nsenter', `--target=${init}`, ...namespaces, '--'];
    const program = [...enter, 'perl', '-e', source, mark, ...args];
    const child = spawn('/bin/sh', ['-c', keeper, 'sh', ...processFiles, '--', ...program], {
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: '/',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', ...freesAtOnce },
    });
    const hog = new Hog(child);
    await hog.#ready();
    return hog;
  }

  /** What it has said besides "ready", a line each. */
  get said(): readonly string[] {
    return this.#lines.filter((line) => line !== 'ready');
  }

  tell(line: string): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(`${line}\n`);
  }

  /** Lets go of it: what still runs of it reads the end of its input, and ends. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }

  async #ready(): Promise<void> {
    const giveUpAt = performance.now() + readyWithinMs;
    while (!this.#lines.includes('ready')) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) throw this.#failure('ended');
      if (performance.now() > giveUpAt) {
        this.#child.stdin.end();
        throw this.#failure(`was not at work within ${readyWithinMs / 1000} s`);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  #failure(what: string): OrdealError {
    const said = this.#complaint.trim();
    return new OrdealError(
      'APPLY_FAILED',
      `the program in the target ${what}${said === '' ? '' : `: ${said}`}`,
    );
  }
}

/** Memory of such a size goes back to the kernel when a program frees it; glibc would keep it for later. */
const freesAtOnce = { MALLOC_MMAP_THRESHOLD_: '1048576' };

/** Not the mount namespace: the program is the host's. */
const namespaces = ['--pid', '--net', '--ipc', '--uts'];
