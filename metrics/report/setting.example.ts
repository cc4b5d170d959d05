import type { Definition } from '../../campaign/definition.ts';

/** What the made campaign of the report's tests demands, and when its trials were. */

export const exampleDefinition: Definition = {
  version: 1,
  timeoutUs: 1_000_000,
  unavailability: { windowUs: 1_000_000, errorRate: 0.05, limitsUs: [5e6, 6e6, 15e6, 25e6, 30e6] },
  slo: { l50Us: 150_000, l90Us: 250_000, throughputPerS: 240, unavailabilityUs: 5_000_000 },
  tolerance: { latency: 0.2, throughput: 0.05 },
  rules: [
    {
      name: 'backend down',
      source: 'haproxy',
      pattern: 'Server (?<component>\\S+) is DOWN',
      means: 'detection',
      by: 'management',
    },
    { name: 'spawned', source: 'supervisor', pattern: 'spawned:', means: 'recovery-begun', by: 'node' },
    { name: 'running', source: 'supervisor', pattern: 'entered RUNNING', means: 'recovery-done', by: 'node' },
  ],
  recoveryWithinUs: 25_000_000,
  components: { 'web/replica-1': 'web1/container/web', 'web/replica-2': 'web2/container/web' },
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
