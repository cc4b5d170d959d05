import type { Machine } from '../../lab/machine/machine.ts';

const device = 'data0';
/** For local experiments: no host does anything with such a frame. */
const etherType = 0x88b5;
let made = 0;

/** To the host's own address, so that the switch sends it on to nobody. */
const sending = `
  use Time::HiRes qw(clock_gettime clock_nanosleep CLOCK_MONOTONIC TIMER_ABSTIME);
  my ($device, $intervalNs) = @ARGV;
  sub told { open my $file, '<', "/sys/class/net/$device/$_[0]" or die "$device: $!"; my $line = <$file>; chomp $line; $line }
  (my $mac = told('address')) =~ tr/://d;
  my $address = pack 'H12', $mac;
  # No protocol: nothing is received. AF_PACKET, SOCK_RAW.
  socket my $socket, 17, 3, 0 or die "socket: $!";
  my $to = pack 'S n i S C C a8', 17, ${etherType}, told('ifindex'), 0, 0, 6, $address;
  my $frame = $address . $address . pack('n', ${etherType}) . "\\0" x 46;
  my $next = clock_gettime(CLOCK_MONOTONIC) * 1e9;
  for (;;) {
    send $socket, $frame, 0, $to;
    my $now = clock_gettime(CLOCK_MONOTONIC) * 1e9;
    $next += $intervalNs;
    $next = $now + $intervalNs if $next < $now;
    clock_nanosleep(CLOCK_MONOTONIC, $next, TIMER_ABSTIME);
  }`;

/** Frames that a machine sends at a steady rate, for whoever listens at the switch. */
export class SteadyFrames {
  /** As the switch tells it. */
  static readonly type = etherType.toString(16);
  readonly #machine: Machine;
  readonly #program: string;

  private constructor(machine: Machine, program: string) {
    this.#machine = machine;
    this.#program = program;
  }

  static async start(machine: Machine, intervalUs: number): Promise<SteadyFrames> {
    const program = `/run/steady-frames-${++made}`;
    await machine.writeFile(program, sending);
    // Ahead of all else on the machine, so that it is the fault that stops it.
    const run = `chrt --fifo 50 perl ${program} ${device} ${intervalUs * 1000}`;
    await machine.demand(`${run} < /dev/null > ${program}.log 2>&1 & echo $! > ${program}.pid`);
    return new SteadyFrames(machine, program);
  }

  async stop(): Promise<void> {
    await this.#machine.demand(`kill $(cat ${this.#program}.pid)`);
  }
}
