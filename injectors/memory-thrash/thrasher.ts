import { join } from 'node:path';
import type { Program } from '../hog/hog.ts';
import { pressureOf, roomOf, type MemoryThrashParameters } from './descriptor.ts';
import { unitsASecond, type Signal } from './signal.ts';

/** An agent that lives ends the thrashers itself; they wait so much longer for it. */
const graceSeconds = 2;

/** One alone reads on while it waits for nobody: the kernel takes pages back at the cost of those who want some, and that takes several. */
const thrashers = 4;

/** So much more than there is room for, so that every page is gone when its turn comes again. */
const timesTheRoom = 4;

/**
 * Readers of a file that is nothing but a hole: its pages take memory, but neither disk nor its time. It has no name, so nothing is left
 * of it. Each steers itself by the signal of all: it rests longer between two reads when that is above the target, shorter when below.
 * Each ends when the pipe from the agent is closed (by its death too), and at the end of the fault by its own clock.
 */
const source = String.raw`
use strict; use POSIX ();
my ($mark, $readers, $bytes, $file, $pattern, $perSecond, $seconds) = @ARGV;
$0 = $mark; $| = 1;
my $hz = POSIX::sysconf(POSIX::_SC_CLK_TCK());
sub now { (POSIX::times())[0] / $hz }
my $end = now() + $seconds;
sub over { my $in = ''; vec($in, 0, 1) = 1; now() >= $end || select($in, undef, undef, 0) }
sub count {
  my $sum = 0;
  open my $in, '<', $file or return 0;
  while (<$in>) { $sum += $1 if /$pattern/ }
  $sum;
}
open my $hole, '+>', "/var/tmp/ordeal-hole-$$" or die "/var/tmp: $!\n";
unlink "/var/tmp/ordeal-hole-$$";
truncate $hole, $bytes or die "/var/tmp: $!\n";
sub thrash {
  my ($rest, $buffer) = ($readers / 100, '');
  my ($at, $count) = (now(), count());
  open my $in, '<', '/proc/self/fd/' . fileno $hole or die $!;
  sysseek $in, int(rand($bytes / 4096)) * 4096, 0;
  until (over()) {
    sysread($in, $buffer, 131072) or sysseek $in, 0, 0;
    select undef, undef, undef, $rest if $rest > 0.0001;
    my $passed = now() - $at;
    next if $passed < 0.1;
    my $measured = (count() - $count) / $passed;
    my $off = ($measured - $perSecond) / $perSecond;
    $rest *= 1 + ($off > 0.5 ? 0.5 : $off < -0.4 ? -0.4 : $off * 0.5);
    $rest = $rest < 0.00005 ? 0.00005 : $rest > 1 ? 1 : $rest;
    ($at, $count) = (now(), count());
  }
}
my $forked = 0;
while ($forked < $readers) {
  my $pid = fork;
  die "fork: $!\n" unless defined $pid;
  unless ($pid) { thrash(); POSIX::_exit(0) }
  $forked++;
}
print "ready\n";
until (wait == -1) { print "killed ", $? & 127, "\n" if $? & 127 }
`;

export function thrashersOf(parameters: MemoryThrashParameters, signal: Signal, durationUs: number): Program {
  const seconds = durationUs / 1_000_000 + graceSeconds;
  const file = join(signal.directory, signal.file);
  const perSecond = targetOf(parameters, signal) * unitsASecond[signal.kind];
  const bytes = roomOf(parameters) * timesTheRoom;
  return { source, args: [thrashers, bytes, file, signal.pattern, perSecond, seconds].map(String) };
}

export function targetOf(parameters: MemoryThrashParameters, { kind }: Signal): number {
  return kind === 'pressure' ? pressureOf(parameters) : parameters.refaults;
}
