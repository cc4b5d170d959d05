import {
  connectivityState,
  Metadata,
  type Client,
  type ClientReadableStream,
  type ServiceError,
} from '@grpc/grpc-js';
import { OrdealError } from '../errors/ordeal-error.ts';
import { fromStatus } from '../service/grpc-errors.ts';

const answerWithinMs = 60_000;
/** The handshake of a machine that is busy. What does not take it by then hangs: of that, no ping of the channel tells. */
const connectedWithinMs = 20_000;
/**
 * One-shot injections wait until the fault is there, and stops until it is verified gone: the controller bounds both, by how slow the hosts are. This
 * is longer than it ever waits; whether it is there at all does not take as long to find out.
 */
export const hostsAnswerWithinMs = 1_800_000;

/** The part of a method's definition that a call needs. */
interface Method<Request, Answer> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Answer;
}

/** Makes a promise of an rpc that has one answer. */
export function asking<Request, Answer>(
  client: Client,
  method: Method<Request, Answer>,
  withinMs = answerWithinMs,
): (request: Request) => Promise<Answer> {
  return async (request) =>
    await new Promise((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = method;
      const deadline = new Date(Date.now() + withinMs);
      const answered = (error: ServiceError | null, answer?: Answer): void => {
        clearTimeout(connecting);
        if (error !== null) reject(fromStatus(error));
        else if (answer === undefined)
          reject(new OrdealError('INTERNAL', `${path} answered without a message`));
        else resolve(answer);
      };
      const call = client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        new Metadata(),
        { deadline },
        answered,
      );
      const connecting = setTimeout(() => {
        if (client.getChannel().getConnectivityState(false) === connectivityState.READY) return;
        reject(new OrdealError('NOT_RUNNING', `no connection was made within ${connectedWithinMs / 1000} s`));
        call.cancel();
      }, connectedWithinMs);
    });
}

/** Reads an rpc that answers in many messages. */
export async function* read<Answer>(stream: ClientReadableStream<Answer>): AsyncGenerator<Answer> {
  try {
    for await (const message of stream) yield message as Answer;
  } catch (error) {
    throw error instanceof Error ? fromStatus(error) : error;
  } finally {
    stream.cancel();
  }
}
