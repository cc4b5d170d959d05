type CleanUp = () => unknown;

/** Where a benchmark takes place: what it makes there is taken away in the reverse order, whatever becomes of it. */
export class Place {
  readonly #cleanUps: CleanUp[] = [];

  after(cleanUp: CleanUp): void {
    this.#cleanUps.push(cleanUp);
  }

  /** All of it, also when something does not go; then it says what. */
  async leave(): Promise<void> {
    const failures: unknown[] = [];
    for (const cleanUp of this.#cleanUps.splice(0).reverse()) {
      try {
        await cleanUp();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be taken away');
  }
}
