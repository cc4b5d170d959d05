import { gunzipSync } from 'node:zlib';
import type { Machine } from '../../lab/machine/machine.ts';
import type { Place } from './place.ts';

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

interface LinkOptions {
  /** Of IP. */
  readonly version?: 4 | 6;
  /** The addresses are on a VLAN of this number, over the veth. */
  readonly vlan?: number;
}

/** Under which names the kernel counts what the pings and datagrams here come to. */
const counters = {
  4: {
    file: '/proc/net/snmp',
    echoReplies: '/^Icmp: [0-9]/ { print $11 }',
    toNobody: '/^Udp: [0-9]/ { print $3 }',
    wrongSums: '/^Udp: [0-9]/ { print $8 }',
  },
  6: {
    file: '/proc/net/snmp6',
    echoReplies: '/^Icmp6InEchoReplies/ { print $2 }',
    toNobody: '/^Udp6NoPorts/ { print $2 }',
    wrongSums: '/^Udp6InCsumErrors/ { print $2 }',
  },
} as const;

type Counter = Exclude<keyof (typeof counters)[4], 'file'>;

let made = 0;

/** A veth whose other end is in a network namespace of its own, and what can be sent over it. */
export class GuestLink {
  /** This end, and the namespace of the other, which has its name. */
  readonly nic: string;
  readonly peer: string;
  /** What has the addresses: the end of the veth, or the VLAN over it. */
  readonly device: string;
  readonly address: string;
  readonly #machine: Machine;

  private constructor(machine: Machine, number: number, { version = 4, vlan }: LinkOptions) {
    this.#machine = machine;
    this.nic = `link${number}`;
    this.peer = `peer${number}`;
    this.device = vlan === undefined ? this.nic : `${this.nic}.${vlan}`;
    this.address = version === 4 ? `10.77.${number}.2` : `fd77:${number}::2`;
  }

  static async make(machine: Machine, options: LinkOptions = {}): Promise<GuestLink> {
    const link = new GuestLink(machine, ++made, options);
    const { nic, peer, address } = link;
    const own = address.replace(/2$/, '1');
    const [mac, peerMac] = ['02:00:00:00:00:01', '02:00:00:00:00:02'];
    await machine.demand(`set -e
      ip netns add ${peer}
      ip link add ${nic} address ${mac} type veth peer name ${peer} address ${peerMac} netns ${peer}
      ${endOfLink(nic, options, { address: own, of: address, is: peerMac })}
      ip netns exec ${peer} sh -e -c '${endOfLink(peer, options, { address, of: own, is: mac })}'
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
    const earlier = await this.countedAtPeer('toNobody');
    await this.#machine.demand([
      'bash',
      '-c',
      `for i in $(seq ${count}); do echo x > /dev/udp/${this.address}/${port}; done`,
    ]);
    return (await this.countedAtPeer('toNobody')) - earlier;
  }

  /** What the other end's kernel has counted since the link was made. */
  async countedAtPeer(counter: Counter): Promise<number> {
    const { file, [counter]: line } = countersOf(this.address);
    return Number(await this.atPeer(`awk '${line}' ${file}`));
  }

  /** Sends `bytes` times 0x5a by TCP, or one datagram of it; answers what came. */
  async transfer(kind: 'tcp' | 'udp', bytes: number): Promise<Buffer> {
    const file = `/tmp/${this.device}.got`;
    const said = await this.#machine.demand(
      `rm -f ${file} ${file}.ready
      ip netns exec ${this.peer} perl -MSocket=:all -e '${receiver(kind)}' ${file} ${this.address} & receiver=$!
      until [ -e ${file}.ready ]; do sleep 0.05; done
      perl -MSocket=:all -e '${sender(kind)}' ${this.address} ${bytes} || exit
      wait $receiver || exit
      gzip -c ${file} | base64 --wrap=0`,
      { timeoutMs: 120_000 },
    );
    return gunzipSync(Buffer.from(said, 'base64'));
  }

  async remove(): Promise<void> {
    await this.#machine.demand(`ip link del ${this.nic} 2> /dev/null; ip netns del ${this.peer}`);
  }
}

/** Sends so many pings; answers when all have been answered, or a second has brought nothing more. */
export async function ping(place: Place, address: string, options: PingOptions = {}): Promise<PingResult> {
  const { count = 20, intervalMs = 10 } = options;
  const interval = (intervalMs / 1000).toFixed(3);
  const { file, echoReplies } = countersOf(address);
  // By the kernel's count: ping waits two round trips at the end, which on a busy machine some take longer.
  const { stdout } = await place.run(`
    answers() { awk '${echoReplies}' ${file}; }
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

/** How many bits of what was transferred are other than those of 0x5a. */
export function flippedBits(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) for (let bits = byte ^ 0x5a; bits !== 0; bits &= bits - 1) count++;
  return count;
}

function countersOf(address: string): (typeof counters)[4 | 6] {
  return counters[address.includes(':') ? 6 : 4];
}

interface Ends {
  readonly address: string;
  /** Of the other end, and the MAC address that it is at: no packet asks for it. */
  readonly of: string;
  readonly is: string;
}

/** The commands that give an end of a veth its address. */
function endOfLink(end: string, { version = 4, vlan }: LinkOptions, { address, of, is }: Ends): string {
  const device = vlan === undefined ? end : `${end}.${vlan}`;
  const length = version === 4 ? '24' : '64 nodad';
  // Packets of its own that IPv6 sends would be counted with those of the test.
  const up = (each: string): string =>
    version === 4
      ? `echo 1 > /proc/sys/net/ipv6/conf/${each}/disable_ipv6; ip link set ${each} up`
      : `ip link set ${each} addrgenmode none; ip link set ${each} up`;
  return `
    ${up(end)}
    ${vlan === undefined ? '' : `ip link add link ${end} name ${device} type vlan id ${vlan}; ${up(device)}`}
    ip address add ${address}/${length} dev ${device}
    ip neighbour replace ${of} lladdr ${is} dev ${device} nud permanent`;
}

const port = 5_001;

/** Of perl: the address that was given, of either version of IP, as `$at`. */
function addressIn(argument: number, kind: 'tcp' | 'udp'): string {
  const type = kind === 'tcp' ? 'SOCK_STREAM' : 'SOCK_DGRAM';
  return `($e, $at) = getaddrinfo($ARGV[${argument}],${port},{flags=>AI_NUMERICHOST,socktype=>${type}}); die $e if $e;`;
}

function receiver(kind: 'tcp' | 'udp'): string {
  const open = `${addressIn(1, kind)} socket(L,$at->{family},$at->{socktype},0); bind(L,$at->{addr}) or die $!;`;
  const take =
    kind === 'tcp'
      ? 'accept(C,L); while (sysread(C,$d,65536)) { print F $d }'
      : 'recv(L,$d,65536,0); print F $d;';
  const listen = kind === 'tcp' ? 'listen(L,1);' : '';
  return `${open} ${listen} open(F,">",$ARGV[0]); open(R,">","$ARGV[0].ready"); close(R); alarm 600; ${take}`;
}

function sender(kind: 'tcp' | 'udp'): string {
  return `${addressIn(0, kind)} socket(S,$at->{family},$at->{socktype},0); connect(S,$at->{addr}) or die $!; print {S} "Z" x $ARGV[1]; close(S) or die $!`;
}
