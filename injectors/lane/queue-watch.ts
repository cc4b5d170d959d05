import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { Queue } from './queue.ts';

/** The first and the last wait are stamped late by so much at the most (when the agent itself is not held up). */
const sampleEveryMs = 20;

interface Watched {
  /** A path to the network namespace. */
  readonly namespace: string;
  /** What to ask tc, again and again. */
  readonly question: string;
  readonly leafOf: (answer: string) => Queue | undefined;
}

/**
 * Watches a queue while the fault is active: the kernel counts how often it had to wait, but does not say when. One tc answers all
 * the questions, and ends with its input when the agent does.
 */
export class QueueWatch {
  readonly #tc: ChildProcess;
  readonly #timer: NodeJS.Timeout;
  #before: { queue: Queue; atUs: number } | undefined;
  #firstUs: number | undefined;
  #lastUs: number | undefined;
  #fullUs = 0;
  #fullBytes = 0;

  constructor({ namespace, question, leafOf }: Watched) {
    // Without stdbuf the answers would be kept back until tc ends.
    const tc = ['stdbuf', '-oL', 'tc', '-json', '-statistics', '-force', '-batch', '-'];
    this.#tc = spawn('nsenter', [`--net=${namespace}`, '--', ...tc], { stdio: ['pipe', 'pipe', 'ignore'] });
    // It is no reason for the agent to live on.
    for (const held of [this.#tc, this.#tc.stdin, this.#tc.stdout])
      if (held !== null && 'unref' in held && typeof held.unref === 'function') held.unref();
    // Without it the stamps are missing, and nothing else.
    this.#tc.on('error', () => undefined);
    this.#tc.stdin?.on('error', () => undefined);
    if (this.#tc.stdout !== null) {
      createInterface({ input: this.#tc.stdout }).on('line', (line) => {
        const queue = leafOf(line);
        if (queue !== undefined) this.#see(queue, monotonicUs());
      });
    }
    this.#timer = setInterval(() => this.#tc.stdin?.write(`${question}\n`), sampleEveryMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#tc.stdin?.end();
  }

  get stamps(): { firstUs?: number; lastUs?: number } {
    return {
      ...(this.#firstUs === undefined ? {} : { firstUs: this.#firstUs }),
      ...(this.#lastUs === undefined ? {} : { lastUs: this.#lastUs }),
    };
  }

  /** What left the queue in a second while packets waited in it; undefined where none did for as long as it takes to see. */
  get bitsPerSecondWhenFull(): number | undefined {
    return this.#fullUs === 0 ? undefined : (this.#fullBytes * 8 * 1_000_000) / this.#fullUs;
  }

  #see(queue: Queue, atUs: number): void {
    const before = this.#before;
    this.#before = { queue, atUs };
    if (queue.overlimits > (before?.queue.overlimits ?? 0)) {
      this.#firstUs ??= atUs;
      this.#lastUs = atUs;
    }
    if (before === undefined || before.queue.qlen === 0 || queue.qlen === 0) return;
    this.#fullUs += atUs - before.atUs;
    this.#fullBytes += queue.bytes - before.queue.bytes;
  }
}
