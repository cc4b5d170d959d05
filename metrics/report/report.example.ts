import type { Definition } from '../../campaign/definition.ts';
import { infrastructureOf } from '../measures/infrastructure-group.ts';
import { timeToRecovery } from '../measures/time-to-recovery.ts';
import type {
  GroupMeasures,
  Measures,
  Percentile,
  Proportion,
  TrialMeasures,
  WindowMeasures,
} from '../measures/measures.ts';

/** A small campaign as its measures and series could be, for the tests of the report and to look at. */

export const exampleDefinition: Definition = {
  version: 1,
  timeoutUs: 1_000_000,
  unavailability: { windowUs: 1_000_000, errorRate: 0.05, limitsUs: [5e6, 15e6, 30e6] },
  slo: { l50Us: 150_000, l90Us: 250_000, throughputPerS: 240, unavailabilityUs: 5_000_000 },
  tolerance: { latency: 0.2, throughput: 0.05 },
  rules: [
    { name: 'backend down', source: 'haproxy', pattern: 'is DOWN', means: 'detection', by: 'management' },
  ],
  recoveryWithinUs: 25_000_000,
  components: {},
  bootstrapSeed: 7,
};

const startUs = 5_000_000_000;
export const exampleInstants = {
  startUs,
  injectUs: startUs + 10e6,
  removeUs: startUs + 20e6,
  endUs: startUs + 50e6,
  errorUs: 120,
};

function window(
  fromUs: number,
  toUs: number,
  share: number,
  l50Us: Percentile,
  l90Us: Percentile,
): WindowMeasures {
  const requests = (toUs - fromUs) / 4000;
  const lost = Math.round(requests * share);
  return {
    fromUs,
    toUs,
    requests,
    failed: { timeout: lost, refused: 0, error: 0, wrong: 0 },
    latency: { l50Us, l90Us },
    successLatency: { l50Us: 1_100, l90Us: 2_300 },
    sentLatency: { l50Us: 1_000, l90Us: 2_200 },
    throughputPerS: ((requests - lost) * 1e6) / (toUs - fromUs),
  };
}

function windows(
  share: number,
  during: Percentile,
): Pick<NonNullable<TrialMeasures['service']>, 'before' | 'during' | 'after'> {
  return {
    before: window(exampleInstants.startUs, exampleInstants.injectUs, 0, 1_132, 2_310),
    during: window(exampleInstants.injectUs, exampleInstants.removeUs, share, 1_403, during),
    after: window(exampleInstants.removeUs, exampleInstants.endUs, 0, 1_118, 2_280),
  };
}

const unwatched = { unknownBecause: ['nothing was watched'], falsePositives: [], wrongComponents: [] };
const unknownResponse = {
  detected: 'unknown',
  harmed: 'unknown',
  repaired: 'unknown',
  inTime: 'unknown',
  restored: 'unknown',
  recovered: 'unknown',
  healedOnRemoval: 'unknown',
} as const;

function trial(changes: Partial<TrialMeasures> & { readonly trial: string }): TrialMeasures {
  return {
    attempt: 1,
    repetition: 1,
    seed: 482_114,
    outcome: 'completed',
    verdict: 'pass',
    reasons: [],
    notes: [],
    lateness: { p50Us: 0, p99Us: 900, maxUs: 4200 },
    valid: true,
    final: true,
    missing: [],
    judgements: [],
    instants: exampleInstants,
    degradation: {
      latencyFromBefore: false,
      latencyFromGolden: false,
      throughputFromBefore: false,
      throughputFromGolden: false,
      degraded: false,
    },
    injections: [],
    infrastructure: { ...unwatched, ...(changes.fault === undefined ? {} : { response: unknownResponse }) },
    samples: { rows: 12_500, sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' },
    ...changes,
  };
}

const calm = {
  us: 0,
  recovered: true,
  unknownUs: 0,
  outages: [],
  longestUs: 0,
  requestsLost: 0,
  resolutionUs: 4_000,
  finalRecoveryUs: 0,
  sensitivity: [],
} as const;

const fault = {
  name: 'replica-killed',
  cell: 'compute/sto/unavailability',
  layer: 'compute',
  mechanism: 'process-kill',
  rootCause: 'sw',
  weight: 1,
  targets: ['web1/process/nginx'],
} as const;

const injection = {
  injection: 'i1',
  host: 'web1',
  mechanism: 'process-kill',
  oneShot: true,
  effects: 2,
  effectUnit: 'process',
  activated: true,
  startLateUs: 412,
  revertLateUs: 890,
  errorUs: 120,
  endedBecause: 'deadline',
  hostBootedAnew: false,
  appliedVerified: true,
  cleanVerified: true,
} as const;

const outage = {
  fromUs: exampleInstants.injectUs + 12_000,
  toUs: exampleInstants.injectUs + 6_420_000,
  requestsLost: 801,
};

const interrupted = trial({
  trial: 't002',
  fault,
  verdict: 'fail',
  reasons: ['the service was unavailable for 6.41 s, and the campaign allows 5 s'],
  judgements: [
    { measure: 'l90', demanded: 250_000, found: 2_280, verdict: 'pass' },
    { measure: 'throughput', demanded: 240, found: 250, verdict: 'pass' },
    { measure: 'unavailability', demanded: 5_000_000, found: 6_408_000, verdict: 'fail' },
  ],
  service: {
    ...windows(0.32, 'failed'),
    classes: [],
    unavailability: {
      ...calm,
      us: 6_408_000,
      outages: [outage],
      longestUs: 6_408_000,
      requestsLost: 801,
      finalRecoveryUs: 6_420_000,
      sensitivity: [
        { windowUs: 500_000, errorRate: 0.025, us: 6_408_000, recovered: true },
        { windowUs: 2_000_000, errorRate: 0.1, us: 6_404_000, recovered: true },
      ],
    },
  },
  activated: true,
  injections: [injection],
});

const neverBack = trial({
  trial: 't003',
  attempt: 2,
  fault: {
    ...fault,
    name: 'front-cut',
    cell: 'network/net/unavailability',
    layer: 'network',
    mechanism: 'nft-drop',
    targets: ['front/nic/eth0', 'front/nic/eth1'],
  },
  verdict: 'fail',
  reasons: ['the service did not recover'],
  service: {
    before: window(exampleInstants.startUs, exampleInstants.injectUs, 0, 1_132, 2_310),
    during: window(exampleInstants.injectUs, exampleInstants.removeUs, 1, 'failed', 'failed'),
    after: window(exampleInstants.removeUs, exampleInstants.endUs, 1, 'failed', 'failed'),
    classes: [],
    unavailability: {
      ...calm,
      us: 39_990_000,
      recovered: false,
      outages: [
        { fromUs: exampleInstants.injectUs + 10_000, toUs: exampleInstants.endUs, requestsLost: 9_998 },
      ],
      longestUs: 39_990_000,
      finalRecoveryUs: 'never',
    },
  },
  activated: true,
  injections: [
    {
      ...injection,
      mechanism: 'nft-drop',
      oneShot: false,
      effects: 'unknown',
      effectUnit: 'packet',
      host: 'front',
    },
  ],
});

const doubtful: TrialMeasures = trial({
  trial: 't004',
  fault: { ...fault, name: 'memory-hog' },
  verdict: 'unknown',
  reasons: ['"web2" has not closed the trial', 'the fault never touched its target'],
  missing: [{ producer: 'web2', closed: false, messages: 0, unannounced: 0 }],
  valid: false,
  final: false,
  activated: 'unknown',
});

const golden = trial({
  trial: 't001',
  service: { ...windows(0, 2_340), classes: [], unavailability: calm },
});

const some = (k: number, n: number, low: number, high: number): Proportion => ({
  k,
  n,
  share: k / n,
  weighted: k / n,
  low,
  high,
  exact: { low, high },
});

function group(by: GroupMeasures['by'], name: string, changes: Partial<GroupMeasures>): GroupMeasures {
  return {
    by,
    name,
    trials: 3,
    valid: 2,
    exceeding: [
      { measure: 'l90', demanded: 250_000, trials: some(1, 2, 0.095, 0.905) },
      { measure: 'throughput', demanded: 240, trials: some(1, 2, 0.095, 0.905) },
      { measure: 'unavailability', demanded: 5_000_000, trials: some(2, 2, 0.342, 1) },
    ],
    maxL50Us: 'failed',
    maxL90Us: 'failed',
    minThroughputPerS: 0,
    notRecovered: some(1, 2, 0.095, 0.905),
    maxUnavailabilityUs: 6_408_000,
    meanUnavailabilityUs: 6_408_000,
    weightedMeanUnavailabilityUs: 6_408_000,
    degraded: some(1, 2, 0.095, 0.905),
    limits: exampleDefinition.unavailability.limitsUs.map((limitUs) => ({
      limitUs,
      above: some(1, 2, 0.095, 0.905),
    })),
    timeToRecovery: timeToRecovery([], 7),
    infrastructure: infrastructureOf([], 7),
    ...changes,
  };
}

export const exampleMeasures: Measures = {
  version: 1,
  campaign: 'quickstart-20261121-081500-a3f2',
  name: 'quickstart',
  outcome: 'completed',
  verdict: 'fail',
  reasons: [
    't002: the service was unavailable for 6.41 s, and the campaign allows 5 s',
    't003: the service did not recover',
  ],
  definition: exampleDefinition,
  trials: [golden, interrupted, neverBack, doubtful],
  notCounted: [{ trial: 't003', attempt: 1, outcome: 'interrupted', reason: 'the host front was lost' }],
  notRun: ['t005'],
  groups: [
    group('all', 'all', {}),
    group('golden', 'golden', {
      trials: 1,
      valid: 1,
      maxL50Us: 1_118,
      maxL90Us: 2_280,
      minThroughputPerS: 250,
    }),
    group('cell', fault.cell, {
      valid: 0,
      meanUnavailabilityUs: 'unknown',
      minThroughputPerS: 'unknown',
      maxL50Us: 'unknown',
    }),
  ],
};
