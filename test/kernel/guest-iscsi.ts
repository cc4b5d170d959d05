import type { Machine } from '../../lab/machine/machine.ts';
import { GuestDisk } from './guest-disk.ts';

const target = 'iqn.2003-01.org.linux-iscsi.nfvi-1:remote';
const port = 3260;
const loopback = '127.0.0.1';
const group = `/sys/kernel/config/target/iscsi/${target}/tpgt_1`;

/** What serves the disk: the kernel's own target, of 16 MiB of memory, for whoever asks. By its serial number it has a WWN. */
const serving = (portal: string): string => `
modprobe target_core_mod; modprobe iscsi_target_mod; modprobe iscsi_tcp
store=/sys/kernel/config/target/core/rd_mcp_0/remote
mkdir -p $store ${group}/lun/lun_0 ${group}/np/${portal}
echo rd_pages=4096 > $store/control
echo 0b5e55ed-0000-4000-8000-000000000035 > $store/wwn/vpd_unit_serial
echo 1 > $store/enable
ln -s $store ${group}/lun/lun_0/port
echo 0 > ${group}/attrib/authentication
echo 1 > ${group}/attrib/generate_node_acls
echo 0 > ${group}/attrib/demo_mode_write_protect
echo 1 > ${group}/enable`;

/** Without pings, to which a machine that is emulated may be too slow. */
const initiating = (name: string, portal: string): string => `
echo InitiatorName=iqn.1993-08.org.debian:${name} > /etc/iscsi/initiatorname.iscsi
echo node.conn[0].timeo.noop_out_interval = 0 >> /etc/iscsi/iscsid.conf
iscsiadm --mode node --op new --targetname ${target} --portal ${portal}`;

/** A disk that a machine has over iSCSI, from itself or from another. */
export class GuestIscsi {
  static readonly packages = ['open-iscsi'];
  readonly #machine: Machine;

  private constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** From itself. */
  static async make(machine: Machine): Promise<GuestIscsi> {
    await GuestIscsi.serve(machine, loopback);
    return await GuestIscsi.reach(machine, loopback);
  }

  /** Serves the disk at an address of the machine. */
  static async serve(machine: Machine, address: string): Promise<void> {
    await machine.demand(`set -e; ${serving(`${address}:${port}`)}`);
  }

  static async reach(machine: Machine, address: string): Promise<GuestIscsi> {
    await machine.demand(`set -e; ${initiating(machine.name, `${address}:${port}`)}`);
    return new GuestIscsi(machine);
  }

  /** Opens a session, which is a SCSI host; answers its disk. */
  async login(): Promise<GuestDisk> {
    const name = await this.#machine.demand(`
      iscsiadm --mode node --targetname ${target} --login > /run/login 2>&1 || { cat /run/login >&2; exit 1; }
      disks() { find /sys/class/iscsi_session/session*/device/ -path '*/block/sd*' -name 'sd*' -prune; }
      until [ -b "/dev/$(basename "$(disks)")" ]; do sleep 0.05; done
      basename "$(disks)"`);
    return await GuestDisk.find(this.#machine, name.trim());
  }

  /** Ends the session; its SCSI host goes with it. */
  async logout(): Promise<void> {
    await this.#machine.demand(`iscsiadm --mode node --targetname ${target} --logout
      until ! ls /sys/class/iscsi_session/session* > /dev/null 2>&1; do sleep 0.05; done`);
  }
}
