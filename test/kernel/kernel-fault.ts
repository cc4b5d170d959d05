import { parseStatus, type FaultStatus } from '../../injectors/kernel-fault/status.ts';
import type { Machine } from '../../lab/machine/machine.ts';

export type Kind = 'net' | 'storage' | 'cpu' | 'memory';
export type Attributes = Readonly<Record<string, string | number>>;

interface ArmOptions {
  /** From when it is armed to its deadline; longer than any test where the test is not about it. */
  readonly forMs?: number;
  /** Ahead; at once without it. */
  readonly startInMs?: number;
  readonly leaseForMs?: number;
}

const longMs = 600_000;
const root = '/sys/kernel/config/ordeal';
let made = 0;

/** One fault in the kernel of a machine: its directory in configfs, driven by nothing but a shell. */
export class KernelFault {
  readonly directory: string;
  readonly #machine: Machine;

  private constructor(machine: Machine, directory: string) {
    this.#machine = machine;
    this.directory = directory;
  }

  static async make(machine: Machine, kind: Kind, attributes: Attributes): Promise<KernelFault> {
    const fault = new KernelFault(machine, `${root}/${kind}/test-${++made}`);
    await machine.demand(['mkdir', fault.directory]);
    await fault.write(attributes);
    return fault;
  }

  /** Throws with the kernel's sentence where it refuses one. */
  async write(attributes: Attributes): Promise<void> {
    must(await this.refusalOf(attributes));
  }

  /** What the kernel says against a value; undefined where it takes it. */
  async refusalOf(attributes: Attributes): Promise<string | undefined> {
    const writes = Object.entries(attributes).map(([name, value]) => `write ${name} '${value}'`);
    return await this.#refusal(writes.join('\n'));
  }

  async arm(options: ArmOptions = {}): Promise<void> {
    must(await this.refusalToArm(options));
  }

  /** Why it cannot be armed; undefined where it is. */
  async refusalToArm({ forMs = longMs, startInMs, leaseForMs }: ArmOptions = {}): Promise<
    string | undefined
  > {
    const after = (ms: number | undefined): string =>
      ms === undefined ? '0' : `$((now + ${Math.round(ms * 1e6)}))`;
    return await this.#refusal(`
      now=$(sed -n 's/^boottime_ns: //p' ${root}/clocks)
      write deadline_ns ${after(forMs)}
      write start_ns ${after(startInMs)}
      write lease_ns ${after(leaseForMs)}
      write arm 1`);
  }

  async disarm(): Promise<void> {
    await this.write({ arm: 0 });
  }

  async status(): Promise<FaultStatus> {
    return parseStatus(await this.#machine.demand(['cat', `${this.directory}/status`]));
  }

  /** One number of what only this kind tells. */
  async count(name: string): Promise<number> {
    return Number((await this.status()).lines[name]);
  }

  /** Waits until the kernel has ended it by itself; answers its last status. */
  async ended(): Promise<FaultStatus> {
    await this.reached('ended');
    return await this.status();
  }

  async reached(phase: FaultStatus['phase']): Promise<void> {
    await this.tells('phase', phase);
  }

  /** Waits until a line of its status is so; `value` is a regular expression of grep. */
  async tells(name: string, value: string): Promise<void> {
    await this.#machine.demand(
      `until grep -qx "${name}: ${value}" ${this.directory}/status; do sleep 0.05; done`,
    );
  }

  /** Waits until a number of its status is at least so. */
  async reachedCount(name: string, least: number): Promise<void> {
    await this.#machine.demand(
      `until [ "$(sed -n 's/^${name}: //p' ${this.directory}/status)" -ge ${least} ]; do sleep 0.05; done`,
    );
  }

  async remove(): Promise<void> {
    await this.#machine.demand(['rmdir', this.directory]);
  }

  async #refusal(script: string): Promise<string | undefined> {
    const { code, stderr } = await this.#machine.run(`
      cd ${this.directory} || exit
      write() { { printf '%s\\n' "$2" > "$1"; } 2> /dev/null || { cat error >&2; exit 1; }; }
      ${script}`);
    return code === 0 ? undefined : stderr.trim();
  }
}

function must(refusal: string | undefined): void {
  if (refusal !== undefined) throw new Error(`the kernel refuses: ${refusal}`);
}

/** Makes a fault, arms it, and takes it away when the work with it is done. */
export async function withFault<Answer>(
  machine: Machine,
  kind: Kind,
  attributes: Attributes,
  work: (fault: KernelFault) => Promise<Answer>,
  options: ArmOptions = {},
): Promise<Answer> {
  const fault = await KernelFault.make(machine, kind, attributes);
  try {
    await fault.arm(options);
    return await work(fault);
  } finally {
    await fault.remove();
  }
}
