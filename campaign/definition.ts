/** How the measures of a campaign are to be computed: all that the numbers depend on beside events and samples. Plain data, saved with the run. */
export interface Definition {
  readonly version: 1;
  /** The workload's timeout; the load runs on for so long beyond the end. */
  readonly timeoutUs: number;
  readonly unavailability: {
    readonly windowUs: number;
    /** The reference: the share of failed requests above which a window is an outage. */
    readonly errorRate: number;
    /** The interruptions that the report counts trials above. */
    readonly limitsUs: readonly number[];
  };
  /** What the campaign demands. Absent: not demanded, so not judged. */
  readonly slo: Slo;
  /** How far after may be from before (and from the golden runs), as a share, before it is a degradation. */
  readonly tolerance: { readonly latency: number; readonly throughput: number };
  /** A recovery that takes longer than this from its detection is none. */
  readonly recoveryWithinUs: number;
  /** What the infrastructure's logs call the parts of the system: a name in a log -> `<host>` or `<host>/<kind>/<name>`. */
  readonly components: Readonly<Record<string, string>>;
  /** How candidate lines of the infrastructure's own logs are to be read. */
  readonly rules: readonly Rule[];
  readonly bootstrapSeed: number;
}

export interface Slo {
  readonly l50Us?: number;
  readonly l90Us?: number;
  readonly throughputPerS?: number;
  readonly unavailabilityUs?: number;
}

/** What a line of the infrastructure can mean. */
export const meanings = ['detection', 'recovery-begun', 'recovery-done'] as const;

export interface Rule {
  readonly name: string;
  /** The watcher whose lines it reads. */
  readonly source: string;
  /** A regular expression; where it has a group named `component`, that says what the line is about. */
  readonly pattern: string;
  readonly means: (typeof meanings)[number];
  readonly by: 'node' | 'management';
}
