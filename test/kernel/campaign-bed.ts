import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Event, EventKind } from '../../events/event.ts';
import { Lab } from '../../lab/lab.ts';
import type { Machine } from '../../lab/machine/machine.ts';
import { LabFiles } from '../../lab/state/lab-files.ts';
import type { Measures } from '../../metrics/measures/measures.ts';
import { eventsOf, ofKind } from '../e2e/saved-run.ts';
import { until } from '../until.ts';
import { kernelUnderTest } from './kernel-under-test.ts';
import { progress } from './lone-machine.ts';
import { TestOrdeal } from './test-ordeal.ts';

const lookEveryMs = 1_000;
/** A trial of a minute takes ten where the processors that emulate both hosts have other things to do as well. */
const patienceMs = 1_800_000;

interface Options {
  /** Beside what is in every image. */
  readonly extraPackages?: readonly string[];
}

const campaignSchema = z.object({ id: z.string() });

/** An `ordeal up` of its own and a lab of two hosts, nfvi-1 and nfvi-2, against which campaigns run as users run them. */
export class CampaignBed {
  readonly ordeal: TestOrdeal;
  readonly lab: Lab;
  readonly #boot: () => Promise<void>;
  readonly #directory: string;

  private constructor(ordeal: TestOrdeal, lab: Lab, boot: () => Promise<void>, directory: string) {
    this.ordeal = ordeal;
    this.lab = lab;
    this.#boot = boot;
    this.#directory = directory;
  }

  static async start({ extraPackages = [] }: Options = {}): Promise<CampaignBed> {
    const directory = await mkdtemp(join(tmpdir(), 'ordeal-kernel-'));
    const ordeal = await TestOrdeal.start(directory);
    const lab = new Lab(new LabFiles('campaigns', join(directory, 'lab')));
    try {
      const agents = await ordeal.agents(progress);
      const agentOf = agents.deliveryOf.bind(agents);
      const boot = async (): Promise<void> => {
        const machines = { hosts: 2, cpus: 1, kernel: kernelUnderTest(), accelerator: 'auto' } as const;
        await lab.up({ ...machines, extraPackages, agentOf, endsWithItsStarter: true, progress });
      };
      await boot();
      const bed = new CampaignBed(ordeal, lab, boot, directory);
      await until('both agents have dialled', async () => (await bed.connected()).length === 2, lookEveryMs);
      return bed;
    } catch (error) {
      await lab.destroy().catch(() => undefined);
      await ordeal.end();
      throw new Error(`the bed was not made; what there is of it is in ${directory}`, { cause: error });
    }
  }

  async machine(name: string): Promise<Machine> {
    return await this.lab.machine(name);
  }

  /** The hosts whose agents are there. */
  async connected(): Promise<string[]> {
    const { hosts } = await this.ordeal.ask(async (control) => await control.listHosts({}));
    return hosts.filter(({ connected }) => connected).map(({ name }) => name);
  }

  /** Waits until a machine goes down, and boots it anew, as firmware does. */
  async comesBack(machine: Machine): Promise<void> {
    await patiently(`${machine.name} has gone down`, async () => !(await machine.isAlive()));
    machine.close();
    await this.#boot();
  }

  /** Answers the id of the campaign. */
  async begin(file: string): Promise<string> {
    return campaignSchema.parse(await this.ordeal.json('campaign', 'run', '--detach', file)).id;
  }

  /** What a terminal shows of a campaign to its end. */
  async watched(id: string): Promise<string> {
    return (await this.ordeal.run('campaign', 'watch', id)).stdout;
  }

  /** Waits for the first event of a campaign that is meant. */
  async said<Kind extends EventKind>(
    id: string,
    kind: Kind,
    isMeant: (event: Event<Kind>) => boolean = () => true,
  ): Promise<Event<Kind>> {
    let found: Event<Kind> | undefined;
    const isThere = async (): Promise<boolean> => {
      found = ofKind(await this.eventsOf(id), kind).find(isMeant);
      return found !== undefined;
    };
    await patiently(`${kind} is said`, isThere);
    if (found === undefined) throw new Error(`${kind} was said, and is gone`);
    return found;
  }

  async measuresOf(id: string): Promise<Measures> {
    // What the metrics service writes it writes by this type.
    return JSON.parse(await readFile(join(this.runOf(id), 'measures.json'), 'utf8')) as Measures;
  }

  /** The folder of a saved run. */
  runOf(id: string): string {
    return join(this.#directory, 'runs', id);
  }

  async eventsOf(id: string): Promise<Event[]> {
    return await eventsOf(join(this.#directory, 'runs'), id);
  }

  async end(): Promise<void> {
    await this.lab.destroy();
    await this.ordeal.end();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

async function patiently(what: string, holds: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  // There is nothing to read before the first event has been saved.
  while (!(await holds().catch(() => false))) {
    if (performance.now() > giveUpAt) throw new Error(`it does not come to it that ${what}`);
    await sleep(lookEveryMs);
  }
}
