import type { Definition } from '../../campaign/definition.ts';
import type { Event, EventBody } from '../../events/event.ts';
import { outcomes, type Outcome } from '../../events/sample-columns.ts';
import type { SampleBatch } from '../../events/samples.ts';
import type { Attempt, FaultInPlan, TrialInPlan } from './attempt.ts';
import type { Requests } from './requests.ts';

// What tests measure: an attempt made by hand, as real ones are.

export const second = 1_000_000;

export const madeDefinition: Definition = {
  version: 1,
  timeoutUs: second,
  unavailability: {
    windowUs: second,
    errorRate: 0.05,
    limitsUs: [5, 6, 15, 25, 30].map((seconds) => seconds * second),
  },
  slo: {},
  tolerance: { latency: 0.2, throughput: 0.1 },
  rules: [],
  recoveryWithinUs: 25_000_000,
  components: {},
  bootstrapSeed: 1,
};

export const madeFault: FaultInPlan = {
  name: 'freeze',
  cell: 'virtual.cpu.unavailability',
  mechanism: 'cgroup-freeze',
  rootCause: 'sw',
  weight: 1,
  targets: [{ host: 'host-1', kind: 'container', name: 'web' }],
};

export interface MadeRequest {
  /** In the clock of the tester, whose clock is 500 s behind the reference. */
  readonly intendedUs: number;
  readonly outcome: Outcome;
  readonly latencyUs: number;
}

/** Evenly spaced, from the first on, each good and answered within 10 ms unless `failed` says how it failed. */
export function load(
  fromUs: number,
  toUs: number,
  ratePerS: number,
  failed: (atUs: number) => Outcome = () => 'ok',
): MadeRequest[] {
  const requests: MadeRequest[] = [];
  for (let index = 0; ; index += 1) {
    const intendedUs = fromUs + Math.round((index * second) / ratePerS);
    if (intendedUs >= toUs) return requests;
    const outcome = failed(intendedUs);
    requests.push({ intendedUs, outcome, latencyUs: outcome === 'timeout' ? second : 10_000 });
  }
}

/** As the measures see them where the clock of the tester is the reference. */
export function asRequests(made: readonly (MadeRequest & { readonly sentLatencyUs?: number })[]): Requests {
  const { intendedUs, requestClass, outcome } = columnsOf(made);
  return {
    count: made.length,
    intendedUs,
    latencyUs: Float64Array.from(made, ({ latencyUs }) => latencyUs),
    sentLatencyUs: Float64Array.from(made, ({ latencyUs, sentLatencyUs = latencyUs }) => sentLatencyUs),
    requestClass,
    classes: ['get'],
    outcome,
  };
}

const identity = { campaign: 'made', trial: 't001', attempt: 1 } as const;
const incarnation = '0123abcd';
/** Reference = the clock of every host but the controller's + this. */
export const offsetUs = 500 * second;

/** Says events and samples as the three producers of a trial do, and counts for each. */
export class Speakers {
  readonly events: Event[] = [];
  readonly batches: SampleBatch[] = [];
  readonly #seqs = new Map<string, number>();

  say(producer: string, monoUs: number, body: EventBody, boot?: string): void {
    const envelope = { ...identity, producer, incarnation, seq: this.#next(producer) };
    const origin = { host: producer, ...(boot === undefined ? {} : { boot }) };
    this.events.push({ ...envelope, ...origin, wallUs: monoUs, monoUs, body });
  }

  send(producer: string, made: readonly MadeRequest[]): void {
    const header = {
      ...identity,
      producer,
      incarnation,
      seq: this.#next(producer),
      host: producer,
      classes: ['get'],
      rows: made.length,
    };
    this.batches.push({ header, columns: columnsOf(made) });
  }

  close(producer: string, monoUs: number): void {
    const lastSeq = this.#seqs.get(producer) ?? 0;
    this.say(producer, monoUs, { kind: 'producer.closed', incarnations: [{ incarnation, lastSeq }] });
  }

  #next(producer: string): number {
    const seq = this.#seqs.get(producer) ?? 0;
    this.#seqs.set(producer, seq + 1);
    return seq;
  }
}

function columnsOf(made: readonly MadeRequest[]): SampleBatch['columns'] {
  return {
    intendedUs: Float64Array.from(made, ({ intendedUs }) => intendedUs),
    sentUs: Float64Array.from(made, ({ intendedUs }) => intendedUs),
    answeredUs: Float64Array.from(made, ({ intendedUs, latencyUs }) => intendedUs + latencyUs),
    requestClass: new Uint16Array(made.length),
    outcome: Uint8Array.from(made, ({ outcome }) => outcomes.indexOf(outcome)),
  };
}

export interface Made {
  readonly made: readonly MadeRequest[];
  readonly golden?: boolean;
  readonly effects?: number | 'unknown';
  readonly residue?: readonly string[];
  readonly outcome?: 'completed' | 'aborted';
  readonly slo?: Definition['slo'];
  readonly definition?: Partial<Definition>;
  readonly oneShot?: boolean;
  /** What host-1 says beside. */
  readonly beside?: (speakers: Speakers) => void;
}

/**
 * 5 s of warm-up, 10 s before, 20 s during, 30 s after, on the tester's clock from 100 s on: injected at 115 s, removed at 135 s,
 * ended at 165 s, where the load runs on for 1 s.
 */
export const madeInstants = { loadUs: 100, injectUs: 115, removeUs: 135, endUs: 165, loadEndUs: 166 };

export function madeAttempt({ made, golden, effects, residue, outcome, ...more }: Made): Attempt {
  const at = (name: keyof typeof madeInstants): number => madeInstants[name] * second;
  const speakers = new Speakers();
  const { events, batches } = speakers;
  const schedule = {
    startUs: at('loadUs') + offsetUs,
    injectUs: at('injectUs') + offsetUs,
    removeUs: at('removeUs') + offsetUs,
    endUs: at('endUs') + offsetUs,
  };
  speakers.say('controller', schedule.startUs - second, {
    kind: 'trial.started',
    producers: ['controller', 'host-1', 'tester'],
  });
  speakers.say('controller', schedule.startUs, { kind: 'trial.scheduled', ...schedule });
  for (const host of ['host-1', 'tester']) {
    speakers.say(host, at('loadUs'), { kind: 'clock.read', of: host, offsetUs, errorUs: 50 });
  }
  if (golden !== true) injected(speakers, effects ?? 7, more.oneShot ?? false);
  more.beside?.(speakers);
  // Two batches, as real ones are cut anywhere.
  const half = Math.ceil(made.length / 2);
  speakers.send('tester', made.slice(0, half));
  speakers.send('tester', made.slice(half));
  speakers.say('tester', at('loadEndUs'), { kind: 'workload.ended', rows: made.length });
  speakers.say('host-1', at('loadEndUs'), { kind: 'host.checked', residue: [...(residue ?? [])] });
  speakers.close('host-1', at('loadEndUs'));
  speakers.close('tester', at('loadEndUs'));
  speakers.say('controller', at('loadEndUs') + offsetUs, {
    kind: 'trial.ended',
    outcome: outcome ?? 'completed',
  });
  speakers.close('controller', at('loadEndUs') + offsetUs);
  return {
    plan: madeTrial(golden === true),
    attempt: 1,
    definition: { ...madeDefinition, slo: more.slo ?? {}, ...more.definition },
    events,
    batches,
  };
}

function madeTrial(golden: boolean): TrialInPlan {
  const trial = { id: 't001', repetition: 1, seed: 1, timeline: { beforeUs: 10 * second } };
  return golden ? trial : { ...trial, fault: madeFault };
}

function injected(speakers: Speakers, count: number | 'unknown', oneShot: boolean): void {
  const [injectUs, removeUs] = [madeInstants.injectUs * second, madeInstants.removeUs * second];
  const injection = 'made-t001-1-1';
  speakers.say('host-1', injectUs - second, {
    kind: 'injection.staged',
    injection,
    fault: madeFault.name,
    cell: madeFault.cell,
    mechanism: madeFault.mechanism,
    target: {},
    parameters: {},
    mode: { kind: 'permanent' },
    seed: 1,
    oneShot,
    effectUnit: 'process',
    startUs: injectUs,
    durationUs: removeUs - injectUs,
  });
  // 3 ms late, and 5 ms late; the act took 2 ms.
  const appliedUs = injectUs + 5_000;
  speakers.say('host-1', injectUs + 3_000, { kind: 'injection.active', injection, appliedUs });
  speakers.say('host-1', removeUs + 5_000, {
    kind: 'injection.reverted',
    injection,
    because: 'deadline',
    effects: count === 'unknown' ? { count } : { count, firstUs: injectUs + 4_000, lastUs: removeUs },
  });
  const verified = { kind: 'injection.verified', injection, expected: 'reverted', holds: true } as const;
  speakers.say('host-1', removeUs + 6_000, verified);
}
