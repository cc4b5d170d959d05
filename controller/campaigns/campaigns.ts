import { randomBytes } from 'node:crypto';
import { wallUs } from '../../clock/monotonic.ts';
import type { Plan } from '../../campaign/plan.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Campaign } from '../../proto/generated/ordeal/v1/Campaign.ts';
import type { OneShots } from '../injections/one-shot.ts';
import type { CampaignRecord, TrialRecord } from '../state/records.ts';
import { refuseUnannounceable } from './announce.ts';
import type { CampaignOptions } from './campaign-options.ts';
import { campaignMessage } from './message.ts';
import { RunningCampaign } from './running.ts';

interface Options extends CampaignOptions {
  readonly oneShots: OneShots;
}

interface File {
  readonly name: string;
  readonly text: string;
}

/** A record has to fit into one value of the store (1 MiB), and JSON may double what it quotes. */
const fileBytesAtMost = 256 * 1024;

/** Every campaign that the controller knows, and those that it runs. */
export class Campaigns {
  readonly #options: Options;
  readonly #campaigns = new Map<string, RunningCampaign>();
  readonly #requests = new Map<string, Promise<RunningCampaign>>();
  readonly #runs = new Set<Promise<void>>();
  /** How often everything was stopped: what was asked for before does not start after it. */
  #stops = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The same request answers the same campaign; `plan` is asked when it is new. */
  async start(requestId: string, file: File, plan: () => Plan): Promise<Campaign> {
    let campaign = this.#requests.get(requestId);
    if (campaign === undefined) {
      campaign = this.#begin(requestId, file, plan);
      this.#requests.set(requestId, campaign);
      campaign.catch(() => this.#requests.delete(requestId));
    }
    return messageOf(await campaign);
  }

  list(): Campaign[] {
    return [...this.#campaigns.values()]
      .toSorted((one, other) => one.record.startedWallUs - other.record.startedWallUs)
      .map(messageOf);
  }

  get(id: string): RunningCampaign {
    const campaign = this.#campaigns.get(id);
    if (campaign === undefined) throw new OrdealError('NOT_FOUND', `there is no campaign "${id}"`);
    return campaign;
  }

  /** Answers when it is ordered, with a warning where a crash could undo that. */
  async abort(id: string, reason: string): Promise<Campaign> {
    const campaign = this.get(id);
    campaign.abort(reason);
    const warning = await this.#options.marks.warningOf([id]);
    return { ...messageOf(campaign), warning };
  }

  /** Answers when it is stored; the attempt under way goes on to its end. */
  async pause(id: string, reason: string): Promise<Campaign> {
    const campaign = this.get(id);
    await campaign.pause.begin(reason);
    return messageOf(campaign);
  }

  async unpause(id: string): Promise<Campaign> {
    const campaign = this.get(id);
    await campaign.pause.end();
    return messageOf(campaign);
  }

  /** Answers the campaigns that it aborted. Waits for nothing. */
  abortAll(reason: string): readonly RunningCampaign[] {
    this.#stops += 1;
    const running = this.running.filter(({ isAborted }) => !isAborted);
    for (const campaign of running) campaign.abort(reason);
    return running;
  }

  /** What else is begun on a host of a campaign would be measured by it: another campaign, or an injection by hand. */
  refuseUsed(hosts: readonly string[]): void {
    for (const { record, hosts: used } of this.running) {
      const shared = used.find((host) => hosts.includes(host));
      if (shared === undefined) continue;
      throw new OrdealError('ALREADY_EXISTS', `campaign ${record.id} runs on host "${shared}"`, {
        remedy: `Wait until it has ended, or abort it: \`ordeal campaign abort ${record.id}\`.`,
      });
    }
  }

  get all(): readonly RunningCampaign[] {
    return [...this.#campaigns.values()];
  }

  get running(): readonly RunningCampaign[] {
    return this.all.filter(({ isOver }) => !isOver);
  }

  get trials(): readonly TrialRecord[] {
    return [...this.#campaigns.values()].flatMap(({ trials }) => trials);
  }

  /** Takes up what an earlier controller left. */
  async resume(records: readonly CampaignRecord[]): Promise<void> {
    for (const record of records) {
      const trials = await this.#options.state.trials(record.id);
      // The record of the campaign is written after those of its trials, so none is missing.
      const campaign = new RunningCampaign(record, trials, this.#options, true);
      this.#campaigns.set(record.id, campaign);
      this.#requests.set(record.requestId, Promise.resolve(campaign));
      // Asked now, not when the resume began: everything may have been stopped meanwhile.
      const reason = this.#options.marks.reasonFor(record.id);
      if (reason !== undefined) campaign.abort(reason);
      if (!campaign.isOver) this.#run(campaign);
      else this.#track(campaign.sayEnd());
    }
  }

  /** After the signal to halt: until nothing of them runs any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#runs);
  }

  async #begin(requestId: string, file: File, makePlan: () => Plan): Promise<RunningCampaign> {
    if (Buffer.byteLength(file.text) > fileBytesAtMost) {
      throw new OrdealError(
        'INVALID_INPUT',
        `the campaign file has ${Buffer.byteLength(file.text)} bytes; it may have ${fileBytesAtMost}`,
      );
    }
    const { trials: trialPlans, ...plan } = makePlan();
    const stops = this.#stops;
    const id = campaignId(plan.name);
    const record: CampaignRecord = {
      id,
      requestId,
      file: { name: file.name, text: file.text },
      plan,
      trials: trialPlans.length,
      startedWallUs: wallUs(),
      state: 'running',
      saidStarted: false,
      saidEnded: false,
    };
    const trials = trialPlans.map((trial): TrialRecord => ({
      campaign: id,
      plan: trial,
      phase: 'waiting',
      attempt: 0,
      failures: 0,
    }));
    const campaign = new RunningCampaign(record, trials, this.#options, false);
    this.refuseUsed(campaign.hosts);
    this.#options.oneShots.refuseUsed(campaign.hosts);
    refuseUnannounceable(record, trialPlans);
    // From here on it takes its hosts, and a stop of everything reaches it.
    this.#campaigns.set(id, campaign);
    try {
      // A controller that dies before the last of these has begun nothing, and nobody was told of a campaign.
      for (const trial of trials) await this.#options.state.putTrial(trial, { patient: false });
      if (this.#stops !== stops) throw new OrdealError('ABORTED', 'everything was stopped meanwhile');
      await this.#options.state.putCampaign(record, { patient: false });
    } catch (error) {
      this.#campaigns.delete(id);
      // The write that was given up may have arrived all the same: then the next controller must not run it.
      this.#options.marks.add(id, 'it could not be stored when it was asked for');
      throw error;
    }
    this.#run(campaign);
    return campaign;
  }

  #run(campaign: RunningCampaign): void {
    this.#track(campaign.run());
  }

  #track(work: Promise<void>): void {
    const { log, halted } = this.#options;
    const run: Promise<void> = work
      .catch((error: unknown) => {
        if (!halted.aborted) log.error({ err: error }, 'a campaign cannot go on');
      })
      .finally(() => this.#runs.delete(run));
    this.#runs.add(run);
  }
}

function messageOf({ record, trials }: RunningCampaign): Campaign {
  return campaignMessage(record, trials);
}

/** `<name>-<yyyymmdd>-<hhmmss>-<4 hex>`, in UTC; the name is cut so that all of it is a name. */
function campaignId(name: string): string {
  const [date = '', time = ''] = new Date().toISOString().replaceAll(/[-:]/g, '').split(/[T.]/);
  const tail = `-${date}-${time}-${randomBytes(2).toString('hex')}`;
  return `${name.slice(0, 63 - tail.length)}${tail}`;
}
