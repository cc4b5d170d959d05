/** What a generated faultload has no fault of, and why: told to whoever reads the file. */
export class LeftOut {
  readonly #cells = new Map<string, { what: string; because: string; cells: Set<string> }>();

  /** Without a cell, it is all of them. */
  add(what: string, because: string, cell?: string): void {
    const key = `${what}\n${because}`;
    const known = this.#cells.get(key) ?? { what, because, cells: new Set<string>() };
    if (cell !== undefined) known.cells.add(cell);
    this.#cells.set(key, known);
  }

  /** A line for each reason, with all that it holds for. */
  get lines(): string[] {
    const things = new Map<string, string[]>();
    for (const { what, because, cells } of this.#cells.values()) {
      const why = [...(cells.size === 0 ? [] : [[...cells].join(', ')]), because].join(': ');
      things.set(why, [...(things.get(why) ?? []), what]);
    }
    return [...things].map(([why, whats]) => `${whats.join(', ')}: ${why}`).sort();
  }
}
