import type { Machine } from '../../lab/machine/machine.ts';

const hugePages = '/proc/sys/vm/nr_hugepages';
const available = `awk '/^MemAvailable:/ { all += $2 * 1024 } /^ +count:/ { all += $2 * 4096 } END { printf "%.0f", all }' /proc/meminfo /proc/zoneinfo`;

/** The memory of a machine, as its own programs meet it. */
export class GuestMemory {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Bytes that programs could still have: by the kernel's estimate, and what each processor keeps at hand of freed pages, which the estimate leaves out. */
  async available(): Promise<number> {
    return Number(await this.#machine.demand(available));
  }

  /** Bytes that are had of so many asked for, in pages that stay in memory; they are given back at once. Where there are none, nobody is killed for them. */
  async hadOf(bytes: number): Promise<number> {
    const had = await this.#machine.demand(`
      size=$(sed -n 's/^Hugepagesize: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo)
      echo $((${bytes} / 1024 / size)) > ${hugePages}
      echo $(($(cat ${hugePages}) * size * 1024))
      echo 0 > ${hugePages}`);
    return Number(had);
  }

  /** Fills so many bytes of a filesystem that is in memory; answers what frees them. */
  async occupy(bytes: number): Promise<() => Promise<void>> {
    const file = '/dev/shm/occupied';
    await this.#machine.demand(`head -c ${bytes} /dev/zero > ${file}`);
    return async () => {
      await this.#machine.demand(['rm', file]);
    };
  }

  /** Waits until programs could have at most, or at least, so many bytes. */
  async untilAvailable(sign: '<=' | '>=', bytes: number): Promise<void> {
    const test = sign === '<=' ? '-le' : '-ge';
    await this.#machine.demand(
      `until [ "$(${available})" ${test} ${Math.round(bytes)} ]; do sleep 0.1; done`,
    );
  }
}
