import type { Program } from '../hog/hog.ts';
import type { CpuBurnParameters } from './descriptor.ts';
import { loadOf } from './descriptor.ts';

/** An agent that lives ends the burners itself, and reads first what they used; they wait so much longer for it. */
const graceSeconds = 2;

/**
 * One process that forks the others and takes note of their end. Each ends when the pipe from the agent is closed (by its death
 * too), and at the end of the fault by its own clock. It burns as long as it has had less CPU time than its load asks for.
 */
const source = `
use strict; use POSIX ();
my ($mark, $burners, $load, $nice, $seconds) = @ARGV;
$0 = $mark; $| = 1;
setpriority(0, 0, $nice) or die "nice $nice: $!\\n";
my $hz = POSIX::sysconf(POSIX::_SC_CLK_TCK());
sub now { (POSIX::times())[0] / $hz }
my $end = now() + $seconds;
sub over { my $in = ''; vec($in, 0, 1) = 1; now() >= $end || select($in, undef, undef, 0) }
sub burn {
  my ($since, $x) = (now(), 0);
  until (over()) {
    if ($load < 1 && POSIX::clock() / 1e6 >= $load * (now() - $since)) { select(undef, undef, undef, 0.005) }
    else { $x += $_ for 1 .. 10000 }
  }
}
my $forked = 0;
while ($forked < $burners) {
  my $pid = fork;
  unless (defined $pid) { print "refused $!\\n"; last }
  unless ($pid) { burn(); POSIX::_exit(0) }
  $forked++;
}
print "forked $forked\\nready\\n";
until (wait == -1) { print "killed ", $? & 127, "\\n" if $? & 127 }
`;

export function burnersOf(parameters: CpuBurnParameters, durationUs: number): Program {
  const seconds = durationUs / 1_000_000 + graceSeconds;
  const { burners, nice } = parameters;
  return { source, args: [burners, loadOf(parameters), nice, seconds].map(String) };
}

/** What it says of its burners. */
export function readReport(lines: readonly string[]): {
  forked: number;
  killed: number;
  refusedBecause?: string;
} {
  const refusedBecause = lines.find((line) => line.startsWith('refused '))?.slice('refused '.length);
  return {
    forked: Number(lines.find((line) => line.startsWith('forked '))?.slice('forked '.length) ?? 0),
    killed: lines.filter((line) => line.startsWith('killed ')).length,
    ...(refusedBecause === undefined ? {} : { refusedBecause }),
  };
}
