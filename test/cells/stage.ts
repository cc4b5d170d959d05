import type { Machine } from '../../lab/machine/machine.ts';
import type { AgentBed } from '../kernel/agent-bed.ts';
import { GuestAsking } from '../kernel/guest-asking.ts';
import { VictimContainer } from './victim-container.ts';
import { GuestDisk } from '../kernel/guest-disk.ts';
import { GuestLink } from '../kernel/guest-link.ts';
import { bringProgram } from '../kernel/guest-program.ts';
import { Once } from './once.ts';
import type { Scene } from './proof.ts';
import { fill } from './witness/reading.ts';

interface WithVolume {
  readonly container: VictimContainer;
  /** What is read there. */
  readonly file: string;
}

/** One for each container that has one: the victims of storage, and their neighbour. */
const volumes = 4;
/** The disks of one host of scsi_debug are all the same memory, and a filesystem on one would be on all. */
const eachItsOwnMemory = `num_tgts=1 add_host=${volumes} per_host_store=1`;

/** Where proofs take place: two hosts of a lab, and what is put into the first of them. What is made stays as long as the host is up. */
export class Stage {
  readonly bed: AgentBed;
  /** The other host. */
  readonly beside: Machine;
  /** What the agent has to have told of before a fault can go there. */
  readonly #made: { readonly kind: string; readonly name: string }[] = [];
  readonly #once = new Once();

  private constructor(bed: AgentBed, beside: Machine) {
    this.bed = bed;
    this.beside = beside;
  }

  static async in(bed: AgentBed): Promise<Stage> {
    return new Stage(bed, await bed.neighbour('nfvi-2'));
  }

  get machine(): Machine {
    return this.bed.machine;
  }

  /** Resolves when faults can go to all that was made. */
  async isKnown(): Promise<void> {
    const made = this.#made.splice(0);
    for (const kind of new Set(made.map((one) => one.kind))) {
      const names = made.filter((one) => one.kind === kind).map(({ name }) => name);
      await this.bed.knows(kind, ...names);
    }
  }

  /** A veth to a network of its own. */
  async link(): Promise<GuestLink> {
    const link = await GuestLink.make(this.machine);
    this.#made.push({ kind: 'nic', name: link.device });
    return link;
  }

  async neighbourLink(): Promise<GuestLink> {
    return await this.#once.make('link', async () => await GuestLink.make(this.machine));
  }

  async container(disk?: GuestDisk): Promise<VictimContainer> {
    const container = await VictimContainer.start(this.machine, disk && { disk: disk.path });
    this.#made.push({ kind: 'container', name: container.name });
    return container;
  }

  /** A container with a filesystem on a SCSI disk of its own. */
  async containerWithVolume(): Promise<WithVolume> {
    const disks = await this.#once.make(
      'volumes',
      async () => await GuestDisk.ofScsiDebug(this.machine, eachItsOwnMemory, volumes),
    );
    const disk = disks.pop();
    if (disk === undefined) throw new Error(`a stage has ${volumes} volumes; more were asked for`);
    this.#made.push({ kind: 'disk', name: disk.name });
    // Without a journal: that it cannot be written would outlive the fault, as a consequence.
    await this.machine.demand(['mke2fs', '-q', '-t', 'ext4', '-O', '^has_journal', disk.path]);
    const container = await this.container(disk);
    const file = '/data/file';
    await fill(container, file);
    return { container, file };
  }

  async neighbourContainer(): Promise<WithVolume> {
    return await this.#once.make('container', async () => await this.containerWithVolume());
  }

  /** The path of a disk at whose beginning is what is read. */
  async filledDisk(name: string): Promise<string> {
    return await this.#once.make(`disk ${name}`, async () => {
      await fill(this.machine, `/dev/${name}`);
      return `/dev/${name}`;
    });
  }

  /** A program of test/kernel/guest, compiled here. */
  async program(name: string): Promise<string> {
    return await this.#once.make(`program ${name}`, async () => await bringProgram(this.machine, name));
  }

  async asking(): Promise<GuestAsking> {
    return await this.#once.make('asking', async () => await GuestAsking.bring(this.machine));
  }

  /** A program of test/kernel/guest for a victim that is a machine, and for its neighbour: of a host another file of the same machine, of a VM the same file of the other one. */
  async programOf(on: 'host' | 'vm', name: string): Promise<{ victim: string; neighbour: string }> {
    const path = await this.program(name);
    if (on === 'vm') {
      const besides = async (): Promise<string> => await bringProgram(this.beside, name);
      return { victim: path, neighbour: await this.#once.make(`program ${name} beside`, besides) };
    }
    await this.machine.demand(['cp', path, `${path}.copy`]);
    return { victim: `${path}.copy`, neighbour: path };
  }

  /** The parameters of a fault at the one instruction in such a program before which it knows what is where: each time that this is executed. */
  async atSpotOf(path: string, more: Scene['parameters']): Promise<Scene['parameters']> {
    const offset = Number(await this.machine.demand([path, 'spot']));
    return { trigger: 'address', file: path, offset, times: 0, ...more };
  }
}
