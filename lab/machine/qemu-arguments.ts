import { MachineFiles } from './machine-files.ts';
import type { Accelerator, MachineSpec } from './machine-spec.ts';

/** Two, so that what must hold between processors is tried between processors. */
const usualCpus = 2;
/** systemd, Node and a page cache that is not always full. */
const usualMemoryMiB = 1024;

/** Emulated vector instructions are slower than none: a processor that has what Node wants and no more. */
const processor: Readonly<Record<Accelerator, string>> = { kvm: 'host', tcg: 'Nehalem' };

/** The command line of one machine's QEMU, without the program's own name. */
export function qemuArguments(spec: MachineSpec): string[] {
  const files = new MachineFiles(spec.directory);
  return [
    ...option('-name', spec.name),
    ...option('-machine', `q35,accel=${spec.accelerator},usb=off,vmport=off`),
    ...option('-cpu', processor[spec.accelerator]),
    ...option('-smp', String(spec.cpus ?? usualCpus)),
    ...option('-m', String(spec.memoryMiB ?? usualMemoryMiB)),
    '-nodefaults',
    '-no-user-config',
    // A panic or a reset ends the machine, and is told; it does not come back as if nothing had been.
    '-no-reboot',
    ...option('-display', 'none'),
    ...option('-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'),
    ...kernel(spec),
    ...disks(spec, files),
    ...networks(spec),
    ...channels(files),
    ...option('-device', 'virtio-rng-pci'),
  ];
}

function kernel({ boots, kernelArguments = [] }: MachineSpec): string[] {
  const commandLine = [
    'console=ttyS0',
    'root=LABEL=ordeal-root',
    'net.ifnames=0',
    'panic=-1',
    'loglevel=5',
    // Of disks under a fault the kernel has much to say; what it said before is not to be pushed out by it.
    'log_buf_len=4M',
    'mitigations=off',
    'apparmor=0',
    'selinux=0',
    'audit=0',
    // An emulated timer on a busy host fails the kernel's test of it.
    'no_timer_check',
    'systemd.show_status=false',
    ...kernelArguments,
  ];
  return [
    ...option('-kernel', boots.vmlinuz),
    ...option('-initrd', boots.initrd),
    ...option('-append', commandLine.join(' ')),
  ];
}

/** vda to vde by their order here; the initial ram disk looks for the first four by label. */
function disks({ boots, number }: MachineSpec, files: MachineFiles): string[] {
  const { root, agent, scsiA, scsiB, virtio, nvme } = files.disks;
  // What is flushed need not outlive the host: a lab is made anew.
  const own = 'cache=unsafe,discard=unmap';
  return [
    ...drive('root', root, `format=qcow2,${own}`),
    ...device('virtio-blk-pci', 'root'),
    ...drive('modules', boots.modules, 'format=raw,readonly=on'),
    ...device('virtio-blk-pci', 'modules'),
    ...drive('delivery', files.delivery, 'format=raw,readonly=on'),
    ...device('virtio-blk-pci', 'delivery'),
    ...drive('agent', agent, `format=raw,${own}`),
    ...device('virtio-blk-pci', 'agent'),
    ...drive('virtio', virtio, 'format=raw'),
    ...device('virtio-blk-pci', 'virtio'),
    ...option('-device', 'virtio-scsi-pci,id=scsi'),
    ...drive('scsi-a', scsiA, 'format=raw'),
    ...scsiDisk('scsi-a', number, 1),
    ...drive('scsi-b', scsiB, 'format=raw'),
    ...scsiDisk('scsi-b', number, 2),
    ...drive('nvme', nvme, 'format=raw'),
    ...device('nvme', 'nvme'),
  ];
}

function networks({ name, number, dataNetwork }: MachineSpec): string[] {
  const data =
    dataNetwork === undefined
      ? 'hubport,id=data,hubid=0'
      : `stream,id=data,server=off,addr.type=unix,addr.path=${escaped(dataNetwork)}`;
  return [
    ...option('-netdev', `user,id=mgmt,ipv6=off,hostname=${name}`),
    ...option('-device', `virtio-net-pci,netdev=mgmt,mac=${managementMac(number)},romfile=`),
    ...option('-netdev', data),
    ...option('-device', `virtio-net-pci,netdev=data,mac=${dataMac(number)},romfile=`),
  ];
}

export function managementMac(number: number): string {
  return `52:54:00:4d:00:${twoDigits(number)}`;
}

export function dataMac(number: number): string {
  return `52:54:00:44:00:${twoDigits(number)}`;
}

function twoDigits(number: number): string {
  return number.toString(16).padStart(2, '0');
}

function channels(files: MachineFiles): string[] {
  const { console, guestAgent, qmp, monitor } = files.sockets;
  const socket = (id: string, path: string, more = ''): string =>
    `socket,id=${id},path=${escaped(path)},server=on,wait=off${more}`;
  return [
    ...option('-chardev', socket('console', console, `,logfile=${escaped(files.console)},logappend=on`)),
    ...option('-serial', 'chardev:console'),
    ...option('-chardev', socket('qmp', qmp)),
    ...option('-mon', 'chardev=qmp,mode=control'),
    ...option('-chardev', socket('monitor', monitor)),
    ...option('-mon', 'chardev=monitor,mode=control'),
    ...option('-device', 'virtio-serial-pci'),
    ...option('-chardev', socket('agent', guestAgent)),
    ...option('-device', 'virtserialport,chardev=agent,name=org.qemu.guest_agent.0'),
  ];
}

function drive(id: string, file: string, more: string): string[] {
  return option('-drive', `if=none,id=${id},file=${escaped(file)},${more}`);
}

/** With a name for the whole world, as a real disk of SCSI has: what it is known by, wherever it is plugged in. */
function scsiDisk(drive: string, machine: number, disk: number): string[] {
  const name = 0x5000_d000_0000_0000n + BigInt(machine) * 16n + BigInt(disk);
  return device(`scsi-hd,bus=scsi.0,wwn=0x${name.toString(16)}`, drive);
}

function device(kind: string, drive: string): string[] {
  return option('-device', `${kind},drive=${drive},serial=ordeal-${drive}`);
}

function option(name: string, value: string): string[] {
  return [name, value];
}

/** QEMU takes a comma for the end of a value, unless it is doubled. */
function escaped(value: string): string {
  return value.replaceAll(',', ',,');
}
