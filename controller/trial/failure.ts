import { catalogue, type ErrorCode } from '../../errors/catalogue.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { TaskStatus__Output } from '../../proto/generated/ordeal/v1/TaskStatus.ts';

/** What an agent said of a task that failed, as the error that it was. */
export function failureOf(status: TaskStatus__Output): OrdealError {
  const code = isErrorCode(status.errorCode) ? status.errorCode : 'INTERNAL';
  const found = status.found.length === 0 ? '' : ` (${status.found.join('; ')})`;
  return new OrdealError(code, `${status.errorMessage}${found}`);
}

/** Another try at the same trial would meet the same answer. */
const forGood: readonly ErrorCode[] = [
  'INVALID_INPUT',
  'NO_TARGET',
  'UNSUPPORTED',
  'PROTECTED_TARGET',
  'MISSING_PROGRAM',
  'NEEDS_ROOT',
];

export function isWorthAnotherTry(error: OrdealError): boolean {
  return !forGood.includes(error.code);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code);
}
