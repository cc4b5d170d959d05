import { readdir, readlink, stat, truncate } from 'node:fs/promises';
import { basename } from 'node:path';
import { systemCode } from '../../errors/system-code.ts';
import type { Program } from '../hog/hog.ts';

/** An agent that lives ends the filler itself; it waits so much longer for it. */
const graceSeconds = 2;

/**
 * Takes space for a file, and holds it. The file loses its name before it takes anything: however the process ends, the kernel gives
 * the space back. It ends when the pipe from the agent is closed (by its death too), and at the end of the fault by its own clock, and
 * gives the space back before it does: while the mark can be found, so can what it is about. Where there is less than was asked for, it
 * takes what there is, in ever smaller pieces.
 */
const source = String.raw`
use strict; use POSIX (); use Fcntl;
my ($mark, $path, $bytes, $seconds) = @ARGV;
$0 = $mark; $| = 1;
my $hz = POSIX::sysconf(POSIX::_SC_CLK_TCK());
sub now { (POSIX::times())[0] / $hz }
my $end = now() + $seconds;
sub over {
  my ($wait, $in) = (@_, '');
  vec($in, 0, 1) = 1;
  now() >= $end || select($in, undef, undef, $wait) > 0;
}
$^F = 255;
sysopen my $file, $path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600 or die "no file could be made: $!\n";
unlink $path or die "unlink: $!\n";
my ($taken, $step) = (0, 1 << 32);
while ($taken < $bytes && $step >= 4096 && !over(0)) {
  my $length = $step < $bytes - $taken ? $step : $bytes - $taken;
  my @range = ("--offset=$taken", "--length=$length", '/proc/self/fd/' . fileno $file);
  if (system { 'fallocate' } $mark, '--posix', @range) { $step = int($length / 2) } else { $taken += $length }
}
die "no space could be taken\n" unless $taken;
print "ready\n";
until (over(1)) {}
truncate $file, 0;
`;

export function fillerOf(directory: string, id: string, bytes: number, durationUs: number): Program {
  const seconds = durationUs / 1_000_000 + graceSeconds;
  return { source, args: [`${directory}/${fileNameOf(id)}`, bytes, seconds].map(String) };
}

/** So many bytes of the filesystem does a filler hold; undefined where it holds no file of its own any more. */
export async function heldBy(pid: number, id: string): Promise<number | undefined> {
  const file = await fileOf(pid, id);
  // The unit of "blocks" is the same whatever the filesystem's own ones are.
  const found = file === undefined ? undefined : await unlessEnded(stat(file));
  return found && found.blocks * 512;
}

/** Gives the space back, at once and whatever the filler does. */
export async function empty(pid: number, id: string): Promise<void> {
  const file = await fileOf(pid, id);
  if (file !== undefined) await unlessEnded(truncate(file));
}

function fileNameOf(id: string): string {
  return `.ordeal-disk-fill-${id}`;
}

async function fileOf(pid: number, id: string): Promise<string | undefined> {
  const directory = `/proc/${pid}/fd`;
  for (const fd of (await unlessEnded(readdir(directory))) ?? []) {
    const name = basename((await unlessEnded(readlink(`${directory}/${fd}`))) ?? '');
    if (name === `${fileNameOf(id)} (deleted)`) return `${directory}/${fd}`;
  }
  return undefined;
}

async function unlessEnded<Result>(access: Promise<Result>): Promise<Result | undefined> {
  try {
    return await access;
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(systemCode(error))) return undefined;
    throw error;
  }
}
