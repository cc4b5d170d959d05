import type { z } from 'zod';
import type { CellId } from './cell.ts';
import type { ModeKind } from './mode.ts';
import type { TargetKind, VmSide } from './target.ts';

/** The pure half of an injector: what can be known of it on any machine, without the means to act. */
export interface Descriptor<Parameters = unknown> {
  /** The mechanism's name, as campaign files and records say it. */
  readonly name: string;
  readonly summary: string;
  /** Which cells it serves, and on what kind of target; empty for a placebo, which stands for any. */
  readonly serves: readonly Service[];
  readonly modes: readonly ModeKind[];
  /** Strict: an unknown key is an error. Each field carries its unit and range in `.describe()`, its default in `.default()`. */
  readonly parameters: z.ZodType<Parameters>;
  /** True where there is nothing to end: the fault is over when it has begun (a SIGKILL). */
  readonly oneShot: boolean;
  /** It ends all that runs on the host, the agent too: what became of it is told by the next one. */
  readonly crashesHost?: true;
  /** Of one that crashes its host: how long the host then stays down before it even begins to boot, by what was asked for. */
  rebootsAfterUs?(parameters: Parameters): number;
  /** What is held in the kernel, and so happens without the agent: nothing, the end of the fault, or its start as well. */
  readonly kernelHolds: 'nothing' | 'deadline' | 'start and deadline';
  /** It is a kernel module of Ordeal that does it: what is meant where somebody asks for the mechanism "kernel". */
  readonly byKernelModule?: true;
  /** What one effect is, for people: "packet", "process", "throttled period". */
  readonly effectUnit: string;
}

interface Service {
  readonly cell: CellId;
  readonly targets: readonly TargetKind[];
  /** From where it reaches a virtual machine, where that is among the targets. */
  readonly vmsMetFrom?: readonly VmSide[];
  /** Why this is not the effect that the fault model asks for, where it only stands in for it: then it is used only when asked for by name. */
  readonly substituteBecause?: string;
}

const meetings = {
  within: 'from within, by an agent that runs in it',
  outside: 'from outside, by an agent on the machine that runs it',
} as const;

/** Why a mechanism does not reach a virtual machine that is met from there; undefined where it does, as a placebo does everywhere. */
export function unreachedVm({ name, serves }: Descriptor, metFrom: VmSide): string | undefined {
  const sides = serves.flatMap(({ vmsMetFrom = [] }) => vmsMetFrom);
  if (serves.length === 0 || sides.includes(metFrom)) return undefined;
  const reached = [...new Set(sides)].map((side) => meetings[side]).join(' or ');
  return `${name} reaches a virtual machine ${reached}; this one is met ${meetings[metFrom]}`;
}
