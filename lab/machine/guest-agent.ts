import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { JsonChannel } from '../../command/json-channel.ts';

/** No text in UTF-8 has this byte: the agent begins anew where it reads it, and puts one before its answer to a synchronisation. */
const delimiter = 0xff;
/** One connection is served at a time; one that nobody uses is given up, so that others get their turn. */
const idleMs = 150;
/** What was sent before the machine's agent ran can be lost, so it is asked again, after this; later after longer, should it be slow. */
const askAgainMs = 1_000;

const answerSchema = z.union([
  z.object({ return: z.unknown() }),
  z.object({ error: z.object({ desc: z.string() }) }),
]);

/** qemu-guest-agent in one machine, over its own channel: it answers with every NIC cut. */
export class GuestAgent {
  readonly #socket: string;
  readonly #closed = new AbortController();
  #channel: JsonChannel | undefined;
  #idle: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(socket: string) {
    this.#socket = socket;
  }

  /** The answer to one command; they are asked one after the other. */
  async ask(command: string, args: object, withinMs: number): Promise<unknown> {
    const answer = this.#turn.then(async () => await this.#exchange(command, args, withinMs));
    this.#turn = answer.catch(() => undefined);
    return await answer;
  }

  /** What is being asked fails. */
  close(): void {
    this.#closed.abort();
    this.#letGo();
  }

  #letGo(): void {
    clearTimeout(this.#idle);
    this.#channel?.close();
    this.#channel = undefined;
  }

  async #exchange(command: string, args: object, withinMs: number): Promise<unknown> {
    clearTimeout(this.#idle);
    try {
      const channel = await this.#connected(withinMs);
      channel.send({ execute: command, arguments: args });
      const answer = parse(await channel.line(withinMs));
      this.#idle = setTimeout(() => this.#letGo(), idleMs);
      if ('error' in answer) throw new OrdealError('COMMAND_FAILED', `${command}: ${answer.error.desc}`);
      return answer.return;
    } catch (error) {
      // What was asked may still be answered, to nobody: the next one begins on a connection of its own.
      if (OrdealError.from(error).code !== 'COMMAND_FAILED') this.#letGo();
      throw error;
    }
  }

  async #connected(withinMs: number): Promise<JsonChannel> {
    this.#channel ??= await this.#synchronised(withinMs);
    return this.#channel;
  }

  /** A connection on which nothing of an earlier one is left. */
  async #synchronised(withinMs: number): Promise<JsonChannel> {
    const giveUpAt = Date.now() + withinMs;
    for (let waitMs = askAgainMs; ; waitMs *= 2) {
      try {
        return await this.#trySynchronised(Math.min(Date.now() + waitMs, giveUpAt));
      } catch (error) {
        if (Date.now() >= giveUpAt || this.#closed.signal.aborted) throw error;
        await sleep(20);
      }
    }
  }

  async #trySynchronised(until: number): Promise<JsonChannel> {
    const channel = await JsonChannel.open(this.#socket);
    const close = (): void => channel.close();
    this.#closed.signal.addEventListener('abort', close);
    try {
      const id = randomInt(2 ** 31);
      channel.send({ execute: 'guest-sync-delimited', arguments: { id } }, Buffer.from([delimiter]));
      while (!isAnswerTo(id, await channel.line(Math.max(1, until - Date.now()))));
      return channel;
    } catch (error) {
      channel.close();
      throw error;
    } finally {
      this.#closed.signal.removeEventListener('abort', close);
    }
  }
}

function isAnswerTo(id: number, line: string): boolean {
  try {
    const answer = parse(line);
    return 'return' in answer && answer.return === id;
  } catch {
    // The end of an answer whose beginning somebody else has read.
    return false;
  }
}

function parse(line: string): z.infer<typeof answerSchema> {
  const text = line.slice(line.lastIndexOf(String.fromCharCode(delimiter)) + 1);
  return answerSchema.parse(JSON.parse(Buffer.from(text, 'latin1').toString('utf8')));
}
