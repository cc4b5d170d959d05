// Tables 5.3 and 5.4 of the thesis, as printed: twelve faults, five trials each, on VMware ESXi/vSphere and on Linux/Docker.

export const trialsPerFault = 5;

export interface CoverageRow {
  readonly fault: string;
  readonly detected: number;
  readonly byManagement: number;
  readonly byNode: number;
}

/** A latency in seconds; undefined where there was none to measure. */
export interface LatencyRow {
  readonly fault: string;
  readonly detection: number | undefined;
  readonly recovery: number | undefined;
  /** Starred: over the recovered cases only. */
  readonly isPartial: boolean;
}

type Printed = readonly [
  fault: string,
  detected: number,
  byManagement: number,
  byNode: number,
  detection: number | undefined,
  recovery: number | undefined,
  isPartial?: true,
];

const none = undefined;

const esxi: readonly Printed[] = [
  ['cpu corrupt', 5, 5, 0, 11.3, 66.7],
  ['cpu delay', 5, 0, 5, 58.0, none],
  ['cpu unavailability', 5, 5, 0, 36.8, 48.0],
  ['mem corrupt', 5, 5, 0, 45.7, 60.0],
  ['mem delay', 5, 0, 5, 49.2, none],
  ['mem unavailability', 5, 1, 4, 34.7, 136.3],
  ['net corrupt', 3, 1, 0, 32.3, 156.7, true],
  ['net delay', 5, 1, 4, 92.5, 144.5],
  ['net unavailability', 5, 0, 5, 35.2, none],
  ['sto corrupt', 4, 2, 0, 36.8, 296.2, true],
  ['sto delay', 5, 0, 5, 27.6, none],
  ['sto unavailability', 5, 0, 5, 4.2, none],
];

const docker: readonly Printed[] = [
  ['cpu corrupt', 5, 2, 0, 14.8, 213.8, true],
  ['cpu delay', 0, 0, 0, none, none],
  ['cpu unavailability', 5, 5, 0, 39.7, 126.8],
  ['mem corrupt', 5, 5, 0, 14.8, 104.8],
  ['mem delay', 0, 0, 0, none, none],
  ['mem unavailability', 5, 0, 5, 17.4, none],
  ['net corrupt', 5, 5, 0, 18.6, 30.2],
  ['net delay', 5, 0, 5, none, none],
  ['net unavailability', 5, 0, 5, 17.8, none],
  ['sto corrupt', 5, 3, 1, 15.3, 99.7, true],
  ['sto delay', 0, 0, 0, none, none],
  ['sto unavailability', 5, 5, 0, 16.2, 102.8],
];

const coverageOf = (rows: readonly Printed[]): CoverageRow[] =>
  rows.map(([fault, detected, byManagement, byNode]) => ({ fault, detected, byManagement, byNode }));

const latenciesOf = (rows: readonly Printed[]): LatencyRow[] =>
  rows.map(([fault, , , , detection, recovery, isPartial]) => ({
    fault,
    detection,
    recovery,
    isPartial: isPartial ?? false,
  }));

export const coverage = { esxi: coverageOf(esxi), docker: coverageOf(docker) };
export const latencies = { esxi: latenciesOf(esxi), docker: latenciesOf(docker) };
