import type { Machine } from '../../lab/machine/machine.ts';

/** All engines of Debian, and what they need: a network of Podman's, a bus for its systemd, a program for the image. */
export const containerPackages = [
  ...['docker.io', 'containerd', 'runc', 'podman', 'crun'],
  ...['netavark', 'iptables', 'dbus', 'busybox-static'],
];

/** To start one takes half a minute, on an emulated processor that is not alone. */
const startsWithinMs = 180_000;

/**
 * The init of each: it counts, and does what it is told by a file in its own file tree. So whatever is seen inside is seen by a process of the
 * container, which knows nothing of Ordeal.
 */
const init = `i=0
while :; do
  i=$((i + 1)); echo $i > /ticks
  if [ -f /todo ]; then mv /todo /doing; sh /doing > /said 2>&1; echo $? > /done; fi
  sleep 0.1
done
`;

const image = '/root/image';
const run = '/bin/sh /init.sh';

/** Without a registry: a file tree of one program, which each engine imports in its way. */
export async function makeImage(machine: Machine): Promise<void> {
  await machine.demand(`mkdir -p ${image}/bin ${image}/data`);
  await machine.writeFile(`${image}/init.sh`, init);
  await machine.demand(
    `set -e
    cp /bin/busybox ${image}/bin/
    for applet in $(busybox --list); do [ $applet = busybox ] || ln -s busybox ${image}/bin/$applet; done
    tar -C ${image} -cf ${image}.tar .
    docker import ${image}.tar box:1
    podman import ${image}.tar localhost/box:1`,
    { timeoutMs: startsWithinMs },
  );
}

/** How an engine starts a container, and what it says of the pid of its init. */
const engines = {
  docker: {
    start: (id: string, options: string) =>
      `docker run -d --restart=always --name ${id} ${options} box:1 ${run}`,
    pid: (id: string) => `docker inspect -f '{{.State.Pid}}' ${id}`,
    named: (id: string) => `docker/${id}`,
  },
  podman: {
    start: (id: string) => `podman run -d --cap-add NET_RAW --name ${id} localhost/box:1 ${run}`,
    pid: (id: string) => `podman inspect -f '{{.State.Pid}}' ${id}`,
    named: (id: string) => `podman/${id}`,
  },
  containerd: {
    start: (id: string) =>
      `cp -a ${image} /root/${id} && ctr run -d --rootfs /root/${id} ${id} ${run} < /dev/null > /dev/null 2>&1`,
    pid: (id: string) => `ctr task ls | sed -n 's/^${id} *\\([0-9]*\\).*/\\1/p'`,
    named: (id: string) => `containerd/default/${id}`,
  },
  runc: {
    start: (
      id: string,
    ) => `mkdir -p /root/${id} && cp -a ${image} /root/${id}/rootfs && cd /root/${id} && runc spec &&
      sed -i 's/"terminal": true/"terminal": false/; s/"readonly": true/"readonly": false/; s/"CAP_KILL",/"CAP_KILL", "CAP_NET_RAW",/; s#"sh"#"/bin/sh", "/init.sh"#' config.json &&
      runc run -d ${id} < /dev/null > /dev/null 2>&1`,
    pid: (id: string) => `sed 's/.*"init_process_pid":\\([0-9]*\\).*/\\1/' /run/runc/${id}/state.json`,
    named: (id: string) => `runc/${id}`,
  },
} as const;

type Engine = keyof typeof engines;

/** A container on a machine, and what is seen in it. */
export class GuestContainer {
  /** What the inventory calls it. */
  readonly name: string;
  readonly #machine: Machine;
  readonly #pid: string;

  private constructor(machine: Machine, engine: Engine, id: string) {
    this.#machine = machine;
    this.name = engines[engine].named(id);
    this.#pid = engines[engine].pid(id);
  }

  static async start(machine: Machine, engine: Engine, id: string, options = ''): Promise<GuestContainer> {
    const container = new GuestContainer(machine, engine, id);
    await machine.demand(engines[engine].start(id, options), { timeoutMs: startsWithinMs });
    await machine.demand(`until [ -s ${await container.root()}/ticks ]; do sleep 0.2; done`);
    return container;
  }

  /** As a fault names it. */
  get target(): string {
    return `container/${this.name}`;
  }

  /** Of its init, on the machine; 0 or nothing where it has none just now. */
  async pid(): Promise<number> {
    return Number((await this.#machine.demand(this.#pid)).trim());
  }

  /** Its file tree, as the machine sees it. */
  async root(): Promise<string> {
    return `/proc/${await this.pid()}/root`;
  }

  /** Gives one that has no network a cable to the machine, which answers at `address`.1. */
  async connect(address: string): Promise<void> {
    const pid = await this.pid();
    await this.#machine.demand(`set -e
      ip link add h${pid} type veth peer name eth0 netns ${pid}
      ip address add ${address}.1/24 dev h${pid}
      ip link set h${pid} up
      nsenter --net --target ${pid} ip address add ${address}.2/24 dev eth0
      nsenter --net --target ${pid} ip link set eth0 up`);
  }

  /** Whether its init goes on counting. */
  async ticks(): Promise<boolean> {
    const ticks = `${await this.root()}/ticks`;
    const said = await this.#machine.demand(`cat ${ticks}; sleep 2; cat ${ticks}`);
    const [before, after] = said.trim().split('\n');
    return before !== after;
  }

  /** What a command of its own shell says, and how it ended: run by its init, and so subject to all that it is subject to. */
  async inside(command: string): Promise<{ readonly said: string; readonly code: number }> {
    const root = await this.root();
    const said = await this.#machine.demand(
      `rm -f ${root}/done; cat > ${root}/todo.new; mv ${root}/todo.new ${root}/todo
      until [ -s ${root}/done ]; do sleep 0.1; done; cat ${root}/said; echo; cat ${root}/done`,
      { input: command },
    );
    const lines = said.trim().split('\n');
    return { code: Number(lines.pop()), said: lines.join('\n').trim() };
  }

  /** How many of three pings to an address are answered, and how quick the quickest is. */
  async pings(address: string): Promise<{ readonly received: number; readonly fastestMs: number }> {
    const { said } = await this.inside(`ping -c 3 -W 3 ${address}`);
    const received = Number(/(\d+) packets received/.exec(said)?.[1] ?? Number.NaN);
    return { received, fastestMs: Number(/= ([\d.]+)\//.exec(said)?.[1] ?? Number.NaN) };
  }
}
