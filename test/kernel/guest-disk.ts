import type { Machine } from '../../lab/machine/machine.ts';

/** A disk of a machine, as its own users meet it: past the page cache, with dd. */
export class GuestDisk {
  readonly name: string;
  /** host:channel:id:lun; only of SCSI. */
  readonly scsi: string;
  /** major:minor */
  readonly number: string;
  readonly #machine: Machine;

  private constructor(machine: Machine, name: string, scsi: string, number: string) {
    this.#machine = machine;
    this.name = name;
    this.scsi = scsi;
    this.number = number;
  }

  static async find(machine: Machine, name: string): Promise<GuestDisk> {
    const said = await machine.demand(
      `cat /sys/block/${name}/dev && basename "$(readlink -f /sys/block/${name}/device)"`,
    );
    const [number = '', scsi = ''] = said.trim().split('\n');
    return new GuestDisk(machine, name, scsi, number);
  }

  /** Loads scsi_debug, a SCSI host whose disks are memory, and finds them. What it had before is gone. */
  static async ofScsiDebug(machine: Machine, parameters = '', disks = 2): Promise<GuestDisk[]> {
    await machine.demand(`
      ! grep -q '^scsi_debug ' /proc/modules || rmmod scsi_debug || exit
      modprobe scsi_debug dev_size_mb=16 num_tgts=${disks} delay=0 ${parameters} || exit
      until [ "$(grep -l scsi_debug /sys/block/sd*/device/model | wc -l)" = ${disks} ]; do sleep 0.05; done`);
    const names = await machine.demand('grep -l scsi_debug /sys/block/sd*/device/model | cut -d/ -f4');
    return await Promise.all(
      names
        .trim()
        .split('\n')
        .map(async (name) => await GuestDisk.find(machine, name)),
    );
  }

  /** The number of its SCSI host. */
  get host(): string {
    return this.scsi.split(':')[0] ?? '';
  }

  get path(): string {
    return `/dev/${this.name}`;
  }

  /** Reads 4 KiB from each of the sectors, one after the other; answers whether it got them. */
  async reads(...sectors: number[]): Promise<boolean[]> {
    return await this.#tries(sectors, `dd if=${this.path} of=/dev/null iflag=direct,skip_bytes skip=$at`);
  }

  /** Begins to read 4 KiB from a sector, and does not wait for them. */
  async readsMeanwhile(sector: number): Promise<void> {
    await this.#machine.demand(`
      rm -f ${this.#answer}
      { dd if=${this.path} of=/dev/null bs=512 count=8 skip=${sector} iflag=direct; echo $? > ${this.#answer}; } \
        < /dev/null > /dev/null 2>&1 &`);
  }

  /** Waits for what was begun; answers whether it got it. */
  async readMeanwhile(): Promise<boolean> {
    const said = await this.#machine.demand(
      `until [ -s ${this.#answer} ]; do sleep 0.05; done; cat ${this.#answer}`,
    );
    return said.trim() === '0';
  }

  /** How long the kernel waits for each of its commands, those of error handling too, before it does something about it. */
  async allowsRequests({ seconds }: { seconds: number }): Promise<void> {
    await this.#machine.demand(
      `cd /sys/block/${this.name}/device && echo ${seconds} > timeout && echo ${seconds} > eh_timeout`,
    );
  }

  /** Writes 4 KiB of zeros to each of the sectors. */
  async writes(...sectors: number[]): Promise<boolean[]> {
    return await this.#tries(sectors, `dd if=/dev/zero of=${this.path} oflag=direct,seek_bytes seek=$at`);
  }

  /** Fills the beginning with bytes that follow from the seed, by an undisturbed write. */
  async fill(content: Buffer): Promise<void> {
    await this.#machine.demand(['dd', `of=${this.path}`, 'bs=64k', 'iflag=fullblock', 'oflag=direct'], {
      input: content,
    });
  }

  /** The beginning as the disk gives it; through the page cache, if so asked. */
  async content(bytes: number, through: 'the page cache' | 'nothing' = 'nothing'): Promise<Buffer> {
    const flags = through === 'nothing' ? 'iflag=direct' : '';
    const said = await this.#machine.demand(
      `dd if=${this.path} bs=64k count=${bytes / 65536} ${flags} 2> /dev/null | base64 --wrap=0`,
    );
    return Buffer.from(said, 'base64');
  }

  /** Of three reads past the page cache, by the machine's own clock. */
  async fastestReadMs(): Promise<number> {
    const said = await this.#machine.demand(`
      for try in 1 2 3; do
        began=$(date +%s%N)
        dd if=${this.path} of=/dev/null bs=4096 count=1 iflag=direct 2> /dev/null
        echo $((($(date +%s%N) - began) / 1000000))
      done`);
    return Math.min(...said.trim().split('\n').map(Number));
  }

  get #answer(): string {
    return `/run/read-of-${this.name}`;
  }

  async #tries(sectors: readonly number[], command: string): Promise<boolean[]> {
    const said = await this.#machine.demand(`
      for sector in ${sectors.join(' ')}; do
        at=$((sector * 512)); ${command} bs=4096 count=1 2> /dev/null; echo $?
      done`);
    return said
      .trim()
      .split('\n')
      .map((code) => code === '0');
  }
}
