import type { CellId } from '../../injectors/cell.ts';
import type { Fault } from '../kernel/agent-bed.ts';
import type { VictimKind } from './rows.ts';
import type { Stage } from './stage.ts';

/** What a program saw that uses what the fault is about, or what is beside it; it never reads a counter of Ordeal. */
export interface Sight {
  /** For people: "0 of 6 pings were answered". */
  readonly words: string;
  /** What of it is judged. */
  readonly amount: number;
}

export type Witness = () => Promise<Sight>;

/** A victim and a neighbour that are there, each with its witness; nothing is done to them yet. */
export interface Scene {
  readonly target: string;
  readonly parameters?: Fault['parameters'];
  readonly victim: Witness;
  readonly neighbour: Witness;
  /** Whether who saw this is hit, by what the same one saw before the fault. */
  readonly isHit: (amount: number, before: number) => boolean;
  /** Whether nothing is wrong with what was seen, where that is more than not to be hit. */
  readonly isWell?: (amount: number) => boolean;
}

/**
 * Faults that are there at the same time: none is in another's way, nor is it anybody's neighbour. First the agent ends them, then it is killed amid them.
 * In this order; a crash takes the host with it.
 */
export const companies = [
  'transfers',
  'containers',
  'host',
  'hog',
  'memory',
  'thrash',
  'vm',
  'vm hog',
  'vm memory',
  'vm thrash',
  'crash',
] as const;
export type Company = (typeof companies)[number];

/** One fault of one cell, and those who see it. */
export interface Proof {
  readonly cell: CellId;
  readonly on: VictimKind;
  readonly mechanism: string;
  /** The dose, in words. */
  readonly asked: string;
  readonly company: Company;
  /** What it does to the victim stays when the fault is over, as a death does. */
  readonly lasts?: true;
  readonly set: (stage: Stage) => Promise<Scene>;
}

export function nameOf({ cell, on, mechanism }: Pick<Proof, 'cell' | 'on' | 'mechanism'>): string {
  return `${cell} on ${on} by ${mechanism}`;
}
