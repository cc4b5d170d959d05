import { setTimeout as sleep } from 'node:timers/promises';
import type { Rule } from '../../campaign/definition.ts';
import { RuleReader } from '../../campaign/rule-reader.ts';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { Bus } from '../../events/bus.ts';
import { idOf, isKind, type Event } from '../../events/event.ts';
import type { Log } from '../../service/log.ts';
import { saidKey } from './doubtful.ts';

/** What the metrics service said of an attempt. */
export interface Measured {
  readonly eventId: string;
  readonly final: boolean;
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly reasons: readonly string[];
  readonly shown: NonNullable<Event<'trial.measured'>['body']['shown']> | undefined;
}

/** As the metrics service calls itself. Nobody else can judge an attempt. */
const judge = 'metrics';

/** When no event has come for so long, the reader has caught up with the stream. */
const quietMs = 3_000;

/** Follows the events of one campaign: what has been said already, and what the metrics service says. */
export class CampaignStream {
  readonly #bus: Bus;
  readonly #campaign: string;
  readonly #measured = new Map<string, Measured>();
  readonly #recoveryIsOpen = new Map<string, boolean>();
  readonly #blocks = new Map<number, Event<'block.measured'>['body']>();
  /** The last of each meaning, by attempt. */
  readonly #notices = new Map<string, Heard>();
  readonly #reader: RuleReader;
  readonly #said = new Set<string>();
  readonly #ended = new AbortController();
  #heardUs = monotonicUs();

  constructor({ bus, campaign, rules, halted, log }: StreamOptions) {
    this.#bus = bus;
    this.#campaign = campaign;
    this.#reader = new RuleReader(rules);
    const signal = AbortSignal.any([halted, this.#ended.signal]);
    this.#follow(signal).catch((error: unknown) => {
      if (!signal.aborted) log.error({ err: error }, 'the events of a campaign are not followed any more');
    });
  }

  end(): void {
    this.#ended.abort();
  }

  /** Whether the controller has said this already; asked after a restart, with nothing left in the spool. */
  async wasSaid(
    kind: Event['body']['kind'],
    signal: AbortSignal,
    trial?: string,
    number?: number,
  ): Promise<boolean> {
    while (!this.#bus.connected || monotonicUs() - this.#heardUs < quietMs * 1000) {
      if (!this.#bus.connected) this.#heardUs = monotonicUs();
      await sleep(100, undefined, { signal });
    }
    return this.#said.has(saidKey(kind, trial, number));
  }

  /** The final word on an attempt, or the last one by then; undefined where there was none. Time without a connection does not count. */
  async measured(
    trial: string,
    attempt: number,
    withinUs: number,
    signal: AbortSignal,
  ): Promise<Measured | undefined> {
    const key = attemptKey(trial, attempt);
    await this.#until(() => this.#measured.get(key)?.final === true, withinUs, signal);
    return this.#measured.get(key);
  }

  /** The first word on a block, as with an attempt. */
  async blockMeasured(
    block: number,
    withinUs: number,
    signal: AbortSignal,
  ): Promise<Event<'block.measured'>['body'] | undefined> {
    await this.#until(() => this.#blocks.has(block), withinUs, signal).catch(() => undefined);
    return this.#blocks.get(block);
  }

  /** As it was last said; undefined where nothing was. */
  recoveryIsOpen(trial: string, attempt: number): boolean | undefined {
    return this.#recoveryIsOpen.get(attemptKey(trial, attempt));
  }

  /** By which rule the infrastructure said something of this meaning; it counts when it was heard, which is after it was said. */
  noticed(trial: string, attempt: number, means: Rule['means'], sinceUs: number): string | undefined {
    const heard = this.#notices.get(noticeKey(attemptKey(trial, attempt), means));
    return heard !== undefined && heard.atUs >= sinceUs ? heard.rule : undefined;
  }

  async #until(isThere: () => boolean, withinUs: number, signal: AbortSignal): Promise<void> {
    let leftUs = withinUs;
    for (let last = monotonicUs(); leftUs > 0 && !isThere();) {
      await sleep(50, undefined, { signal });
      const now = monotonicUs();
      if (this.#bus.connected) leftUs -= now - last;
      last = now;
    }
  }

  #hear(attempt: string, line: Event<'watch.line'>['body']): void {
    const atUs = monotonicUs();
    for (const { rule } of this.#reader.read(line))
      this.#notices.set(noticeKey(attempt, rule.means), { rule: rule.name, atUs });
  }

  async #follow(signal: AbortSignal): Promise<void> {
    for await (const { event } of this.#bus.events({ campaign: this.#campaign, signal })) {
      this.#heardUs = monotonicUs();
      const { trial, attempt } = event;
      const number = 'pause' in event.body ? event.body.pause : attempt;
      if (event.producer === 'controller') this.#said.add(saidKey(event.body.kind, trial, number));
      if (isKind(event, 'watch.line') && trial !== undefined && attempt !== undefined)
        this.#hear(attemptKey(trial, attempt), event.body);
      if (event.producer !== judge) continue;
      if (isKind(event, 'block.measured') && !this.#blocks.has(event.body.block))
        this.#blocks.set(event.body.block, event.body);
      if (trial === undefined || attempt === undefined) continue;
      const key = attemptKey(trial, attempt);
      if (isKind(event, 'trial.watched')) this.#recoveryIsOpen.set(key, event.body.open);
      if (!isKind(event, 'trial.measured')) continue;
      const { final, verdict, reasons, shown } = event.body;
      // The first final word is the one: a decision may rest on it already.
      if (this.#measured.get(key)?.final === true) continue;
      this.#measured.set(key, { eventId: idOf(event), final, verdict, reasons, shown });
    }
  }
}

/** A line of the infrastructure that a rule reads, and when it came. */
interface Heard {
  readonly rule: string;
  readonly atUs: number;
}

interface StreamOptions {
  readonly bus: Bus;
  readonly campaign: string;
  readonly rules: readonly Rule[];
  readonly halted: AbortSignal;
  readonly log: Log;
}

function noticeKey(attempt: string, means: Rule['means']): string {
  return `${attempt} ${means}`;
}

function attemptKey(trial: string, attempt: number): string {
  return `${trial}/${attempt}`;
}
