import { z } from 'zod';
import type { Machine } from '../../lab/machine/machine.ts';

const address = '10.99.0.2';
export const device = 'wan0';

const sent = z.object({
  end: z.object({
    sum: z.object({ packets: z.number(), lost_packets: z.number(), seconds: z.number() }).optional(),
    sum_received: z.object({ bits_per_second: z.number() }).optional(),
  }),
});

/** A veth pair in a machine, its far end in a namespace of its own where iperf3 listens: the same way for whatever is compared. */
export class Wan {
  readonly #machine: Machine;

  private constructor(machine: Machine) {
    this.#machine = machine;
  }

  static async lay(machine: Machine): Promise<Wan> {
    await machine.demand(
      [
        'set -e',
        'ip netns add far',
        `ip link add ${device} type veth peer name wan1 netns far`,
        `ip addr add 10.99.0.1/24 dev ${device} && ip link set ${device} up`,
        `ip -n far addr add ${address}/24 dev wan1 && ip -n far link set wan1 up && ip -n far link set lo up`,
        'ip netns exec far iperf3 --server --daemon --logfile /dev/null',
        `until ping -n -c 1 -W 1 ${address}; do sleep 0.2; done`,
      ].join('\n'),
    );
    return new Wan(machine);
  }

  /** The round trip of each ping that came back, in microseconds. */
  async roundTripsUs(count: number): Promise<number[]> {
    const { stdout } = await this.#machine.run(`ping -n -i 0.01 -c ${count} -W 2 ${address}`, {
      timeoutMs: 60_000,
    });
    return [...stdout.matchAll(/ time=([\d.]+) ms/g)].map(([, ms]) => Number(ms) * 1000);
  }

  /** The share of pings that did not come back. */
  async loss(count: number): Promise<number> {
    const { stdout } = await this.#machine.run(`ping -n -q -i 0.002 -c ${count} -W 1 ${address}`, {
      timeoutMs: 60_000,
    });
    const received = Number(/(\d+) received/.exec(stdout)?.[1]);
    return 1 - received / count;
  }

  /** What one TCP connection carries, in bits a second. */
  async throughput(seconds: number): Promise<number> {
    const { end } = await this.#iperf(['--time', String(seconds)], seconds);
    return end.sum_received?.bits_per_second ?? 0;
  }

  /** Small datagrams as fast as one sender can: how many a second. */
  async datagramsPerSecond(seconds: number): Promise<number> {
    const { end } = await this.#iperf(
      ['--udp', '--length', '64', '--bitrate', '0', '--time', String(seconds)],
      seconds,
    );
    return (end.sum?.packets ?? 0) / (end.sum?.seconds ?? seconds);
  }

  /** Datagrams at a rate: how many were sent, and how many never came. */
  async datagramsLost(perSecond: number, seconds: number): Promise<{ sent: number; lost: number }> {
    const rate = String(perSecond * 64 * 8);
    const { end } = await this.#iperf(
      ['--udp', '--length', '64', '--bitrate', rate, '--time', String(seconds)],
      seconds,
    );
    return { sent: end.sum?.packets ?? 0, lost: end.sum?.lost_packets ?? 0 };
  }

  /** While `work` runs, datagrams go out at a rate, so that a fault has something to touch at any instant. */
  async underTraffic<Result>(perSecond: number, work: () => Promise<Result>): Promise<Result> {
    const rate = perSecond * 64 * 8;
    const pid = await this.#machine.demand(
      `iperf3 --client ${address} --udp --length 64 --bitrate ${rate} --time 600 >/dev/null 2>&1 & echo $!`,
    );
    try {
      return await work();
    } finally {
      await this.#machine.run(['kill', pid.trim()]);
    }
  }

  async withNetem<Result>(words: string, work: () => Promise<Result>): Promise<Result> {
    await this.#machine.demand(`tc qdisc add dev ${device} root netem ${words}`);
    try {
      return await work();
    } finally {
      await this.#machine.demand(`tc qdisc del dev ${device} root`);
    }
  }

  async #iperf(options: readonly string[], seconds: number): Promise<z.infer<typeof sent>> {
    const argv = ['iperf3', '--client', address, '--json', ...options];
    return sent.parse(JSON.parse(await this.#machine.demand(argv, { timeoutMs: (seconds + 30) * 1000 })));
  }
}
