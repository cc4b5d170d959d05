import { Metadata, status, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import { catalogue, type ErrorCode } from '../errors/catalogue.ts';
import { OrdealError } from '../errors/ordeal-error.ts';

const codeKey = 'ordeal-code';
// Binary, since header values are ASCII and a remedy need not be.
const remedyKey = 'ordeal-remedy-bin';

/** What a handler answers with instead of a result: its status, with code and remedy in the metadata. */
export function toStatus(error: unknown): StatusObject {
  const { code, message, remedy } = OrdealError.from(error);
  const metadata = new Metadata();
  metadata.set(codeKey, code);
  metadata.set(remedyKey, Buffer.from(remedy));
  return { code: status[catalogue[code].status], details: message, metadata };
}

/** The error that the other side meant. */
export function fromStatus(error: ServiceError | Error): OrdealError {
  if (!('metadata' in error)) return OrdealError.from(error);
  const [code] = error.metadata.get(codeKey);
  const [remedy] = error.metadata.get(remedyKey);
  if (typeof code === 'string' && isErrorCode(code)) {
    const options = Buffer.isBuffer(remedy) ? { remedy: remedy.toString() } : {};
    return new OrdealError(code, error.details, { cause: error, ...options });
  }
  return new OrdealError(codeOf(error.code), error.details, { cause: error });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code);
}

/** For statuses that grpc itself makes: nobody listens, the certificate was refused, the deadline passed. */
function codeOf(code: status): ErrorCode {
  switch (code) {
    case status.UNAVAILABLE:
    case status.DEADLINE_EXCEEDED:
      return 'NOT_RUNNING';
    case status.CANCELLED:
    case status.ABORTED:
      return 'ABORTED';
    case status.INVALID_ARGUMENT:
      return 'INVALID_INPUT';
    case status.NOT_FOUND:
      return 'NOT_FOUND';
    default:
      return 'INTERNAL';
  }
}
