import { join } from 'node:path';
import { OrdealError } from '../../errors/ordeal-error.ts';

/** What the kernel allows for the path of a unix socket, with its end. */
const longestSocketPath = 107;

/** Where one machine keeps what is its own. */
export class MachineFiles {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** What the machine may write: a snapshot is a copy of these. */
  get disks() {
    return {
      root: join(this.directory, 'root.qcow2'),
      agent: join(this.directory, 'agent.img'),
      scsiA: join(this.directory, 'scsi-a.img'),
      scsiB: join(this.directory, 'scsi-b.img'),
      virtio: join(this.directory, 'virtio.img'),
      nvme: join(this.directory, 'nvme.img'),
    };
  }

  /** Read-only, and made anew at each start. */
  get delivery(): string {
    return join(this.directory, 'delivery.img');
  }

  /** All that came on the serial console since its last start. */
  get console(): string {
    return join(this.directory, 'console.log');
  }

  /** What QEMU itself has to say. */
  get log(): string {
    return join(this.directory, 'qemu.log');
  }

  get process(): string {
    return join(this.directory, 'process.json');
  }

  /** How long its last boot took. */
  get boot(): string {
    return join(this.directory, 'boot.json');
  }

  get sockets() {
    return {
      console: this.#socket('console.sock'),
      guestAgent: this.#socket('agent.sock'),
      qmp: this.#socket('qmp.sock'),
      /** A second monitor, for whoever else asks its QEMU: it serves one at a time. */
      monitor: this.#socket('monitor.sock'),
    };
  }

  #socket(name: string): string {
    return socketPath(join(this.directory, name));
  }
}

/** The path, where a socket can have it. */
export function socketPath(path: string): string {
  if (Buffer.byteLength(path) <= longestSocketPath) return path;
  const message = `${path} is too long for the path of a unix socket, which has ${longestSocketPath} bytes at most`;
  throw new OrdealError('INVALID_INPUT', message, {
    remedy: 'Name a shorter folder for the state of labs in ORDEAL_LAB_STATE.',
  });
}
