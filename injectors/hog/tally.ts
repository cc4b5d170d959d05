/** The sum of what the kernel counts for each of some processes: kept when a process is gone, and with it the kernel's own count. */
export class Tally {
  readonly #find: () => Promise<readonly number[]>;
  readonly #read: (pid: number) => Promise<number | undefined>;
  readonly #counts = new Map<number, number>();

  /** `read` answers undefined where the process has ended. */
  constructor(find: () => Promise<readonly number[]>, read: (pid: number) => Promise<number | undefined>) {
    this.#find = find;
    this.#read = read;
  }

  async look(): Promise<number> {
    for (const pid of await this.#find()) {
      const count = await this.#read(pid);
      if (count !== undefined) this.#counts.set(pid, count);
    }
    return this.total;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }
}
