import { readOfProcess } from '../../procfs/stat.ts';
import type { Program } from '../hog/hog.ts';
import type { Injection } from '../injector.ts';
import { bytesOf, type IoBurnParameters } from './descriptor.ts';

/** An agent that lives ends the burners itself, and reads first what they did; they wait so much longer for it. */
const graceSeconds = 2;

/**
 * One process that makes a file for each burner and forks them. A file loses its name before anything is written. Past the page cache
 * where the filesystem has a way, and always waiting for the disk. A filesystem behind which no disk is takes a block and sends nothing:
 * that is refused. Each burner ends when the pipe from the agent is closed (by its death too), and at the end of the fault by its own clock.
 */
const source = String.raw`
use strict; use POSIX (); use Fcntl;
my ($mark, $path, $burners, $requests, $block, $size, $seed, $seconds) = @ARGV;
$0 = $mark; $| = 1;
my $hz = POSIX::sysconf(POSIX::_SC_CLK_TCK());
sub now { (POSIX::times())[0] / $hz }
my $end;
sub over { my $in = ''; vec($in, 0, 1) = 1; now() >= $end || select($in, undef, undef, 0) }
sub sent { open my $io, '<', '/proc/self/io' or die "$!
"; local $/; <$io> =~ /^write_bytes: (\d+)/m; $1 }
# What passes by the page cache begins at a page.
my $buffer = 'x' x ($block + 4096);
my $start = (4096 - unpack('J', pack 'p', $buffer) % 4096) % 4096;
sub request {
  my ($file, $at) = @_;
  sysseek $file, $at * $block, 0;
  (syswrite($file, $buffer, $block, $start) // 0) == $block;
}
my @files;
for my $number (1 .. $burners) {
  sysopen my $file, "$path-$number", O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_DSYNC, 0600 or die "no file could be made: $!
";
  unlink "$path-$number" or die "unlink: $!
";
  fcntl $file, F_SETFL, O_DIRECT;
  my $before = sent();
  request($file, 0) or die "nothing could be written: $!
";
  die "no disk takes what is written there
" unless sent() > $before;
  push @files, $file;
}
$end = now() + $seconds;
sub burn {
  my ($file, $since, $done) = ($_[0], now(), 0);
  until (over()) {
    if ($done > $requests / $burners * (now() - $since)) { select undef, undef, undef, 0.002; next }
    request($file, int rand($size / $block)) or POSIX::_exit($!);
    $done++;
  }
}
for my $number (1 .. $burners) {
  my $pid = fork;
  die "fork: $!
" unless defined $pid;
  unless ($pid) { srand $seed + $number; burn($files[$number - 1]); POSIX::_exit(0) }
}
print "ready
";
until (wait == -1) {
  $! = $? >> 8;
  print 'ended ', $? & 127 ? 'by signal ' . ($? & 127) : $!, "
" if $?;
}
`;

export function burnersOf(
  directory: string,
  { id, parameters, seed, durationUs }: Injection<IoBurnParameters>,
): Program {
  const { burners, requests, block, size } = parameters;
  const seconds = durationUs / 1_000_000 + graceSeconds;
  const file = `${directory}/.ordeal-io-burn-${id}`;
  return {
    source,
    args: [file, burners, requests, bytesOf(block), bytesOf(size), seed, seconds].map(String),
  };
}

/** How many requests of this size a process has completed, as the kernel counts what its writes have taken; undefined where it has ended. */
export async function completedBy(pid: number, blockBytes: number): Promise<number | undefined> {
  const text = await readOfProcess(pid, 'io');
  return text === undefined ? undefined : completedIn(text, blockBytes);
}

/** From /proc/<pid>/io. What a process says to the agent is less than a block. */
export function completedIn(text: string, blockBytes: number): number {
  return Math.floor(Number(/^wchar: (\d+)$/m.exec(text)?.[1]) / blockBytes);
}

/** Of the burners, the ends that nobody asked for, from what their parent says. */
export function remarkOnEnds(said: readonly string[], burners: number): string | undefined {
  const ends = said.filter((line) => line.startsWith('ended ')).map((line) => line.slice('ended '.length));
  if (ends.length === 0) return undefined;
  return `${ends.length} of ${burners} burners ended: ${[...new Set(ends)].join(', ')}`;
}
