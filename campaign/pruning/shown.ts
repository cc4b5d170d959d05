/** What one trial showed of its faults, as the metrics service says it when it has measured the trial. */
export interface Shown {
  /** Its outcome class, judged by the trial alone. */
  readonly outcome: string;
  /** The rules by which the infrastructure noticed and repaired, each once, in alphabetical order; absent where some may not have been seen. */
  readonly detections?: readonly string[] | undefined;
  readonly repairs?: readonly string[] | undefined;
  /** `<host>/<kind>/<name>` of what the faults touched and of what the infrastructure named. */
  readonly touched: readonly string[];
}
