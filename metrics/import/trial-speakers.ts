import type { Event, EventBody } from '../../events/event.ts';
import { outcomes } from '../../events/sample-columns.ts';
import type { RunWriter } from '../run/run-writer.ts';
import type { TrialLines } from './event-lines.ts';
import type { RequestLine } from './request-lines.ts';
import type { DescribedTrial, RunDescription } from './run-description.ts';

/** As many rows as a load driver puts into one batch, about. */
const rowsInBatch = 10_000;
/** An error of a clock grows with the time since it was read; read so often it grows by a millisecond at the most. */
const readingEveryUs = 10_000_000;

const incarnation = '00000000';
/** Who says what somebody else has measured: there is one clock, which is the reference. */
const producer = 'imported';

/** Says of one imported trial what its agents and the controller would have said, in the same files. */
export class TrialSpeakers {
  readonly #writer: RunWriter;
  readonly #campaign: string;
  readonly #trial: DescribedTrial;
  readonly #said: TrialLines;
  readonly #seqs = new Map<string, number>();
  #waiting: RequestLine[] = [];
  #rows = 0;
  #firstUs = Infinity;
  #lastUs = 0;

  constructor(writer: RunWriter, campaign: string, trial: DescribedTrial, said: TrialLines) {
    this.#writer = writer;
    this.#campaign = campaign;
    this.#trial = trial;
    this.#said = said;
  }

  request(request: RequestLine): void {
    this.#waiting.push(request);
    this.#firstUs = Math.min(this.#firstUs, request.intendedUs);
    this.#lastUs = Math.max(this.#lastUs, request.intendedUs);
    if (this.#waiting.length >= rowsInBatch) this.#send();
  }

  /** When every request was given. */
  close({ clockErrorUs, watches }: RunDescription): void {
    const { started, injected, removed, ended, lines } = this.#said;
    if (this.#waiting.length > 0) this.#send();
    const firstUs = Math.min(this.#firstUs, started.atUs);
    const lastUs = Math.max(this.#lastUs, ended.atUs, ...lines.map(({ atUs }) => atUs));
    const say = (atUs: number, body: EventBody): void => this.#say(producer, atUs, body);
    this.#say('controller', firstUs, { kind: 'trial.started', producers: ['controller', producer] });
    this.#say('controller', firstUs, {
      kind: 'trial.scheduled',
      startUs: firstUs,
      injectUs: injected.atUs,
      removeUs: removed.atUs,
      endUs: ended.atUs,
    });
    for (let atUs = firstUs; ; atUs += readingEveryUs) {
      say(Math.min(atUs, lastUs), { kind: 'clock.read', of: producer, offsetUs: 0, errorUs: clockErrorUs });
      if (atUs >= lastUs) break;
    }
    for (const watch of watches) say(firstUs, { kind: 'watch.started', watch, of: 'log' });
    if (this.#trial.fault !== undefined) this.#inject(this.#trial.fault);
    for (const { atUs, watch, text } of lines)
      say(atUs, { kind: 'watch.line', watch, text, stamped: true, resolutionUs: 0, readUs: atUs });
    for (const watch of watches) {
      const own = lines.filter((line) => line.watch === watch).length;
      say(lastUs, { kind: 'watch.ended', watch, lines: own, dropped: 0 });
    }
    say(lastUs, { kind: 'workload.ended', rows: this.#rows });
    this.#closeProducer(producer, lastUs);
    this.#say('controller', lastUs, { kind: 'trial.ended', outcome: 'completed' });
    this.#closeProducer('controller', lastUs);
  }

  #inject({
    name,
    cell,
    mechanism,
    targets,
    parameters,
    oneShot,
  }: NonNullable<DescribedTrial['fault']>): void {
    const { injected, removed } = this.#said;
    const effects = {
      count: removed.effects ?? ('unknown' as const),
      ...(removed.firstEffectUs === undefined ? {} : { firstUs: removed.firstEffectUs }),
    };
    for (const [index, target] of targets.entries()) {
      const injection = `${this.#campaign}-${this.#trial.id}-${index + 1}`.slice(-63).replace(/^-+/, '');
      this.#say(producer, injected.atUs, {
        kind: 'injection.staged',
        injection,
        fault: name,
        cell,
        mechanism,
        target: { ...target },
        parameters: JSON.parse(JSON.stringify(parameters)) as Record<string, string>,
        mode: {},
        seed: 0,
        oneShot,
        effectUnit: 'effect',
        startUs: injected.atUs,
        durationUs: removed.atUs - injected.atUs,
      });
      this.#say(producer, injected.atUs, { kind: 'injection.active', injection, appliedUs: injected.atUs });
      this.#say(producer, removed.atUs, {
        kind: 'injection.reverted',
        injection,
        because: 'deadline',
        effects,
      });
      if (removed.clean !== undefined)
        this.#say(producer, removed.atUs, {
          kind: 'injection.verified',
          injection,
          expected: 'reverted',
          holds: removed.clean,
        });
    }
  }

  #send(): void {
    const rows = this.#waiting;
    this.#waiting = [];
    this.#rows += rows.length;
    const classes = [...new Set(rows.map(({ requestClass }) => requestClass))];
    const header = { ...this.#identity(producer), host: producer, classes, rows: rows.length };
    this.#writer.samples({
      header,
      columns: {
        intendedUs: Float64Array.from(rows, ({ intendedUs }) => intendedUs),
        sentUs: Float64Array.from(rows, ({ sentUs }) => sentUs),
        answeredUs: Float64Array.from(rows, ({ answeredUs }) => answeredUs),
        requestClass: Uint16Array.from(rows, ({ requestClass }) => classes.indexOf(requestClass)),
        outcome: Uint8Array.from(rows, ({ outcome }) => outcomes.indexOf(outcome)),
      },
    });
  }

  #say(who: string, atUs: number, body: EventBody): void {
    const event: Event = { ...this.#identity(who), host: who, wallUs: atUs, monoUs: atUs, body };
    this.#writer.event(event);
  }

  #closeProducer(who: string, atUs: number): void {
    const lastSeq = this.#seqs.get(who) ?? 0;
    this.#say(who, atUs, { kind: 'producer.closed', incarnations: [{ incarnation, lastSeq }] });
  }

  #identity(who: string) {
    const seq = this.#seqs.get(who) ?? 0;
    this.#seqs.set(who, seq + 1);
    return { producer: who, incarnation, seq, campaign: this.#campaign, trial: this.#trial.id, attempt: 1 };
  }
}
