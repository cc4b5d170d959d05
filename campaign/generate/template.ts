import { descriptorOf } from '../../injectors/catalogue.ts';
import { isCellId, type CellId } from '../../injectors/cell.ts';
import type { TargetKind } from '../../injectors/target.ts';
import type { Campaign } from '../campaign.ts';
import type { Descriptor } from '../../injectors/descriptor.ts';

/** What a fault of the base file says beside its name and its target: so the generated ones of its cell are, wherever they go. */
export interface Template {
  readonly cell: CellId;
  readonly kind: TargetKind;
  readonly mechanism: Descriptor;
  /** As the file says it. */
  readonly said: Readonly<Record<string, unknown>>;
}

const kept = ['intensity', 'intensities', 'mode', 'onRestart', 'during', 'rootCause', 'weight'];

/** Of a file that was read and found right, which is given as it stands, too. */
export function templatesOf({ faultload }: Campaign, value: unknown): Template[] {
  return entriesOf(value).flatMap((entry): Template[] => {
    const { name, cell } = entry;
    const read = faultload.find((fault) => fault.name === name);
    const mechanism = read && descriptorOf(read.mechanism);
    if (read === undefined || mechanism === undefined || typeof cell !== 'string' || !isCellId(cell))
      return [];
    const { kind } = read.target;
    const said = Object.fromEntries(
      kept.flatMap((key) => (entry[key] === undefined ? [] : [[key, entry[key]]])),
    );
    return [{ cell, kind, mechanism, said }];
  });
}

function entriesOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const { faultload } = value as { readonly faultload?: readonly Readonly<Record<string, unknown>>[] };
  return faultload ?? [];
}
