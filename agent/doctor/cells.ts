import { mechanismsFor, serviceOf } from '../../injectors/catalogue.ts';
import { cells, type CellId } from '../../injectors/cell.ts';
import type { Ability } from '../abilities.ts';

/** By what a cell of the fault model can be injected on this host. */
export interface CellHere {
  readonly cell: CellId;
  /** Mechanisms that do what the fault model asks for, and work here. */
  readonly by: readonly string[];
  /** Those that only stand in for it, and work here. */
  readonly bySubstitute: readonly string[];
  /** Those that would serve it, and do not work here. */
  readonly notHere: readonly string[];
}

export function cellsHere(abilities: readonly Ability[]): CellHere[] {
  const works = (name: string): boolean =>
    abilities.some(({ mechanism, supported }) => mechanism === name && supported);
  return cells.map((cell) => {
    const serving = mechanismsFor(cell);
    const standsIn = (one: (typeof serving)[number]): boolean =>
      serviceOf(one, cell)?.substituteBecause !== undefined;
    const here = serving.filter(({ name }) => works(name));
    return {
      cell,
      by: here.filter((one) => !standsIn(one)).map(({ name }) => name),
      bySubstitute: here.filter(standsIn).map(({ name }) => name),
      notHere: serving.filter(({ name }) => !works(name)).map(({ name }) => name),
    };
  });
}
