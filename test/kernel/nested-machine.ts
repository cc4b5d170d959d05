import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeBootable } from '../../lab/image/bootable.ts';
import type { Machine } from '../../lab/machine/machine.ts';
import { kernelUnderTest } from './kernel-under-test.ts';
import { progress } from './lone-machine.ts';

/** What the machine got over a NIC or from a disk. */
export interface Got {
  /** The MD5 of it; "error" where a disk did not give it. */
  readonly sum: string;
  readonly ms: number;
}

export type Part = 'nic0' | 'nic1' | 'vda' | 'vdb';
export type Look = Readonly<Record<Part, Got>>;

/** What is served over the taps, and is on the disks. */
const content = Buffer.alloc(65_536, 0x5a);

/** To be in the machine that runs it. */
export const nestedPackages = ['qemu-system-x86', 'cpio'];

const name = 'nested';
const console_ = '/root/nested.console';
/** What is behind its drives `first` and `second`. */
const disks = { first: '/dev/sda', second: '/dev/sdb' } as const;
/** Of a machine that boots as usual; this one is emulated by what is emulated itself. */
const bootsWithinMs = 120_000;
const looksWithinMs = 60_000;
/** What it says of a look that is complete. */
const looks = `grep -a '^look .* vdb [0-9a-z]* [0-9]*.$' ${console_}`;

/** Serves the content to whoever connects. */
const server = `use IO::Socket::INET; my $all = IO::Socket::INET->new(LocalPort => 7000, Listen => 16, ReuseAddr => 1) or die;
  while (my $one = $all->accept) { print $one "\\x5a" x 65536; close $one }`;

/** A virtual machine in a machine of the lab: two taps, two disks of that machine, and a program that tells what it gets by them. */
export class NestedMachine {
  readonly name = name;
  /** Of the content as it is. */
  readonly sum = createHash('md5').update(content).digest('hex');
  readonly #machine: Machine;

  private constructor(machine: Machine) {
    this.#machine = machine;
  }

  static async start(machine: Machine): Promise<NestedMachine> {
    const { vmlinuz, initrd } = await makeBootable(kernelUnderTest(), { progress });
    const init = join(import.meta.dirname, 'guest/nested-init.sh');
    for (const [path, source] of Object.entries({ vmlinuz, initrd, 'nested/init': init })) {
      await machine.demand(['mkdir', '-p', '/root/nested/modules']);
      await machine.writeFile(`/root/${path}`, await readFile(source));
    }
    for (const disk of Object.values(disks))
      await machine.demand(`dd of=${disk} bs=64k iflag=fullblock oflag=direct conv=fsync`, {
        input: content,
      });
    const drives = Object.entries(disks).map(
      ([id, file]) =>
        `-drive id=${id},file=${file},format=raw,cache=none,if=none -device virtio-blk-pci,drive=${id}`,
    );
    const nics = [0, 1].map(
      (number) =>
        `-netdev tap,id=net${number},ifname=tap${number},script=no,downscript=no -device virtio-net-pci,netdev=net${number}`,
    );
    await machine.demand(`
      cd /root/nested && chmod +x init && number=90
      for module in failover net_failover virtio_net; do
        found=$(find /usr/lib/modules -name "$module.ko*") && cp $found modules/$number-$(basename $found) && number=$((number + 1))
      done
      unxz modules/*.xz 2> /dev/null
      find . | cpio --quiet -o -H newc >> /root/initrd
      modprobe tun
      for number in 0 1; do
        ip tuntap add tap$number mode tap && ip address add 10.79.$number.1/24 dev tap$number && ip link set tap$number up
      done
      perl -e '${server}' > /dev/null 2>&1 < /dev/null &
      systemd-run --quiet --unit=${name} qemu-system-x86_64 -name ${name} -machine q35,accel=tcg -cpu Nehalem -m 192 -nodefaults -no-user-config -display none \\
        -kernel /root/vmlinuz -initrd /root/initrd -append 'console=ttyS0 quiet panic=-1' -serial file:${console_} \\
        ${drives.join(' ')} ${nics.join(' ')}`);
    await machine.demand(`until ${looks} > /dev/null; do sleep 2; done`, { timeoutMs: bootsWithinMs });
    return new NestedMachine(machine);
  }

  /** What it got in a look that was begun after this was called: the one that is under way does not count. */
  async look(): Promise<Look> {
    const line = await this.#machine.demand(
      `wanted=$(($(${looks} | wc -l) + 2))
      until [ "$(${looks} | wc -l)" -ge $wanted ]; do sleep 1; done
      ${looks} | sed -n "\${wanted}p"`,
      { timeoutMs: looksWithinMs },
    );
    const words = line.trim().split(' ');
    const got = (part: Part): Got => {
      const [sum = '', hundredths = ''] = words.slice(words.indexOf(part) + 1);
      return { sum, ms: 10 * Number(hundredths) };
    };
    return { nic0: got('nic0'), nic1: got('nic1'), vda: got('vda'), vdb: got('vdb') };
  }
}
