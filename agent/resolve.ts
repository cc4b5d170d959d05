import { OrdealError } from '../errors/ordeal-error.ts';
import type { Target } from '../injectors/target.ts';
import type { TargetRef__Output } from '../proto/generated/ordeal/v1/TargetRef.ts';
import type { FoundResource } from './inventory.ts';

/** From the name of a target to what it is on this host now. Refuses what is not there and what is protected. */
export function resolveTarget(
  ref: TargetRef__Output | null,
  host: string,
  resources: readonly FoundResource[],
): Target {
  if (ref === null) throw new OrdealError('NO_TARGET', 'the injection names no target');
  if (ref.host !== host) {
    throw new OrdealError('NO_TARGET', `the target is on host "${ref.host}", and this is "${host}"`);
  }
  const sameKind = resources.filter((one) => one.kind === ref.kind);
  const found = sameKind.find((one) => one.name === ref.name);
  if (found === undefined) throw nothingFound(ref, sameKind);
  if (found.protectedBecause !== undefined) {
    throw new OrdealError(
      'PROTECTED_TARGET',
      `the ${ref.kind} "${ref.name}" of host "${host}" is protected: ${found.protectedBecause}`,
    );
  }
  return found.target;
}

function nothingFound(ref: TargetRef__Output, sameKind: readonly FoundResource[]): OrdealError {
  const names = sameKind.map((one) => `"${one.name}"`).join(', ');
  const there = names === '' ? `it has no ${ref.kind} at all` : `there is ${names}`;
  return new OrdealError('NO_TARGET', `host "${ref.host}" has no ${ref.kind} "${ref.name}"; ${there}`);
}
