import type { Descriptor } from './descriptor.ts';
import type { Mode } from './mode.ts';
import type { Target } from './target.ts';
import type { Will } from './will.ts';

/** One fault on one target: all that an injector may know, and all that the journal needs to undo it. */
export interface Injection<Parameters = unknown> {
  /** Unique, lower case letters, digits and dashes: handles in the kernel are named after it. */
  readonly id: string;
  readonly target: Target;
  readonly parameters: Parameters;
  readonly mode: Mode;
  readonly seed: number;
  /** How long the fault lasts; what the kernel can end by itself, it is told to end after this. */
  readonly durationUs: number;
}

/**
 * The half of an injector that acts. `apply` and `revert` are idempotent; `revert` also works on something that was
 * never applied, was applied by half, or whose target is gone. Whoever holds only the injection (from a journal, after a crash)
 * can revert: `memory` is what `capture` read before the act, saved with the journal, and never changes afterwards.
 */
export interface Injector<Parameters = unknown> {
  readonly descriptor: Descriptor<Parameters>;
  supported(): Promise<Support>;
  /** Reads what the revert must restore (a limit, a state). Called once, before the journal is written. */
  capture(injection: Injection<Parameters>): Promise<Memory>;
  apply(injection: Injection<Parameters>, memory: Memory): Promise<void>;
  /** Ends the fault, then answers what it did: read after the last possible effect and before the counters went. */
  revert(injection: Injection<Parameters>, memory: Memory): Promise<Reverted>;
  /** What it has done so far; may be asked at any time between `apply` and `revert`. */
  effects(injection: Injection<Parameters>, memory: Memory): Promise<Effects>;
  /** Reads the kernel back: is the fault there as asked for; is there nothing left of it. */
  verify(
    injection: Injection<Parameters>,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification>;
  /**
   * Every handle of Ordeal's own that this mechanism finds on these targets, whoever made it: the residue when no injection is active.
   * Nowhere else, for two hosts of Ordeal can share one machine, and each answers for its own.
   */
  handles(targets: readonly Target[]): Promise<readonly string[]>;
  /** What ends the fault without the agent, where neither the kernel nor a process of the fault's own does. It asks the memory alone: not each of its faults leaves something. */
  willOf?(memory: Memory): Will | undefined;
  /** Of what the kernel starts by itself; there is one if and only if the descriptor says so. */
  readonly ahead?: Ahead<Parameters>;
}

/**
 * The start, held by the kernel: whoever orders it has to be early, never precise. What is armed is reverted like what is applied, and
 * `verify`, `effects` and `handles` know both.
 */
export interface Ahead<Parameters = unknown> {
  arm(injection: Injection<Parameters>, memory: Memory, times: Times): Promise<void>;
  /** Until when the start may be; does nothing once it has begun, or is gone. */
  renew(injection: Injection<Parameters>, memory: Memory, leaseUntilUs: number): Promise<void>;
  /** Once the start is past: when the kernel began, by the host's monotonic clock. Throws, with the kernel's reason, where it did not. */
  begun(injection: Injection<Parameters>, memory: Memory): Promise<number>;
}

/** Instants of the host's monotonic clock. */
export interface Times {
  readonly startUs: number;
  readonly deadlineUs: number;
  /** There is no start later than this, unless it is renewed; asked for at the last moment, since to arm takes its time. */
  readonly leaseUntilUs: () => number;
}

export type Memory = Readonly<Record<string, string | number | boolean>>;

export type Support =
  | { readonly supported: true }
  | { readonly supported: false; readonly reason: string; readonly remedy: string };

export interface Effects {
  /** Unknown where the counter was lost with the target: unknown is not zero. */
  readonly count: number | 'unknown';
  /** In the host's monotonic clock. */
  readonly firstUs?: number;
  readonly lastUs?: number;
  /** The dose that was asked for and the one that was reached, in the same unit, where the mechanism has a dose. */
  readonly dose?: { readonly unit: string; readonly asked: number; readonly achieved: number };
  /** What else has to be known of them, for people: why they are unknown, that a burner was killed. */
  readonly remark?: string;
}

export interface Reverted extends Effects {
  /**
   * When the act that ended the fault had returned, in the host's monotonic clock. To be set by an injector that has more to do after that act
   * (to read its counters, to take its handles away); else it is the instant at which `revert` answers.
   */
  readonly offUs?: number;
}

export type Verification = { readonly holds: true } | { readonly holds: false; readonly found: string };
