/** As long as a name in a campaign file may be. */
const longest = 30;

/** Gives each its own: the second of a name has a number. */
export class Names {
  readonly #taken = new Set<string>();

  take(text: string, ending: string): string {
    for (let count = 1; ; count += 1) {
      const name = shortName(text, count === 1 ? ending : `${ending}-${count}`);
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}

/** A name that a campaign file takes, of any text; what is too long loses its middle, since ends tell things apart. */
function shortName(text: string, ending = ''): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  const room = longest - ending.length;
  if (plain.length <= room) return `${plain}${ending}`;
  const head = Math.floor((room - 1) / 2);
  return `${plain.slice(0, head)}-${plain.slice(plain.length - (room - 1 - head))}${ending}`.replaceAll(
    '--',
    '-',
  );
}
