import type { GroupInfrastructure, LatencySummary, TimeToRecovery } from './infrastructure-measures.ts';
import { proportion } from './proportion.ts';

const noLatency: LatencySummary = {
  n: 0,
  bounds: 0,
  median: 'unknown',
  p90: 'unknown',
  maxUs: 'unknown',
};

/** Of trials that nobody watched. */
export function unwatchedGroup(trials: number): GroupInfrastructure {
  const none = proportion([]);
  return {
    detection: {
      coverage: none,
      ofInjected: none,
      latencyFromEffect: noLatency,
      latencyFromInjection: noLatency,
      unknown: trials,
    },
    recovery: {
      coverage: none,
      recordOnly: none,
      byNode: 0,
      byManagement: 0,
      healedOnRemoval: 0,
      latency: noLatency,
      unknown: 0,
    },
    falsePositives: 0,
    wrongComponents: 0,
  };
}

export const noRecovery: TimeToRecovery = {
  n: 0,
  recovered: 0,
  curve: [],
  median: 'unknown',
  restrictedMean: 'unknown',
  horizonUs: 'unknown',
};
