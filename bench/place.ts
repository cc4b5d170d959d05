type CleanUp = () => unknown;

/** Where a benchmark takes place: what it makes there is taken away in the reverse order, whatever becomes of it. */
export class Place {
  readonly #cleanUps: CleanUp[] = [];

  after(cleanUp: CleanUp): void {
    this.#cleanUps.push(cleanUp);
  }

  async leave(): Promise<void> {
    for (const cleanUp of this.#cleanUps.splice(0).reverse()) await cleanUp();
  }
}
