interface Parts {
  readonly name: string;
  readonly url: string;
  /** Entries of the faultload, as YAML flow mappings. */
  readonly faults: readonly string[];
  readonly goldenRuns?: number;
  readonly repetitions?: number;
  readonly timeline?: string;
  readonly slo?: string;
  readonly seed?: number;
  readonly abort?: string;
}

export const faults = {
  kill: '{ name: kill, cell: virtual.cpu.unavailability, mechanism: sigkill, target: { host: host-1, container: web } }',
  freeze:
    '{ name: freeze, cell: virtual.cpu.unavailability, mechanism: cgroup-freeze, target: { host: host-1, container: web } }',
  drop: '{ name: drop, cell: physical.network.unavailability, mechanism: nft-drop, target: { host: host-1, nic: eth0 } }',
} as const;

/** A campaign as short as one can be and still mean something. */
export function campaignText({
  name,
  url,
  faults,
  goldenRuns,
  repetitions,
  timeline,
  slo,
  seed,
  abort,
}: Parts): string {
  return [
    'version: 1',
    `name: ${name}`,
    `seed: ${seed ?? 7}`,
    'system: { name: embedded, healthy: { within: 20s } }',
    'workload:',
    '  host: tester',
    '  http:',
    `    url: ${url}`,
    '    expect: { status: 200, body: "ordeal embedded ok\\n" }',
    // HAProxy tries the other replica after a second: a load that waited longer would feel no cut.
    '    timeout: 1s',
    '    load: { shape: flat, rate: 200/s }',
    `timeline: ${timeline ?? '{ warmUp: 1s, before: 2s, during: 3s, after: 3s, horizon: 10s }'}`,
    `repetitions: ${repetitions ?? 1}`,
    `goldenRuns: ${goldenRuns ?? 0}`,
    faults.length === 0 ? 'faultload: []' : 'faultload:',
    ...faults.map((fault) => `  - ${fault}`),
    ...(slo === undefined ? [] : [`slo: ${slo}`]),
    ...(abort === undefined ? [] : [`abort: ${abort}`]),
    '',
  ].join('\n');
}
