/** Things that are made when the first one asks for them, and are then the same for all. */
export class Once {
  readonly #made = new Map<string, Promise<unknown>>();

  async make<Thing>(name: string, how: () => Promise<Thing>): Promise<Thing> {
    const made = this.#made.get(name) ?? how();
    this.#made.set(name, made);
    // Under one name only one kind of thing is made.
    return (await made) as Thing;
  }
}
