import { descriptorOf } from '../../injectors/catalogue.ts';

/** How long the steps of a trial wait for hosts of the usual speed. Every wait is bounded, and each bound has its reason here. */
export const limits = {
  /** From ordering the load until its first request: an agent's turn, and a driver process that starts on a busy machine. */
  workloadLeadUs: 3_000_000,
  /** A driver that has not begun so long after its instant does not begin. */
  workloadStartUs: 5_000_000,
  /** A program that a watch runs for the first time; by then the load has begun, and the fault has not. */
  watchStartUs: 5_000_000,
  /** A start has to reach every agent before its instant, and be armed there. */
  injectLeadUs: 300_000,
  /** Loading a module, entering namespaces, reading a journal back: seconds on a slow disk. */
  stageUs: 30_000_000,
  /** From the instant of injection until every agent has said that the fault is there. */
  activeUs: 10_000_000,
  /** A revert is tried again by the agent; what is not away by then is residue. */
  revertUs: 30_000_000,
  /** A host that its fault made reboot: firmware, kernel, agent. Real servers take minutes for the first of these. */
  rebootUs: 300_000_000,
  /** The driver's last answers, and its last batch. */
  workloadEndUs: 15_000_000,
  hostCheckUs: 30_000_000,
  closeUs: 30_000_000,
  /** More than the command's own time limit, which the agent holds: its report has to arrive. */
  reportUs: 10_000_000,
  /** What a failed attempt began has this long to end before the host is looked at anyway. */
  endUs: 15_000_000,
  /** The last event of the slowest host, and the computation. Afterwards the verdict is unknown, and the campaign goes on. */
  measuredUs: 60_000_000,
  /** The metrics service measures all trials so far anew. */
  blockMeasuredUs: 600_000_000,
} as const;

/** For how long a host may be away with a fault on it: a reboot, and what was asked to come before it. */
export function awayUs(mechanism: string, parameters: unknown): number {
  const descriptor = descriptorOf(mechanism);
  const read = descriptor?.parameters.safeParse(parameters);
  const asked = read?.success === true ? descriptor?.rebootsAfterUs?.(read.data) : undefined;
  return limits.rebootUs + (asked ?? 0);
}
