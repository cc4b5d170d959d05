import { OrdealError } from '../errors/ordeal-error.ts';
import type { CellId } from '../injectors/cell.ts';
import { targetKinds, type TargetKind } from '../injectors/target.ts';

/** What `--target` names: a kind and a name, or a name alone, of the kind that the cell is about. */
export function targetOption(
  text: string,
  cell: CellId,
  host: string,
): { readonly kind: TargetKind; readonly name: string } {
  const [first = '', ...rest] = text.split('/');
  const kind = targetKinds.find((known) => known === first);
  const name = rest.join('/');
  if (kind === 'host' && name === '') return { kind, name: host };
  if (kind !== undefined && name !== '') return { kind, name };
  const implied = kindOf(cell);
  if (kind === undefined && rest.length === 0 && first !== '' && implied !== undefined) {
    return { kind: implied, name: first };
  }
  const alone = implied === undefined ? '' : `, or, in ${cell}, the name of a ${implied} alone`;
  throw new OrdealError(
    'INVALID_INPUT',
    `--target is "${text}"; it has to be a kind (${targetKinds.join(', ')}), a slash and a name, such as container/web${alone}`,
  );
}

/** Undefined where a cell is about the host itself, which has no name on itself. */
function kindOf(cell: CellId): TargetKind | undefined {
  if (cell.startsWith('virtual.')) return 'container';
  if (cell.startsWith('physical.network.')) return 'nic';
  return cell.startsWith('physical.storage.') ? 'disk' : undefined;
}
