import type {
  handleServerStreamingCall,
  handleUnaryCall,
  ServerUnaryCall,
  ServerWritableStream,
} from '@grpc/grpc-js';
import { once } from 'node:events';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { requireRole } from '../../service/credentials.ts';
import { toStatus } from '../../service/grpc-errors.ts';
import type { Log } from '../../service/log.ts';

/** A request of an operator, and its answer. */
export function answering<Request, Answer>(
  log: Log,
  answer: (request: Request) => Answer | Promise<Answer>,
): handleUnaryCall<Request, Answer> {
  const handle = async (call: ServerUnaryCall<Request, Answer>): Promise<Answer> => {
    const { name } = requireRole(call, 'operator');
    log.info({ rpc: call.getPath(), by: name }, 'asked');
    return await answer(call.request);
  };
  return (call, callback) => {
    handle(call).then(
      (value) => callback(null, value),
      (error: unknown) => callback(refusal(log, call.getPath(), error)),
    );
  };
}

/** A request of an operator, and an answer in parts; the signal aborts when nobody reads it any more. */
export function streaming<Request, Part>(
  log: Log,
  parts: (request: Request, signal: AbortSignal) => AsyncIterable<Part>,
): handleServerStreamingCall<Request, Part> {
  return (call) => {
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort());
    pour(call, parts, gone.signal).catch((error: unknown) => {
      if (!gone.signal.aborted) call.emit('error', refusal(log, call.getPath(), error));
    });
  };
}

async function pour<Request, Part>(
  call: ServerWritableStream<Request, Part>,
  parts: (request: Request, signal: AbortSignal) => AsyncIterable<Part>,
  signal: AbortSignal,
): Promise<void> {
  requireRole(call, 'operator');
  for await (const part of parts(call.request, signal)) {
    if (signal.aborted) return;
    if (!call.write(part)) await once(call, 'drain', { signal });
  }
  call.end();
}

function refusal(log: Log, rpc: string, thrown: unknown): ReturnType<typeof toStatus> {
  const error = OrdealError.from(thrown);
  if (error.code === 'INTERNAL') log.error({ rpc, err: error }, 'a request failed');
  else log.info({ rpc, code: error.code, why: error.message }, 'a request was refused');
  return toStatus(error);
}
