import type { Machine } from '../../lab/machine/machine.ts';

interface Reading {
  /** How much of its file it has had read from the disk again since it was asked first. */
  readAgain(): Promise<number>;
  end(): Promise<void>;
}

/** It reads its file from beginning to end, again and again. */
const source =
  'open my $in, "<", $ARGV[0] or die; while (1) { sysseek $in, 0, 0; 1 while sysread $in, my $buffer, 65536; select undef, undef, undef, 0.05 }';
let started = 0;
/** Longer than any test of it; whoever starts it ends it. */
const lastsMs = 3_600_000;

/** Programs in the machine that read a file which memory holds for them, as long as it has room for it. */
export class GuestReading {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** `by` is what starts it. When it resolves, memory holds all of the file, in the name of whoever reads it. */
  async start(by = '', { bytes = 32 * 2 ** 20 } = {}): Promise<Reading> {
    const file = `/root/reading.${++started}`;
    const ended = this.#machine.run(
      `head -c ${bytes} /dev/urandom > ${file}; sync ${file}; dd if=${file} iflag=nocache count=0 status=none
      exec ${by} perl -e '${source}' ${file}`,
      { timeoutMs: lastsMs },
    );
    ended.catch(() => undefined);
    const pid = (
      await this.#machine.demand(`
      until pid=$(pgrep --oldest --full '^perl .* ${file}$'); do sleep 0.1; done
      until [ "$(sed -n 's/^rchar: //p' /proc/$pid/io)" -gt ${2 * bytes} ]; do sleep 0.1; done; echo $pid`)
    ).trim();
    const fromDisk = async (): Promise<number> =>
      Number(await this.#machine.demand(`sed -n 's/^read_bytes: //p' /proc/${pid}/io`));
    const before = await fromDisk();
    return {
      readAgain: async () => (await fromDisk()) - before,
      end: async () => {
        // The first program of a container heeds no milder one.
        await this.#machine.demand(`kill -KILL ${pid}; rm ${file}`);
        await ended;
      },
    };
  }
}
