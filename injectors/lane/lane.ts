import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Injection } from '../injector.ts';
import { runInNamespace } from '../network-namespace.ts';
import { missingFrom } from '../nft-drop/read-back.ts';
import { rulesetFor, shareOf, type Direction } from '../nft-drop/ruleset.ts';
import { matchesOf, type PacketFilter } from '../packet-filter.ts';
import { PacketTable } from '../packets/table.ts';
import { linkAt, type Place } from './place.ts';
import {
  changeOf,
  foreignRootAmong,
  handlesFor,
  isRoot,
  layingOf,
  leafAmong,
  queuesIn,
  type Handles,
  type LaneName,
  type Leaf,
  type Queue,
} from './queue.ts';

export function tablePrefixOf(mechanism: LaneName['mechanism']): string {
  return `ordeal-${mechanism}_`;
}

/** Between two looks whether all that waited has gone. */
const lookEveryMs = 5;

export type LaneParameters = PacketFilter & { readonly direction: 'in' | 'out' };

/**
 * A second way for packets to leave an interface, at whose end something is done to them. Rules of nftables steer packets into it
 * while the fault lasts, and the kernel itself ends that at the deadline; all other packets go straight on.
 */
export class Lane {
  readonly table: PacketTable;
  readonly #injection: Injection<LaneParameters>;
  readonly #place: Place;
  readonly #leaf: Leaf;
  readonly #table: string;
  readonly #handles: Handles;

  constructor(
    mechanism: LaneName['mechanism'],
    injection: Injection<LaneParameters>,
    place: Place,
    leaf: Leaf,
  ) {
    this.#table = tablePrefixOf(mechanism) + injection.id;
    this.#handles = handlesFor({ mechanism, id: injection.id });
    this.table = new PacketTable(place.netns, this.#table);
    this.#injection = injection;
    this.#place = place;
    this.#leaf = leaf;
  }

  /** Refuses an interface that has a queue of somebody's, and what this kernel does not take. */
  async check(): Promise<void> {
    const device = await this.#device();
    const foreign = foreignRootAmong(await this.#queues(device));
    if (foreign !== undefined && !isRoot(foreign, this.#handles)) throw taken(device, foreign);
    await this.#run(['nft', '--check', '--file', '-'], this.#ruleset(device));
  }

  /** The rules come last: until they are there, all packets go the direct way. */
  async lay(): Promise<void> {
    if (await this.table.isThere()) return;
    const device = await this.#device();
    const found = foreignRootAmong(await this.#queues(device));
    if (found !== undefined && !isRoot(found, this.#handles)) throw taken(device, found);
    // Of an apply that was cut short: it is not known how far it came.
    if (found !== undefined) await this.#removeQueues(device);
    await this.#run(['tc', '-batch', '-'], layingOf(device, this.#handles, this.#leaf));
    await this.#run(['nft', '--file', '-'], this.#ruleset(device));
  }

  /** Ends it for packets to come, and waits until those in it have left; `faster` lets them go at once. Answers when the last one had. */
  async drain(withinMs: number, faster?: Leaf): Promise<number> {
    const giveUpAtUs = monotonicUs() + withinMs * 1000;
    const device = await this.#deviceIfThere();
    if (faster !== undefined && device !== undefined && (await this.leaf()) !== undefined) {
      await this.#runOn(['tc', ...changeOf(device, this.#handles, faster)]);
      // What takes the direct way must not overtake what still waits.
      await this.#untilEmpty(giveUpAtUs);
    }
    if (await this.table.isThere()) await this.table.lapse();
    await this.#untilEmpty(giveUpAtUs);
    return monotonicUs();
  }

  async remove(): Promise<void> {
    const device = await this.#deviceIfThere();
    if (device !== undefined && (await this.#queues(device)).some((queue) => isRoot(queue, this.#handles)))
      await this.#removeQueues(device);
    if (await this.table.isThere()) await this.table.remove();
  }

  /** What the kernel counted at its end; undefined where it is gone. */
  async leaf(): Promise<Queue | undefined> {
    const device = await this.#deviceIfThere();
    return device === undefined ? undefined : leafAmong(await this.#queues(device), this.#handles);
  }

  /** What is not there as asked for, `unlike` telling it of the leaf; undefined where nothing is missing. */
  async missing(unlike: (leaf: Queue) => string | undefined): Promise<string | undefined> {
    const device = await this.#deviceIfThere();
    if (device === undefined) return 'the interface is gone';
    const queues = await this.#queues(device);
    if (!queues.some((queue) => isRoot(queue, this.#handles)))
      return `${device} has no queue ${this.#handles.root}`;
    const leaf = leafAmong(queues, this.#handles);
    if (leaf?.kind !== this.#leaf.kind) return `${device} has no ${this.#leaf.kind} ${this.#handles.leaf}`;
    const [json, text] = [await this.table.json(), await this.table.text()];
    if (json === undefined || text === undefined) return 'the network namespace is gone';
    const { mode, parameters } = this.#injection;
    const directions = [{ ...this.#direction, ways: matchesOf(parameters, this.#direction.name).length }];
    const rules = { device, directions, drops: shareOf(mode) > 0, verb: 'mangle' } as const;
    return unlike(leaf) ?? missingFrom(json, text, rules);
  }

  /** What is there of it; undefined where nothing is. */
  async remains(): Promise<string | undefined> {
    const device = await this.#deviceIfThere();
    const where = `in the network namespace ${this.#place.netns}`;
    if (await this.table.isThere()) return `the table ${this.#table} is ${where}`;
    if (device === undefined) return undefined;
    const there = (await this.#queues(device)).some((queue) => isRoot(queue, this.#handles));
    return there ? `the queue ${this.#handles.root} is on ${device} ${where}` : undefined;
  }

  /** The arguments of `tc -batch` that show its queues; undefined where the interface is gone. */
  async question(): Promise<string | undefined> {
    const device = await this.#deviceIfThere();
    return device === undefined ? undefined : `qdisc show dev ${device}`;
  }

  leafOf(json: string): Queue | undefined {
    return leafAmong(queuesIn(json), this.#handles);
  }

  /** Seen from the target; what it receives is held back where the other end sends it. */
  get #direction(): Direction {
    return { name: this.#injection.parameters.direction, hook: 'egress', key: 'oif' };
  }

  async #untilEmpty(giveUpAtUs: number): Promise<void> {
    while (((await this.leaf())?.qlen ?? 0) > 0 && monotonicUs() < giveUpAtUs) await sleep(lookEveryMs);
  }

  #ruleset(device: string): string {
    const { ifindex } = this.#place;
    return rulesetFor(
      this.#injection,
      { device, ifindex },
      {
        table: this.#table,
        directions: [this.#direction],
        verdict: `meta priority set ${this.#handles.root}1`,
      },
    );
  }

  async #device(): Promise<string> {
    const device = await this.#deviceIfThere();
    if (device !== undefined) return device;
    throw new OrdealError('NO_TARGET', `the interface ${this.#place.ifindex} is gone`);
  }

  async #deviceIfThere(): Promise<string | undefined> {
    return (await linkAt(this.#place))?.ifname;
  }

  async #queues(device: string): Promise<Queue[]> {
    const json = await this.#runOn(['tc', '-json', '-statistics', 'qdisc', 'show', 'dev', device]);
    return json === undefined ? [] : queuesIn(json);
  }

  async #removeQueues(device: string): Promise<void> {
    await this.#runOn(['tc', 'qdisc', 'delete', 'dev', device, 'root', 'handle', this.#handles.root]);
  }

  /** The interface may go at any time, also since it was looked for: then there is nothing to show and nothing to change. */
  async #runOn(argv: readonly string[]): Promise<string | undefined> {
    try {
      return await this.#run(argv);
    } catch (error) {
      if ((await this.#deviceIfThere()) === undefined) return undefined;
      throw error;
    }
  }

  async #run(argv: readonly string[], input?: string): Promise<string | undefined> {
    return await runInNamespace(this.#place.netns, argv, input);
  }
}

function taken(device: string, { kind, handle }: Queue): OrdealError {
  return new OrdealError(
    'UNSUPPORTED',
    `${device} has a queueing discipline that is not the kernel's own: ${kind} ${handle}`,
    {
      remedy: `Remove it for the time of the campaign (tc qdisc delete dev ${device} root), or choose another interface.`,
    },
  );
}
