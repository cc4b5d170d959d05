import type { Machine } from '../../lab/machine/machine.ts';
import type { CommandResult } from '../../lab/machine/guest-command.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Place } from '../kernel/place.ts';

interface Options {
  /** What it has below /data, a filesystem of its own: /dev/sdc. */
  readonly disk?: string;
}

type Run = Parameters<Machine['run']>;

/** How often its first process gives a sign of life. */
const beatMs = 200;
/** It makes nothing while it runs, neither processes nor memory: what takes those away is not what stops it. */
const beating = `$| = 1; while (1) { print "."; select undef, undef, undef, ${beatMs / 1000} }`;
/** Of one processor: all victims together, with all the faults that are to be had of them, leave their host and its agent the most of two. */
const quota = '30%';
let made = 0;

/** A container of a machine, as a runtime makes one: a cgroup below machine.slice with a limit, namespaces, a veth, and a volume. */
export class VictimContainer implements Place {
  /** As the agent knows it. */
  readonly name: string;
  /** Of the machine's end of its veth, as it is reached from within. */
  readonly gateway: string;
  readonly #machine: Machine;
  readonly #init: string;

  private constructor(machine: Machine, number: number, init: string) {
    this.#machine = machine;
    this.name = nameOf(number);
    this.gateway = gatewayOf(number);
    this.#init = init;
  }

  static async start(machine: Machine, { disk }: Options = {}): Promise<VictimContainer> {
    const number = ++made;
    const name = nameOf(number);
    const volume = disk === undefined ? '' : `mount ${disk} /data && `;
    const init = `${volume}ip link set lo up && exec perl -e '${beating}' > ${beatsOf(name)}`;
    const unit = name.replace(/\.scope$/, '');
    const found = await machine.demand(
      `
      mkdir -p /data
      systemd-run --quiet --scope --slice=machine.slice --unit=${unit} --property=CPUQuota=${quota} \
        unshare --pid --fork --kill-child --mount --net --mount-proc sh -c ${quoted(init)} < /dev/null > /run/${name}.log 2>&1 &
      until [ -s ${beatsOf(name)} ]; do sleep 0.05; done
      init=$(for pid in $(cat ${groupOf(name)}/cgroup.procs); do awk -v pid=$pid '/^NSpid:/ && NF == 3 { print pid }' /proc/$pid/status; done)
      ip link add veth${number} type veth peer name eth0 netns $init || exit
      ip address add ${gatewayOf(number)}/24 dev veth${number}; ip link set veth${number} up
      nsenter --target $init --net sh -c 'ip address add ${gatewayOf(number).replace(/1$/, '2')}/24 dev eth0; ip link set eth0 up'
      echo $init`,
    );
    return new VictimContainer(machine, number, found.trim());
  }

  /** What is put before a command of a shell on the machine to have it run in here. */
  get entry(): string {
    return `sh -c ${quoted(this.#enter)} sh`;
  }

  get #enter(): string {
    return `echo $$ > ${groupOf(this.name)}/cgroup.procs && exec nsenter --target ${this.#init} --pid --mount --net -- "$@"`;
  }

  /** As one more process of it. */
  async run(command: Run[0], options?: Run[1]): Promise<CommandResult> {
    const argv = typeof command === 'string' ? ['sh', '-c', command] : command;
    return await this.#machine.run(['sh', '-c', this.#enter, 'sh', ...argv], options);
  }

  async demand(command: Run[0], options?: Run[1]): Promise<string> {
    const { code, stdout, stderr } = await this.run(command, options);
    if (code === 0) return stdout;
    throw new OrdealError(
      'COMMAND_FAILED',
      `in ${this.name}, a command ended with ${code}: ${stderr}${stdout}`,
    );
  }

  /** How often its first process gave a sign of life in so long, seen from outside. */
  async beats(seconds: number): Promise<number> {
    const count = `$(wc -c < ${beatsOf(this.name)})`;
    const said = await this.#machine.demand(`before=${count}; sleep ${seconds}; echo $((${count} - before))`);
    return Number(said);
  }

  async end(): Promise<void> {
    await this.#machine.demand(
      `kill -KILL ${this.#init} 2> /dev/null; systemctl stop ${this.name} 2> /dev/null; rm -f ${beatsOf(this.name)}`,
    );
  }
}

function nameOf(number: number): string {
  return `machine-victim${number}.scope`;
}

function gatewayOf(number: number): string {
  return `10.78.${number}.1`;
}

function groupOf(name: string): string {
  return `/sys/fs/cgroup/machine.slice/${name}`;
}

function beatsOf(name: string): string {
  return `/run/${name}.beats`;
}

/** As one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
