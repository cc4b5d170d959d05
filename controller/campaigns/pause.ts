import { once } from 'node:events';
import type { EventBody } from '../../events/event.ts';
import type { CampaignRecord } from '../state/records.ts';
import type { State } from '../state/state.ts';

type PauseRecord = NonNullable<CampaignRecord['pause']>;

/** Whether a campaign may begin an attempt: stored before it is so, and said afterwards, once. */
export class Pause {
  readonly #record: CampaignRecord;
  readonly #state: State;
  /** Unless an earlier controller has said it. */
  readonly #sayOnce: (body: EventBody) => Promise<void>;
  readonly #changed = new EventTarget();
  /** What the store knows: the record may be ahead of it. */
  #isHeld: boolean;
  #turn: Promise<void> = Promise.resolve();

  constructor(record: CampaignRecord, state: State, sayOnce: (body: EventBody) => Promise<void>) {
    this.#record = record;
    this.#state = state;
    this.#sayOnce = sayOnce;
    this.#isHeld = record.pause?.reason !== undefined;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** The first reason stays. */
  async begin(reason: string): Promise<void> {
    await this.#inTurn(async () => {
      const { pause } = this.#record;
      if (pause?.reason === undefined)
        await this.#change({ number: (pause?.number ?? 0) + 1, reason, said: false });
    });
  }

  async end(): Promise<void> {
    await this.#inTurn(async () => {
      const { pause } = this.#record;
      if (pause?.reason !== undefined) await this.#change({ number: pause.number, said: false });
    });
  }

  /** Resolves when it is over, or when the signal aborts. */
  async over(signal: AbortSignal): Promise<void> {
    while (this.#isHeld && !signal.aborted)
      await once(this.#changed, 'change', { signal }).catch(() => undefined);
  }

  /** Says what an earlier controller has stored and may not have come to say. */
  async takeUp(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#record.pause?.said === false) await this.#say(this.#record.pause);
    });
  }

  async #change(pause: PauseRecord): Promise<void> {
    const record = this.#record;
    if (record.state !== 'running') return;
    const before = record.pause;
    record.pause = pause;
    try {
      await this.#state.putCampaign(record, { patient: false });
    } catch (error) {
      if (before === undefined) delete record.pause;
      else record.pause = before;
      throw error;
    }
    this.#isHeld = pause.reason !== undefined;
    this.#changed.dispatchEvent(new Event('change'));
    await this.#say(pause);
  }

  async #say(pause: PauseRecord): Promise<void> {
    const { number, reason } = pause;
    await this.#sayOnce(
      reason === undefined
        ? { kind: 'campaign.resumed', pause: number }
        : { kind: 'campaign.paused', pause: number, reason },
    );
    // It is in the spool, which outlives this process.
    this.#record.pause = { ...pause, said: true };
    await this.#state.putCampaign(this.#record, { patient: false }).catch(() => undefined);
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    await turn;
  }
}
