import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { parseSeen, type SeenFrame } from './frame-witness.ts';

/** Every frame that comes to a switch from now on, until the signal aborts or the switch ends. */
export async function* listenToFrames(path: string, signal?: AbortSignal): AsyncGenerator<SeenFrame> {
  const socket = connect(path);
  try {
    await once(socket, 'connect').catch((cause: unknown) => {
      throw new OrdealError('NOT_RUNNING', 'the switch of the lab does not run', {
        cause,
        remedy: 'Start the lab with `ordeal lab up`.',
      });
    });
    if (signal?.aborted === true) return;
    // By the signal itself: of a socket that is destroyed, the lines never end.
    const lines = createInterface({ input: socket, crlfDelay: Infinity, signal });
    for await (const line of lines) yield parseSeen(line);
  } finally {
    socket.destroy();
  }
}
