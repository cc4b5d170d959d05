import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { OrdealError } from '../errors/ordeal-error.ts';

const newline = 0x0a;

/** A unix socket on which each line is a message in JSON: QEMU's monitor, and the agent in the machine. */
export class JsonChannel {
  readonly #socket: Socket;
  readonly #lines: string[] = [];
  #partial: Buffer[] = [];
  #ended: OrdealError | undefined;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#take(bytes));
    socket.on('error', (cause) => this.#end(cause));
    socket.on('close', () => this.#end());
  }

  static async open(path: string): Promise<JsonChannel> {
    const socket = connect(path);
    await once(socket, 'connect');
    return new JsonChannel(socket);
  }

  send(message: unknown, before: Uint8Array = new Uint8Array()): void {
    this.#socket.write(Buffer.concat([before, Buffer.from(`${JSON.stringify(message)}\n`)]));
  }

  /** The next line, as it came. */
  async line(withinMs: number): Promise<string> {
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort();
      this.#wake();
    }, withinMs);
    try {
      for (;;) {
        const line = this.#lines.shift();
        if (line !== undefined) return line;
        if (this.#ended !== undefined) throw this.#ended;
        if (late.signal.aborted)
          throw new OrdealError('HOST_LOST', `no answer came within ${withinMs / 1000} s`);
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    let from = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, from)) {
      // Latin-1, so that no byte is lost; whoever reads makes of it what it is.
      this.#lines.push(Buffer.concat([...this.#partial, bytes.subarray(from, end)]).toString('latin1'));
      this.#partial = [];
      from = end + 1;
    }
    this.#partial.push(bytes.subarray(from));
    this.#wake();
  }

  #end(cause?: Error): void {
    this.#ended ??= new OrdealError(
      'HOST_LOST',
      `the connection has ended${cause ? `: ${cause.message}` : ''}`,
    );
    this.#wake();
  }
}
