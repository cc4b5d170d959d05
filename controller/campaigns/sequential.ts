import { wallUs } from '../../clock/monotonic.ts';
import type { Pruned } from '../../campaign/plan.ts';
import { blocksToRun } from '../../campaign/sequential/blocks.ts';
import { enoughBecause, untilPolicy } from '../../campaign/sequential/until.ts';
import type { Event, EventBody } from '../../events/event.ts';
import type { CampaignRecord, TrialRecord } from '../state/records.ts';

type BlockMeasured = Event<'block.measured'>['body'];
type Concluded = Omit<Event<'campaign.concluded'>['body'], 'kind'>;

interface Options {
  readonly record: CampaignRecord;
  readonly trials: readonly TrialRecord[];
  /** Resolves when the record is stored as it is now. */
  readonly store: () => Promise<void>;
  readonly sayOnce: (body: EventBody) => Promise<void>;
  /** What the metrics service answers on a block that has ended; undefined where it does not. */
  readonly measured: (block: number) => Promise<BlockMeasured | undefined>;
  /** Aborted where the campaign, or its controller, ends. */
  readonly over: AbortSignal;
}

/** How many blocks of a campaign are run: decided after whole blocks only, each of which has had every treatment once; stored before it is acted on. */
export class Sequential {
  readonly #options: Options;
  readonly #blockOf: ReadonlyMap<TrialRecord, number>;

  constructor(options: Options) {
    this.#options = options;
    const blocks = blocksToRun(options.trials.map(({ plan }) => plan));
    this.#blockOf = new Map(options.trials.map((trial, place) => [trial, blocks[place] ?? 0]));
  }

  /** Of a trial that has not begun, every one before which is over. */
  async leavesOut(trial: TrialRecord): Promise<{ readonly pruned: Pruned } | undefined> {
    const { record } = this.#options;
    const { until } = record.plan;
    if (until === undefined) return undefined;
    const block = this.#blockOf.get(trial) ?? 0;
    const ended = block - 1;
    if (record.concluded === undefined && ended >= until.atLeast && ended > (record.blocksDecided ?? 0))
      await this.#decide(ended);
    const { concluded } = record;
    if (concluded === undefined || block <= concluded.blocks) return undefined;
    await this.#sayConcluded();
    return { pruned: { policy: untilPolicy, grounds: groundsOf(concluded) } };
  }

  /** When no trial is left. */
  async conclude(): Promise<void> {
    const { record } = this.#options;
    if (record.plan.until === undefined) return;
    const blocks = Math.max(0, ...this.#blockOf.values());
    record.concluded ??= { blocks, because: 'repetitions', widths: [], said: false };
    await this.#sayConcluded();
  }

  async #decide(blocks: number): Promise<void> {
    const { record, measured, store, over } = this.#options;
    const { narrow = [], timeUs = Infinity } = record.plan.until ?? {};
    const widths = narrow.length === 0 ? [] : ((await measured(blocks))?.widths ?? []);
    // An answer that was not waited for decides nothing: the next controller asks again.
    if (over.aborted) return;
    const isNarrow = widths.length > 0 && widths.every((one) => one.isNarrow);
    const isOver = wallUs() - record.startedWallUs >= timeUs;
    record.blocksDecided = blocks;
    if (isNarrow || isOver)
      record.concluded = { blocks, because: isNarrow ? 'narrow' : 'time', widths, said: false };
    await store();
  }

  async #sayConcluded(): Promise<void> {
    const { record, store, sayOnce } = this.#options;
    if (record.concluded === undefined || record.concluded.said) return;
    await store();
    const { blocks, because, widths } = record.concluded;
    await sayOnce({ kind: 'campaign.concluded', blocks, because, widths });
    record.concluded.said = true;
    await store();
  }
}

function groundsOf({ blocks, because }: Concluded): string {
  return `${enoughBecause[because]} after ${blocks} blocks`;
}
