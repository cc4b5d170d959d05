import { setTimeout as sleep } from 'node:timers/promises';
import { parseDurationUs } from '../../clock/duration.ts';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { flipChoices, type FlipChoice } from './flip-choice.ts';
import { GdbStub } from './gdb-stub.ts';
import { readRegisters, writeRegister, type RegisterName } from './processor-registers.ts';
import type { VmRegistersParameters } from './registers-descriptor.ts';

interface Flip {
  readonly atUs: number;
  readonly processor: string;
  readonly register: RegisterName;
  readonly before: bigint;
  readonly after: bigint;
  readonly ip: bigint;
}

/** A machine that was met in another context is let go for so long. */
const triesAgainMs = 20;

/** Flips registers of one machine until all are flipped or it is ended; the machine stands only while it is looked at. */
export class Flipper {
  readonly flips: Flip[] = [];
  /** How long the machine stood for it, in all. */
  stoodUs = 0;
  /** How often a processor was met in another context than the one asked for, or in code that has not that bit. */
  missed = 0;
  /** Why it ended before its time. */
  failed: string | undefined;
  readonly #stub: GdbStub;
  readonly #parameters: VmRegistersParameters;
  readonly #choices: Generator<FlipChoice, never>;
  readonly #ending = new AbortController();
  readonly #over: Promise<void>;

  private constructor(
    stub: GdbStub,
    processors: readonly string[],
    parameters: VmRegistersParameters,
    seed: number,
  ) {
    this.#stub = stub;
    this.#parameters = parameters;
    this.#choices = flipChoices(seed, parameters);
    this.#over = this.#flipAll(processors).catch((error: unknown) => {
      this.failed = OrdealError.from(error).message;
    });
  }

  static async start(socket: string, parameters: VmRegistersParameters, seed: number): Promise<Flipper> {
    const stub = await GdbStub.connect(socket);
    try {
      const all = await stub.processors();
      const { processor } = parameters;
      const chosen = processor === undefined ? all : all.slice(processor, processor + 1);
      return new Flipper(stub, chosen, parameters, seed);
    } catch (error) {
      await stub.detach().catch(() => undefined);
      stub.close();
      throw error;
    }
  }

  /** The machine runs when this resolves, and is touched no more. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#over;
    this.#stub.close();
  }

  /** Begins and ends with the machine standing; what is asked for meanwhile is written down. */
  async #flipAll(processors: readonly string[]): Promise<void> {
    const { times, every } = this.#parameters;
    const pauseMs = (parseDurationUs(every) ?? 0) / 1_000;
    const { signal } = this.#ending;
    let choice = this.#choices.next().value;
    while (!signal.aborted && (times === 0 || this.flips.length < times)) {
      const sinceUs = monotonicUs();
      const isDone = await this.#tryFlip(choice, processors);
      this.stoodUs += monotonicUs() - sinceUs;
      if (isDone) choice = this.#choices.next().value;
      else this.missed += 1;
      this.#stub.resume();
      await sleep(isDone ? pauseMs : triesAgainMs, undefined, { signal }).catch(() => undefined);
      await this.#stub.stop();
    }
    await this.#stub.detach();
  }

  async #tryFlip({ place, register, mask }: FlipChoice, processors: readonly string[]): Promise<boolean> {
    const processor = processors[Math.floor(place * processors.length)] ?? '';
    const { values, runsProgram } = await readRegisters(this.#stub, processor);
    const { context } = this.#parameters;
    if (context !== 'any' && runsProgram !== (context === 'program')) return false;
    const after = values[register] ^ mask;
    await writeRegister(this.#stub, register, after);
    const found = (await readRegisters(this.#stub, processor)).values[register];
    if (found !== after) {
      // One that runs code of 32 bits just then takes only the lower half.
      await writeRegister(this.#stub, register, values[register]);
      return false;
    }
    this.flips.push({
      atUs: monotonicUs(),
      processor,
      register,
      before: values[register],
      after,
      ip: values.ip,
    });
    return true;
  }
}
