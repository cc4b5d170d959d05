import { gunzipSync } from 'node:zlib';
import type { Machine } from '../../lab/machine/machine.ts';

interface PingOptions {
  readonly count?: number;
  readonly intervalMs?: number;
}

export interface PingResult {
  readonly received: number;
  /** The numbers of the answers, from 1, in the order in which they came. */
  readonly order: readonly number[];
  readonly roundTripsMs: readonly number[];
}

let made = 0;

/** A veth whose other end is in a network namespace of its own, and what can be sent over it. */
export class GuestLink {
  /** This end, and the namespace of the other. */
  readonly device: string;
  readonly peer: string;
  readonly address: string;
  readonly #machine: Machine;

  private constructor(machine: Machine, number: number) {
    this.#machine = machine;
    this.device = `link${number}`;
    this.peer = `peer${number}`;
    this.address = `10.77.${number}.2`;
  }

  static async make(machine: Machine): Promise<GuestLink> {
    const link = new GuestLink(machine, ++made);
    const { device, peer, address } = link;
    // Without IPv6, whose own packets would be counted with those of the test; the neighbours are known, so that no packet is of ARP.
    await machine.demand(`set -e
      ip netns add ${peer}
      ip link add ${device} address 02:00:00:00:00:01 type veth peer name ${peer} address 02:00:00:00:00:02 netns ${peer}
      echo 1 > /proc/sys/net/ipv6/conf/${device}/disable_ipv6
      ip netns exec ${peer} sh -c 'echo 1 > /proc/sys/net/ipv6/conf/${peer}/disable_ipv6'
      ip address add ${address.replace(/2$/, '1')}/24 dev ${device}
      ip link set ${device} up
      ip -n ${peer} address add ${address}/24 dev ${peer}
      ip -n ${peer} link set ${peer} up
      ip neighbour replace ${address} lladdr 02:00:00:00:00:02 dev ${device} nud permanent
      ip -n ${peer} neighbour replace ${address.replace(/2$/, '1')} lladdr 02:00:00:00:00:01 dev ${peer} nud permanent
      until ping -c 1 -W 1 ${address} > /dev/null; do :; done`);
    return link;
  }

  async ping(options: PingOptions = {}): Promise<PingResult> {
    return await ping(this.#machine, this.address, options);
  }

  /** Runs a line of shell at the other end. */
  async atPeer(command: string): Promise<string> {
    return await this.#machine.demand(['ip', 'netns', 'exec', this.peer, 'sh', '-c', command]);
  }

  /** Sends datagrams of one byte's repetition to a port that nobody listens on; answers how many came to the other end. */
  async datagrams(port: number, count: number): Promise<number> {
    const counted = async (): Promise<number> =>
      Number(await this.atPeer(`awk '/^Udp: [0-9]/ { print $3 }' /proc/net/snmp`));
    const earlier = await counted();
    await this.#machine.demand([
      'bash',
      '-c',
      `for i in $(seq ${count}); do echo x > /dev/udp/${this.address}/${port}; done`,
    ]);
    return (await counted()) - earlier;
  }

  /** Sends `bytes` times 0x5a by TCP, or one datagram of it; answers what came. */
  async transfer(kind: 'tcp' | 'udp', bytes: number): Promise<Buffer> {
    const file = `/tmp/${this.device}.got`;
    const said = await this.#machine.demand(
      `rm -f ${file} ${file}.ready
      ip netns exec ${this.peer} perl -MSocket -e '${receiver(kind)}' ${file} & receiver=$!
      until [ -e ${file}.ready ]; do sleep 0.05; done
      perl -MSocket -e '${sender(kind)}' ${this.address} ${bytes} || exit
      wait $receiver || exit
      gzip -c ${file} | base64 --wrap=0`,
      { timeoutMs: 120_000 },
    );
    return gunzipSync(Buffer.from(said, 'base64'));
  }

  async remove(): Promise<void> {
    await this.#machine.demand(`ip link del ${this.device} 2> /dev/null; ip netns del ${this.peer}`);
  }
}

/** Sends so many pings; answers when all have been answered, or a second has brought nothing more. */
export async function ping(
  machine: Machine,
  address: string,
  options: PingOptions = {},
): Promise<PingResult> {
  const { count = 20, intervalMs = 10 } = options;
  const interval = (intervalMs / 1000).toFixed(3);
  // By the kernel's count: ping waits two round trips at the end, which on a busy machine some take longer.
  const { stdout } = await machine.run(`
    answers() { awk '/^Icmp: [0-9]/ { print $11 }' /proc/net/snmp; }
    earlier=$(answers)
    ping -n -c ${count} -i ${interval} -W 1 ${address} 2>&1
    for wait in $(seq 20); do
      received=$(($(answers) - earlier)); [ $received -lt ${count} ] || break; sleep 0.05
    done
    echo "answers: $received"`);
  const answers = [...stdout.matchAll(/icmp_seq=(\d+) .*?time=([\d.]+) ms/g)];
  return {
    received: Number(/^answers: (\d+)$/m.exec(stdout)?.[1]),
    order: answers.map(([, sequence]) => Number(sequence)),
    roundTripsMs: answers.map(([, , time]) => Number(time)),
  };
}

const port = 5_001;

function receiver(kind: 'tcp' | 'udp'): string {
  const open =
    kind === 'tcp'
      ? `socket(L,PF_INET,SOCK_STREAM,0); bind(L,sockaddr_in(${port},INADDR_ANY)) or die $!; listen(L,1);`
      : `socket(L,PF_INET,SOCK_DGRAM,0); bind(L,sockaddr_in(${port},INADDR_ANY)) or die $!;`;
  const take =
    kind === 'tcp'
      ? 'accept(C,L); while (sysread(C,$d,65536)) { print F $d }'
      : 'recv(L,$d,65536,0); print F $d;';
  return `${open} open(F,">",$ARGV[0]); open(R,">","$ARGV[0].ready"); close(R); alarm 600; ${take}`;
}

function sender(kind: 'tcp' | 'udp'): string {
  const type = kind === 'tcp' ? 'SOCK_STREAM' : 'SOCK_DGRAM';
  return `socket(S,PF_INET,${type},0); connect(S,sockaddr_in(${port},inet_aton($ARGV[0]))) or die $!; print {S} "Z" x $ARGV[1]; close(S) or die $!`;
}
