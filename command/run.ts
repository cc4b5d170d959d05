import { execFile } from 'node:child_process';
import { OrdealError } from '../errors/ordeal-error.ts';

interface RunOptions {
  readonly input?: string;
  readonly timeoutMs?: number;
}

/** No command that Ordeal runs to drive a kernel takes longer; one that does is stuck. */
const defaultTimeoutMs = 15_000;

/** Where ip, nft and the like are; an ordinary login's PATH leaves these out. */
export const searchPath = `${process.env.PATH ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`;

/** The Debian package that brings a program, for the message when it is missing. */
const packages: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  tc: 'iproute2',
  nft: 'nftables',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  fallocate: 'util-linux',
  openssl: 'openssl',
  'nats-server': 'nats-server',
  haproxy: 'haproxy',
  nginx: 'nginx-light',
  supervisord: 'supervisor',
  ping: 'iputils-ping',
  mmdebstrap: 'mmdebstrap',
  fakeroot: 'fakeroot',
  newuidmap: 'uidmap',
  perl: 'perl-base',
  dmsetup: 'dmsetup',
  modprobe: 'kmod',
  modinfo: 'kmod',
  gcc: 'gcc',
};

/** Runs a program with its arguments as they are, never through a shell, and answers its standard output. */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  return await new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...args],
      {
        env: { ...process.env, PATH: searchPath },
        timeout: options.timeoutMs ?? defaultTimeoutMs,
        maxBuffer: 16 * 1024 * 1024,
        killSignal: 'SIGKILL',
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else if (error.code === 'ENOENT') reject(missing(program, error));
        else reject(failed(program, args, stderr, error));
      },
    );
    // A program that ends before it has read its input closes the pipe; its exit code says what was wrong.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

/** Undefined where it comes with the system, or is none that Ordeal runs. */
export function packageOf(program: string): string | undefined {
  return packages[program];
}

function missing(program: string, cause: Error): OrdealError {
  const from = packageOf(program);
  const where = from === undefined ? '' : `; it comes with the Debian package ${from}`;
  // A host need not have a clone of Ordeal, and so no setup.sh.
  const remedy = from === undefined ? {} : { remedy: `Install it there: \`apt-get install ${from}\`.` };
  return new OrdealError('MISSING_PROGRAM', `the program "${program}" was not found${where}`, {
    cause,
    ...remedy,
  });
}

function failed(program: string, args: readonly string[], stderr: string, cause: Error): OrdealError {
  const said = stderr.trim() === '' ? cause.message : stderr.trim();
  return new OrdealError('COMMAND_FAILED', `"${[program, ...args].join(' ')}" failed: ${said}`, { cause });
}
