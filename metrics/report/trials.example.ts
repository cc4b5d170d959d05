import type { Percentile, TrialMeasures, WindowMeasures } from '../measures/measures.ts';
import { notice, repairedByNode, seenNotRepaired, unseen } from './response.example.ts';
import { exampleInstants } from './setting.example.ts';

/** Trials as they may be: one of each kind that a report has to tell apart. */

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
      degradedDuring: false,
    },
    injections: [],
    absences: [],
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

export const fault = {
  name: 'replica-killed',
  cell: 'virtual.cpu.unavailability',
  layer: 'virtual',
  mechanism: 'sigkill',
  rootCause: 'sw',
  weight: 1,
  targets: ['web1/container/web'],
} as const;

const injection = {
  injection: 'i1',
  host: 'web1',
  mechanism: 'sigkill',
  oneShot: true,
  effects: 2,
  effectUnit: 'process',
  activated: true,
  activeUs: exampleInstants.injectUs,
  firstEffectUs: exampleInstants.injectUs + 400,
  lastEffectUs: exampleInstants.injectUs + 900,
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

export const interrupted = trial({
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
  infrastructure: {
    unknownBecause: [],
    response: repairedByNode,
    falsePositives: [],
    wrongComponents: [
      notice(2_100_000, {
        text: '[WARNING] (812) : Server web/replica-2 is DOWN, reason: Layer7 timeout, check duration: 1001ms.',
        component: 'web/replica-2',
        names: 'web2/container/web',
      }),
    ],
  },
});

/** Nobody noticed it, and the service was well again when it was taken away. */
export const healed = trial({
  trial: 't006',
  fault: { ...fault, name: 'replica-frozen', mechanism: 'cgroup-freeze' },
  verdict: 'pass',
  notes: ['the load was sent up to 4.2 ms late'],
  judgements: [
    { measure: 'l90', demanded: 250_000, found: 2_280, verdict: 'pass' },
    { measure: 'throughput', demanded: 240, found: 250, verdict: 'pass' },
    { measure: 'unavailability', demanded: 5_000_000, found: 1_204_000, verdict: 'pass' },
  ],
  service: {
    ...windows(0.08, 'failed'),
    classes: [],
    unavailability: {
      ...calm,
      us: 1_204_000,
      outages: [
        {
          fromUs: exampleInstants.injectUs + 8_800_000,
          toUs: exampleInstants.injectUs + 10_004_000,
          requestsLost: 200,
        },
      ],
      longestUs: 1_204_000,
      requestsLost: 200,
      finalRecoveryUs: 10_004_000,
    },
  },
  activated: true,
  injections: [
    {
      ...injection,
      mechanism: 'cgroup-freeze',
      oneShot: false,
      effects: 4,
      effectUnit: 'task',
      dose: { unit: 'seconds', asked: 10, achieved: 9.998 },
      lastEffectUs: exampleInstants.removeUs - 2_000,
      revertedUs: exampleInstants.removeUs,
    },
  ],
  infrastructure: {
    unknownBecause: [],
    response: unseen,
    falsePositives: [notice(-4_000_000)],
    wrongComponents: [],
  },
});

export const neverBack = trial({
  trial: 't003',
  attempt: 2,
  fault: {
    ...fault,
    name: 'front-cut',
    cell: 'physical.network.unavailability',
    layer: 'physical',
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
  infrastructure: {
    unknownBecause: ['"front" lost 3 lines of "haproxy"'],
    response: seenNotRepaired,
    falsePositives: [],
    wrongComponents: [],
  },
  judgements: [
    { measure: 'l90', demanded: 250_000, found: 'failed', verdict: 'fail' },
    { measure: 'throughput', demanded: 240, found: 0, verdict: 'fail' },
    { measure: 'unavailability', demanded: 5_000_000, found: 'failed', verdict: 'fail' },
  ],
});

export const doubtful: TrialMeasures = trial({
  trial: 't004',
  fault: { ...fault, name: 'memory-hog' },
  verdict: 'unknown',
  reasons: ['"web2" has not closed the trial', 'the fault never touched its target'],
  missing: [{ producer: 'web2', closed: false, messages: 0, unannounced: 0 }],
  valid: false,
  final: false,
  activated: 'unknown',
});

export const golden = trial({
  trial: 't001',
  judgements: [
    { measure: 'l90', demanded: 250_000, found: 2_280, verdict: 'pass' },
    { measure: 'throughput', demanded: 240, found: 250, verdict: 'pass' },
    { measure: 'unavailability', demanded: 5_000_000, found: 0, verdict: 'pass' },
  ],
  service: { ...windows(0, 2_340), classes: [], unavailability: calm },
});

const frozen = { ...fault, name: 'replica-frozen', mechanism: 'cgroup-freeze' };
const cut = {
  ...fault,
  name: 'front-cut',
  cell: 'physical.network.unavailability',
  layer: 'physical',
  mechanism: 'nft-drop',
  targets: ['front/nic/eth0'],
};

/** Of the second fault nothing is there. */
export const combined = trial({
  trial: 't002',
  fault: {
    name: 'frozen-and-cut',
    cell: `${frozen.cell} + ${cut.cell}`,
    layer: 'virtual + physical',
    mechanism: 'cgroup-freeze + nft-drop',
    rootCause: 'sw + sw',
    weight: 1,
    targets: [...frozen.targets, ...cut.targets],
    faults: [
      { ...frozen, atUs: 0, durationUs: 3_000_000 },
      { ...cut, atUs: 2_000_000, durationUs: 3_000_000 },
    ],
  },
  activated: false,
  injections: [
    {
      ...injection,
      fault: 'replica-frozen',
      mechanism: 'cgroup-freeze',
      oneShot: false,
      revertedUs: exampleInstants.injectUs + 3_000_000,
    },
  ],
});
