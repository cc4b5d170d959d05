import type { Place } from './place.ts';

/** Wants all of its processor for some seconds, and tells how much of it the kernel gave it. */
const wanting = `
  sub uptime { open my $file, '<', '/proc/uptime'; (split ' ', <$file>)[0] }
  my $began = uptime();
  1 while uptime() - $began < 3;
  my ($user, $system) = times;
  printf "%.3f\\n", ($user + $system) / (uptime() - $began);`;

/** The processors of a machine, as its own programs meet them, or those of a container in it. */
export class GuestCpu {
  readonly #machine: Place;

  constructor(machine: Place) {
    this.#machine = machine;
  }

  /** The share that is left, of 1, to a program on each of the processors that wants all of it; at the same time on all. */
  async left(...processors: number[]): Promise<number[]> {
    const all = processors.join(' ');
    const said = await this.#machine.demand(`
      cd "$(mktemp -d)" && cat > wanting << 'PERL'${wanting}
PERL
      for processor in ${all}; do taskset -c $processor perl wanting > $processor & done
      wait; cat ${all}`);
    return said.trim().split('\n').map(Number);
  }

  /** As the kernel lists them: "0-1". */
  async online(): Promise<string> {
    return (await this.#machine.demand(['cat', '/sys/devices/system/cpu/online'])).trim();
  }

  /** By hand, as an administrator does it. */
  async turn(processor: number, to: 'on' | 'off'): Promise<void> {
    const value = to === 'on' ? 1 : 0;
    await this.#machine.demand(`echo ${value} > /sys/devices/system/cpu/cpu${processor}/online`);
  }

  /** Whether a program can be told to run there. */
  async takesPrograms(processor: number): Promise<boolean> {
    return (await this.#machine.run(['taskset', '-c', String(processor), 'true'])).code === 0;
  }
}
