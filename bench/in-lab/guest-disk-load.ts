import { z } from 'zod';
import type { Machine } from '../../lab/machine/machine.ts';
import { GuestDisk } from '../../test/kernel/guest-disk.ts';

const report = z.object({ jobs: z.tuple([z.object({ read: z.object({ iops: z.number() }) })]) });
const table = 'bench';
/** As a bad sector is told. */
const enodata = 61;

/** A disk of scsi_debug, whose medium is memory, and reads of it: the same way for whatever is compared. */
export class GuestDiskLoad {
  readonly disk: GuestDisk;
  readonly #machine: Machine;

  private constructor(machine: Machine, disk: GuestDisk) {
    this.#machine = machine;
    this.disk = disk;
  }

  static async prepare(machine: Machine): Promise<GuestDiskLoad> {
    // Its errors would be written to a serial line that is emulated.
    await machine.demand('dmesg --console-off; modprobe -a dm-delay dm-flakey');
    const [disk] = await GuestDisk.ofScsiDebug(machine);
    if (disk === undefined) throw new Error('scsi_debug has no disk');
    return new GuestDiskLoad(machine, disk);
  }

  /** Reads a second, sixteen of them on their way at any time. */
  async readsPerSecond(seconds: number, path = this.disk.path): Promise<number> {
    const options = `--iodepth=16 --time_based --runtime=${seconds} --output-format=json`;
    const said = await this.#machine.demand(fio(path, options), { timeoutMs: (seconds + 30) * 1000 });
    return report.parse(JSON.parse(said.slice(said.indexOf('{')))).jobs[0].read.iops;
  }

  /** What each of so many reads takes, one after the other, in microseconds. */
  async latenciesUs(count: number, path = this.disk.path): Promise<number[]> {
    const log = '/run/bench';
    const options = `--iodepth=1 --number_ios=${count} --write_lat_log=${log} --output=/dev/null`;
    await this.#machine.demand(`rm -f ${log}_*; ${fio(path, options)}`);
    const said = await this.#machine.demand(`cut -d, -f2 ${log}_clat.1.log`);
    return said
      .trim()
      .split('\n')
      .map((ns) => Number(ns) / 1000);
  }

  /** While `work` runs, reads come at a rate, whatever becomes of them. */
  async underReads<Result>(perSecond: number, work: () => Promise<Result>): Promise<Result> {
    const options = `--iodepth=64 --rate_iops=${perSecond} --time_based --runtime=3600 --continue_on_error=all --ignore_error=${enodata}`;
    const pid = await this.#machine.demand(
      `${fio(this.disk.path, options)} < /dev/null > /dev/null 2>&1 & echo $!`,
    );
    try {
      return await work();
    } finally {
      await this.#machine.run(['kill', pid.trim()]);
    }
  }

  /** The disk behind a device of device mapper; `words` are the target's, the place of the disk as DISK. */
  async behind<Result>(words: string, work: (path: string) => Promise<Result>): Promise<Result> {
    const line = words.replaceAll('DISK', `${this.disk.path} 0`);
    await this.#machine.demand(
      `dmsetup create ${table} --table "0 $(blockdev --getsz ${this.disk.path}) ${line}"`,
    );
    try {
      return await work(`/dev/mapper/${table}`);
    } finally {
      await this.#machine.demand(`dmsetup remove --retry ${table}`);
    }
  }
}

function fio(path: string, options: string): string {
  return `fio --name=reads --filename=${path} --rw=randread --bs=4k --ioengine=libaio --direct=1 ${options}`;
}
