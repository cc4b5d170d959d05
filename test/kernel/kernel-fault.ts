import { parseStatus, type FaultStatus } from '../../injectors/kernel-fault/status.ts';
import type { Machine } from '../../lab/machine/machine.ts';

type Kind = 'net' | 'storage';
type Attributes = Readonly<Record<string, string | number>>;

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
    const writes = Object.entries(attributes).map(([name, value]) => `printf '%s\\n' '${value}' > ${name}`);
    await this.#demand(
      writes.map((write) => `{ ${write}; } 2> /dev/null || { cat error >&2; exit 1; }`).join('\n'),
    );
  }

  /** What the kernel says against a value, a line without its end; undefined where it takes it. */
  async refusalOf(attributes: Attributes): Promise<string | undefined> {
    return await this.write(attributes).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? refusal(error.message) : undefined),
    );
  }

  async arm({ forMs = longMs, startInMs = 0, leaseForMs }: ArmOptions = {}): Promise<void> {
    const after = (ms: number): string => `$((now + ${Math.round(ms * 1e6)}))`;
    await this.#demand(`
      now=$(sed -n 's/^boottime_ns: //p' ${root}/clocks)
      echo ${after(forMs)} > deadline_ns
      echo ${startInMs === 0 ? 0 : after(startInMs)} > start_ns
      echo ${leaseForMs === undefined ? 0 : after(leaseForMs)} > lease_ns
      { echo 1 > arm; } 2> /dev/null || { cat error >&2; exit 1; }`);
  }

  /** Why it cannot be armed; undefined where it is. */
  async refusalToArm(options: ArmOptions = {}): Promise<string | undefined> {
    return await this.arm(options).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? refusal(error.message) : undefined),
    );
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
    await this.#demand('until grep -q "^phase: ended" status; do sleep 0.05; done');
    return await this.status();
  }

  async remove(): Promise<void> {
    await this.#machine.demand(['rmdir', this.directory]);
  }

  async #demand(script: string): Promise<string> {
    return await this.#machine.demand(`cd ${this.directory} || exit\n${script}`);
  }
}

/** The last line of a failed command is what the script wrote to stderr. */
function refusal(message: string): string {
  return message.trim().split('\n').at(-1) ?? '';
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
