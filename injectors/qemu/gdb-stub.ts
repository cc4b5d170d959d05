import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { packetOf, PacketReader } from './gdb-packet.ts';

const answersWithinMs = 20_000;
/** Asks a machine that runs to stand. */
const interrupt = '\x03';
const standsNow = /^T[0-9a-f]{2}/;

/** The gdb stub of a QEMU. Its machine stands from the moment of the connection, and whenever it is asked for anything. */
export class GdbStub {
  readonly #socket: Socket;
  readonly #reader = new PacketReader();
  readonly #packets: string[] = [];
  #ended: Error | undefined;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#take(bytes));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new Error('the connection has ended')));
  }

  /** Answers with the machine standing. */
  static async connect(path: string): Promise<GdbStub> {
    const socket = connect(path);
    await once(socket, 'connect');
    const stub = new GdbStub(socket);
    await stub.ask('qSupported:xmlRegisters=i386');
    // Who has read it may write single registers.
    await stub.ask('qXfer:features:read:target.xml:0,ffb');
    return stub;
  }

  async ask(data: string): Promise<string> {
    this.#socket.write(packetOf(data), 'latin1');
    let answer = await this.#packet();
    // That the machine stands now is told unasked, as when somebody connects.
    while (standsNow.test(answer)) answer = await this.#packet();
    if (/^E[0-9a-f]{2}$/.test(answer)) {
      throw new OrdealError('COMMAND_FAILED', `the gdb stub answers "${data}" with the error ${answer}`);
    }
    return answer;
  }

  /** The numbers of the processors, as the stub calls them. */
  async processors(): Promise<string[]> {
    const found: string[] = [];
    for (
      let answer = await this.ask('qfThreadInfo');
      answer !== 'l';
      answer = await this.ask('qsThreadInfo')
    ) {
      if (!answer.startsWith('m'))
        throw new OrdealError('COMMAND_FAILED', `the gdb stub tells no processors: ${answer}`);
      found.push(...answer.slice(1).split(','));
    }
    return found;
  }

  /** Lets the machine go on; nothing may be asked until it stands again. */
  resume(): void {
    this.#socket.write(packetOf('c'), 'latin1');
  }

  async stop(): Promise<void> {
    this.#socket.write(interrupt, 'latin1');
    await this.#packet();
  }

  /** Lets the machine go on for good. */
  async detach(): Promise<void> {
    await this.ask('D');
  }

  close(): void {
    this.#socket.destroy();
  }

  async #packet(): Promise<string> {
    const giveUpAt = Date.now() + answersWithinMs;
    for (;;) {
      const packet = this.#packets.shift();
      if (packet !== undefined) {
        this.#socket.write('+');
        return packet;
      }
      if (this.#ended !== undefined) throw this.#ended;
      const leftMs = giveUpAt - Date.now();
      if (leftMs <= 0) {
        throw new OrdealError('HOST_LOST', `the gdb stub did not answer within ${answersWithinMs / 1000} s`);
      }
      const timer = setTimeout(() => this.#wake(), leftMs);
      await new Promise<void>((resolve) => (this.#wake = resolve));
      clearTimeout(timer);
    }
  }

  #take(bytes: Buffer): void {
    try {
      this.#packets.push(...this.#reader.take(bytes.toString('latin1')));
    } catch (error) {
      this.#end(OrdealError.from(error));
    }
    this.#wake();
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#wake();
  }
}
