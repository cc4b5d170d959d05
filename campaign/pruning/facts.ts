import { cells } from '../../injectors/cell.ts';
import { outcomeClasses } from '../../metrics/measures/outcome-class.ts';

/** What an expression can be of. A list is in alphabetical order, and may hold one text several times. */
export type Type = 'truth' | 'number' | 'text' | 'list';
export type Value = boolean | number | string | readonly string[];

interface Fact {
  readonly type: Type;
  /** Told by what earlier trials showed; unknown as long as they have not. */
  readonly isLearnt: boolean;
  /** All that a text of the list can be; absent where it can be anything. */
  readonly oneOf?: readonly string[];
}

const planned = (type: Type, oneOf?: readonly string[]): Fact => ({
  type,
  isLearnt: false,
  ...(oneOf && { oneOf }),
});
const learnt = (oneOf?: readonly string[]): Fact => ({
  type: 'list',
  isLearnt: true,
  ...(oneOf && { oneOf }),
});

const partsOfCells = (place: number): string[] => [
  ...new Set(cells.map((cell) => cell.split('.')[place] ?? '')),
];

/** What a policy can ask of a trial; docs/campaign-file.md says what each means. */
export const facts = {
  faults: planned('number'),
  repetition: planned('number'),
  likelihood: planned('number'),
  names: planned('list'),
  cells: planned('list', cells),
  layers: planned('list', partsOfCells(0)),
  domains: planned('list', partsOfCells(1)),
  types: planned('list', partsOfCells(2)),
  mechanisms: planned('list'),
  rootCauses: planned('list', ['hw', 'op', 'sw']),
  hosts: planned('list'),
  kinds: planned('list'),
  parts: planned('list'),
  targets: planned('list'),
  outcomes: learnt(outcomeClasses),
  detections: learnt(),
  repairs: learnt(),
  touched: learnt(),
  broken: learnt(),
} as const satisfies Readonly<Record<string, Fact>>;

export type FactName = keyof typeof facts;

/** Of one trial, as far as they are known by then. */
export type Facts = Readonly<Record<FactName, Value | undefined>>;
