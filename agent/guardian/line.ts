import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { OrdealError } from '../../errors/ordeal-error.ts';

interface Asked {
  readonly resolve: (answer: string) => void;
  readonly reject: (error: Error) => void;
}

/** It is at the front of every queue for a processor: one that takes longer is stopped, or gone. */
const answersWithinMs = 5_000;

/** The line to the guardian: each thing that is asked is answered by one line, in their order. */
export class Line {
  readonly #socket: Socket;
  readonly #asked: Asked[] = [];
  #isCut = false;

  /** `onCut` is told when the guardian is gone. */
  constructor(descriptor: number, onCut: () => void) {
    this.#socket = new Socket({ fd: descriptor, readable: true, writable: true });
    // It keeps no process alive.
    this.#socket.unref();
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.#isCut = true;
      for (const { reject } of this.#asked.splice(0)) reject(gone('is gone'));
      onCut();
    });
    createInterface(this.#socket).on('line', (text) => this.#asked.shift()?.resolve(text));
  }

  async ask(text: string): Promise<string> {
    if (this.#isCut) throw gone('is gone');
    let tooLong: NodeJS.Timeout | undefined;
    try {
      return await new Promise<string>((resolve, reject) => {
        // Its answer may still come, and is then taken for this: it keeps its place.
        this.#asked.push({ resolve, reject });
        this.#socket.write(`${text}\n`);
        tooLong = setTimeout(() => {
          reject(gone(`does not answer within ${answersWithinMs / 1000} s`));
        }, answersWithinMs);
      });
    } finally {
      clearTimeout(tooLong);
    }
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }
}

function gone(what: string): OrdealError {
  return new OrdealError('NOT_RUNNING', `the guardian of this agent ${what}`, {
    remedy: 'Start the agent anew by its guardian: docs/deploy-an-agent.md says how.',
  });
}
