import { OrdealError } from '../errors/ordeal-error.ts';

/** Gathers what stands against a plan, so that it is told at once; what a fault's every repetition meets is told once. */
export class Obstacles {
  readonly #met = new Map<string, OrdealError>();

  attempt<Result>(where: string, act: () => Result): Result | undefined {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof OrdealError)) throw error;
      this.#met.set(`${where}: ${error.message}`, error);
      return undefined;
    }
  }

  throwIfAny(): void {
    const [first, ...more] = this.#met.values();
    if (first === undefined) return;
    const sameRemedy = more.every(({ remedy }) => remedy === first.remedy);
    if (sameRemedy)
      throw new OrdealError(first.code, [...this.#met.keys()].join('\n'), {
        cause: first,
        remedy: first.remedy,
      });
    const lines = [...this.#met].map(([message, { advice }]) =>
      advice === undefined ? message : `${message} (${advice})`,
    );
    throw new OrdealError(first.code, lines.join('\n'), { cause: first });
  }
}
