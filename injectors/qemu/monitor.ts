import { z } from 'zod';
import { JsonChannel } from '../../command/json-channel.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { systemCode } from '../../errors/system-code.ts';

/** QEMU greets at once whoever it takes; a client that waits behind another one is not greeted. */
const greetsWithinMs = 2_000;
/** QEMU itself answers at once, also when its machine hangs; under emulation its lock may be held for a while. */
const answersWithinMs = 20_000;

const messageSchema = z.union([
  z.object({ return: z.unknown() }),
  z.object({ error: z.object({ class: z.string(), desc: z.string() }) }),
  z.object({ event: z.string() }),
  z.object({ QMP: z.unknown() }),
]);

/** A QMP monitor of a running QEMU, of which it serves one client at a time: taken for one conversation, and let go. */
export class Monitor {
  readonly #channel: JsonChannel;
  readonly #events: string[] = [];

  private constructor(channel: JsonChannel) {
    this.#channel = channel;
  }

  /** By the first of these sockets that is not taken. */
  static async open(sockets: readonly string[]): Promise<Monitor> {
    const refused: string[] = [];
    for (const socket of sockets) {
      const opened = await tryOpen(socket);
      if (typeof opened !== 'string') return await Monitor.#ready(opened);
      refused.push(`${socket} ${opened}`);
    }
    if (refused.length === 0) {
      throw new OrdealError('UNSUPPORTED', 'it has no QMP monitor on a unix socket', {
        remedy: 'Start its QEMU with -qmp unix:PATH,server=on,wait=off.',
      });
    }
    throw new OrdealError('UNSUPPORTED', `none of its QMP monitors can be had: ${refused.join('; ')}`, {
      remedy: 'Let go of one, or start its QEMU with another (-qmp unix:PATH,server=on,wait=off).',
    });
  }

  static async #ready(channel: JsonChannel): Promise<Monitor> {
    const monitor = new Monitor(channel);
    await monitor.ask('qmp_capabilities');
    return monitor;
  }

  /** What it answers; an error of its is one of ours, with its words. */
  async ask(execute: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    this.#channel.send({ execute, arguments: args });
    for (;;) {
      const message = await this.#message(answersWithinMs);
      if ('error' in message)
        throw new OrdealError('COMMAND_FAILED', `QEMU answers ${execute}: ${message.error.desc}`);
      if ('return' in message) return message.return;
    }
  }

  /** What the monitor for people answers to a line. */
  async askAsPeople(line: string): Promise<string> {
    return z.string().parse(await this.ask('human-monitor-command', { 'command-line': line }));
  }

  /** The first of these events, of those that came since the monitor was taken or come in time; undefined where none does. */
  async event(names: readonly string[], withinMs: number): Promise<string | undefined> {
    const giveUpAt = Date.now() + withinMs;
    for (;;) {
      const found = this.#events.find((name) => names.includes(name));
      if (found !== undefined) return found;
      const leftMs = giveUpAt - Date.now();
      if (leftMs <= 0) return undefined;
      // Where QEMU ends, what it had to say has been said.
      const message = await this.#message(leftMs).catch(() => undefined);
      if (message === undefined) return this.#events.find((name) => names.includes(name));
    }
  }

  close(): void {
    this.#channel.close();
  }

  async #message(withinMs: number): Promise<z.infer<typeof messageSchema>> {
    const line = Buffer.from(await this.#channel.line(withinMs), 'latin1').toString('utf8');
    const message = messageSchema.parse(JSON.parse(line));
    if ('event' in message) this.#events.push(message.event);
    return message;
  }
}

/** Or why not. */
async function tryOpen(socket: string): Promise<JsonChannel | string> {
  let channel: JsonChannel;
  try {
    channel = await JsonChannel.open(socket);
  } catch (error) {
    return `cannot be reached (${systemCode(error)})`;
  }
  try {
    await channel.line(greetsWithinMs);
    return channel;
  } catch {
    channel.close();
    return `is taken: QEMU serves one client at a time, and did not greet within ${greetsWithinMs / 1000} s`;
  }
}
