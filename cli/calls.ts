import { Metadata, type Client, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import { OrdealError } from '../errors/ordeal-error.ts';
import { fromStatus } from '../service/grpc-errors.ts';

/** One-shot injections wait until the fault is there, and stops until it is verified gone; nothing else takes as long. */
const answerWithinMs = 60_000;

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
): (request: Request) => Promise<Answer> {
  return async (request) =>
    await new Promise((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = method;
      const deadline = new Date(Date.now() + answerWithinMs);
      const answered = (error: ServiceError | null, answer?: Answer): void => {
        if (error !== null) reject(fromStatus(error));
        else if (answer === undefined)
          reject(new OrdealError('INTERNAL', `${path} answered without a message`));
        else resolve(answer);
      };
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        new Metadata(),
        { deadline },
        answered,
      );
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
