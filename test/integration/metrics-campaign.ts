import { join } from 'node:path';
import { z } from 'zod';
import { Bus } from '../../events/bus.ts';
import { idOf, isKind, type Event, type Identity } from '../../events/event.ts';
import { Reporter } from '../../events/reporter.ts';
import { encodeSamples, type SampleBatch } from '../../events/samples.ts';
import type { Attempt } from '../../metrics/measures/attempt.ts';
import { load, madeAttempt, second } from '../../metrics/measures/made-attempt.example.ts';
import { silent } from './silent.ts';

/** A campaign of one trial, in which the service was away for 14 s, and 6 s are demanded. */
export class MadeCampaign {
  readonly campaign: string;
  readonly attempt: Attempt;
  readonly file = 'version: 1\n# made by hand\n';

  constructor(campaign: string) {
    this.campaign = campaign;
    const isAway = (atUs: number): boolean => atUs >= 116 * second && atUs < 130 * second;
    const made = load(100 * second, 166 * second, 100, (atUs) => (isAway(atUs) ? 'refused' : 'ok'));
    const attempt = madeAttempt({ made, slo: { unavailabilityUs: 6 * second } });
    this.attempt = {
      ...attempt,
      events: attempt.events.map((event) => ({ ...event, campaign })),
      batches: attempt.batches.map(({ header, columns }) => ({ header: { ...header, campaign }, columns })),
    };
  }

  get #started(): Event['body'] {
    const { definition, plan: trial } = this.attempt;
    const plan = { name: 'made', seed: 1, definition, trials: [trial] };
    return {
      kind: 'campaign.started',
      name: 'made',
      file: this.file,
      plan: z.json().parse(JSON.parse(JSON.stringify(plan))),
      provenance: {},
    };
  }

  /** What the controller says of the campaign itself, before and after the trial. */
  ends(): { started: Event; ended: Event } {
    const of = (seq: number, body: Event['body']): Event => ({
      producer: 'controller',
      incarnation: '0123abcd',
      seq,
      campaign: this.campaign,
      host: 'controller',
      wallUs: 1,
      monoUs: 1,
      body,
    });
    return { started: of(0, this.#started), ended: of(1, { kind: 'campaign.ended', outcome: 'completed' }) };
  }

  /** Tells the whole campaign through the reporters of three processes; resolves when the streams have all of it. */
  async tell(bus: Bus, directory: string): Promise<void> {
    const { campaign } = this;
    const scope = { campaign, trial: 't001', attempt: 1 };
    const reporters = new Map<string, Reporter>();
    for (const producer of ['controller', 'host-1', 'tester']) {
      const options = { producer, host: producer, bus, log: silent, directory: join(directory, producer) };
      reporters.set(producer, await Reporter.open(options));
    }
    const by = (producer: string): Reporter => {
      const reporter = reporters.get(producer);
      if (reporter === undefined) throw new Error(`nobody is called ${producer}`);
      return reporter;
    };
    by('controller').event({ campaign }, this.#started);
    for (const { producer, body, monoUs } of this.attempt.events) {
      if (body.kind !== 'producer.closed') by(producer).event(scope, body, { monoUs });
    }
    for (const { header, columns } of this.attempt.batches)
      by(header.producer).samples(scope, header.classes, columns);
    for (const reporter of reporters.values()) reporter.closeAttempt(scope);
    by('controller').event({ campaign }, { kind: 'campaign.ended', outcome: 'completed' });
    for (const reporter of reporters.values()) await reporter.drained();
    for (const reporter of reporters.values()) await reporter.end();
  }
}

/** `as` makes it another message to the server, of which only a reader knows that it is the same. */
export async function publishEvent(bus: Bus, event: Event, as = ''): Promise<void> {
  await bus.publish(subject('events', event), `${idOf(event)}${as}`, Buffer.from(JSON.stringify(event)));
}

export async function publishSamples(bus: Bus, batch: SampleBatch, as = ''): Promise<void> {
  await bus.publish(subject('samples', batch.header), `${idOf(batch.header)}${as}`, encodeSamples(batch));
}

function subject(stream: string, { campaign, trial, producer }: Identity): string {
  return `ordeal.${stream}.${campaign ?? '_'}.${trial ?? '_'}.${producer}`;
}

/** The next trial.measured of a campaign, from its first one on. */
export async function* measuredOf(bus: Bus, campaign: string): AsyncGenerator<Event<'trial.measured'>> {
  for await (const { event } of bus.events({ campaign })) {
    if (isKind(event, 'trial.measured')) yield event;
  }
}
