import type { Program } from '../hog/hog.ts';
import { pressureOf, roomOf, type MemoryThrashParameters } from './descriptor.ts';
import { pathOf, unitsASecond, type Signal } from './signal.ts';

/** An agent that lives ends the thrashers itself; they wait so much longer for it. */
const graceSeconds = 2;

/** One alone reads on while it waits for nobody: the kernel takes pages back at the cost of those who want some, and that takes several. */
const thrashers = 4;

/** So much more than there is room for, so that every page is gone when its turn comes again. */
const timesTheRoom = 4;

/**
 * Readers of a file that is nothing but a hole: its pages take memory, but neither disk nor its time. It has no name, so nothing is left
 * of it. Each steers itself by the signal of all: it rests longer between two reads when that is above the target, shorter when below.
 * Where no limit makes memory scarce, as on a host, there is one more, which takes memory as long as the signal is below the target, down to
 * the room, and gives it back above it, or where others take more. It writes to what it holds again and again, so that it comes back from swap.
 * Where memory runs out, all of them are the first that the kernel kills.
 * Each ends when the pipe from the agent is closed (by its death too), and at the end of the fault by its own clock.
 */
const source = String.raw`
use strict; use POSIX ();
my ($mark, $readers, $bytes, $file, $pattern, $perSecond, $seconds, $room) = @ARGV;
$0 = $mark; $| = 1;
open my $score, '>', '/proc/self/oom_score_adj' or die "oom_score_adj: $!\n";
print $score 1000; close $score or die "oom_score_adj: $!\n";
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
my ($page, $piece, @held) = (4096, 1 << 20);
sub left {
  open my $in, '<', '/proc/meminfo' or return 0;
  while (<$in>) { return $1 * 1024 if /^MemAvailable: *(\d+)/ }
}
sub balance {
  my ($leave) = @_;
  while ((my $spare = left() - $leave) >= 4 * $piece && !over()) {
    my $pieces = int($spare / $piece / 2);
    for (1 .. $pieces < 16 ? $pieces : 16) { push @held, ''; vec($held[-1], $piece - 1, 8) = 1 }
  }
  pop @held while @held && left() < $leave - 8 * $piece;
}
my $turn = 0;
sub touch {
  return unless @held;
  for (1 .. 32) {
    my $at = $turn++ % (@held * $piece / $page);
    vec($held[$at * $page / $piece], $at * $page % $piece, 8) = 1;
  }
}
sub hold {
  my ($all, $off) = (left(), 0);
  my ($leave, $at, $count) = ($all, now(), count());
  until (over()) {
    touch();
    select undef, undef, undef, 0.01;
    my $passed = now() - $at;
    next if $passed < 0.1;
    $off += ((count() - $count) / $passed / $perSecond - 1 - $off) / 4;
    $leave *= $off > 0.5 ? 1.1 : $off < -0.4 ? 0.9 : 1;
    $leave = $leave < $room ? $room : $leave > $all ? $all : $leave;
    balance($leave);
    ($at, $count) = (now(), count());
  }
}
open my $hole, '+>', "/var/tmp/ordeal-hole-$$" or die "/var/tmp: $!\n";
unlink "/var/tmp/ordeal-hole-$$";
truncate $hole, $bytes or die "/var/tmp: $!\n";
sub thrash {
  my ($rest, $buffer) = ($readers / 100, '');
  my ($at, $count) = (now(), count());
  open my $in, '<', '/proc/self/fd/' . fileno $hole or die $!;
  sysseek $in, int(rand($bytes / $page)) * $page, 0;
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
for my $work ($room ? \&hold : (), (\&thrash) x $readers) {
  my $pid = fork;
  die "fork: $!\n" unless defined $pid;
  unless ($pid) { $work->(); POSIX::_exit(0) }
}
print "ready\n";
until (wait == -1) { print "killed ", $? & 127, "\n" if $? & 127 }
`;

export function thrashersOf(parameters: MemoryThrashParameters, signal: Signal, durationUs: number): Program {
  const seconds = durationUs / 1_000_000 + graceSeconds;
  const perSecond = targetOf(parameters, signal) * unitsASecond[signal.kind];
  const bytes = roomOf(parameters) * timesTheRoom;
  const file = pathOf(signal);
  // What is in a cgroup has its limit.
  const room = 'directory' in signal ? 0 : roomOf(parameters);
  return { source, args: [thrashers, bytes, file, signal.pattern, perSecond, seconds, room].map(String) };
}

export function targetOf(parameters: MemoryThrashParameters, { kind }: Signal): number {
  return kind === 'pressure' ? pressureOf(parameters) : parameters.refaults;
}
