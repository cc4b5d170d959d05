import { OrdealError } from '../../errors/ordeal-error.ts';
import { cells, type CellId } from '../../injectors/cell.ts';
import { targetKinds } from '../../injectors/target.ts';
import { matches } from '../pattern.ts';
import type { RootCause } from '../plan.ts';

const rootCauses: readonly RootCause[] = ['hw', 'sw', 'op'];

/** What a faultload is asked to be about; a list that is absent leaves nothing out. */
export interface Asked {
  readonly cells: readonly CellId[];
  readonly rootCauses: readonly RootCause[];
  isMeantHost(host: string): boolean;
  /** Of a kind and a name: `container/web`, `host/host-1`, `element/leaf`. */
  isMeantTarget(target: string): boolean;
  /** Whether somebody asks for virtual machines by that word, not with all else. */
  readonly asksForVms: boolean;
  weightOf(cell: CellId, rootCause: RootCause): number;
}

export interface AskedTexts {
  readonly cell?: readonly string[];
  readonly rootCause?: readonly string[];
  readonly host?: readonly string[];
  readonly target?: readonly string[];
  readonly weight?: readonly string[];
}

/** Reads what was asked for as patterns and words; throws INVALID_INPUT where one of them means nothing. */
export function readAsked({ cell, rootCause, host, target, weight = [] }: AskedTexts): Asked {
  const weights = weight.map(readWeight);
  for (const pattern of target ?? []) demandKind(pattern);
  return {
    cells: cell === undefined ? cells : cells.filter((one) => cell.flatMap(cellsOf).includes(one)),
    rootCauses: rootCause === undefined ? rootCauses : rootCause.map(readRootCause),
    isMeantHost: (name) => host === undefined || host.some((pattern) => matches(pattern, name)),
    isMeantTarget: (name) => target === undefined || target.some((pattern) => matches(pattern, name)),
    asksForVms: target?.some((pattern) => pattern.startsWith('vm/')) ?? false,
    weightOf: (one, cause) =>
      weights
        .filter(({ what }) => what === cause || matches(what, one))
        .reduce((product, { factor }) => product * factor, 1),
  };
}

function cellsOf(pattern: string): readonly CellId[] {
  const found = cells.filter((one) => matches(pattern, one));
  if (found.length > 0) return found;
  throw new OrdealError('INVALID_INPUT', `"${pattern}" matches no cell of the fault model`, {
    remedy:
      'Name cells such as virtual.cpu.delay, or patterns such as "physical.*"; `ordeal faults` lists all 24.',
  });
}

function readRootCause(text: string): RootCause {
  const found = rootCauses.find((known) => known === text);
  if (found !== undefined) return found;
  throw new OrdealError(
    'INVALID_INPUT',
    `"${text}" is not a root cause: it has to be hw (hardware), sw (software) or op (operator)`,
  );
}

function demandKind(pattern: string): void {
  const kinds = [...targetKinds, 'element'];
  if (kinds.some((kind) => matches(pattern.split('/')[0] ?? '', kind)) && pattern.includes('/')) return;
  throw new OrdealError(
    'INVALID_INPUT',
    `"${pattern}" is not a target: it has to be a kind (${kinds.join(', ')}), a slash and a name or a pattern, such as container/web-*`,
  );
}

/** `hw=3`, or `virtual.*=0.5`. */
function readWeight(text: string): { readonly what: string; readonly factor: number } {
  const [what = '', number = '', ...more] = text.split('=');
  if (more.length > 0 || !/^\d+(\.\d+)?$/.test(number))
    throw new OrdealError(
      'INVALID_INPUT',
      `"${text}" is not a weight: it has to be a root cause or a pattern of cells, an equals sign and a number from 0, such as hw=3 or "virtual.*=0.5"`,
    );
  if (!rootCauses.some((known) => known === what)) cellsOf(what);
  return { what, factor: Number(number) };
}
