const newline = 0x0a;
const carriageReturn = 0x0d;

/** More than a line for people has; stack traces and bodies that are logged whole go beyond it. */
export const lineBytesAtMost = 4_096;

/** Makes lines of bytes that come in pieces of any size. Empty lines are none. */
export class LineSplitter {
  readonly #onLine: (bytes: Uint8Array) => void;
  readonly #onCut: () => void;
  /** The beginning of the line that has no end yet. */
  readonly #begun: Buffer;
  #length = 0;
  #cut = false;
  #skipping = false;

  /** `onCut` follows each line of which only the beginning was handed over. */
  constructor(onLine: (bytes: Uint8Array) => void, onCut: () => void, bytesAtMost = lineBytesAtMost) {
    this.#begun = Buffer.alloc(bytesAtMost);
    this.#onLine = onLine;
    this.#onCut = onCut;
  }

  push(bytes: Uint8Array): void {
    let from = 0;
    for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, from)) {
      this.#keep(bytes.subarray(from, at));
      this.end();
      from = at + 1;
    }
    this.#keep(bytes.subarray(from));
  }

  /** What is there is a line, though nothing ends it. */
  end(): void {
    const isCut = this.#cut;
    const hasReturn = !isCut && this.#length > 0 && this.#begun[this.#length - 1] === carriageReturn;
    const length = hasReturn ? this.#length - 1 : this.#length;
    const isSkipped = this.#skipping;
    this.forget();
    if (isSkipped || length === 0) return;
    this.#onLine(this.#begun.subarray(0, length));
    if (isCut) this.#onCut();
  }

  /** What has no end yet will never have one. */
  forget(): void {
    this.#length = 0;
    this.#cut = false;
    this.#skipping = false;
  }

  /** The next bytes are the rest of a line whose beginning is not known. */
  skipLine(): void {
    this.forget();
    this.#skipping = true;
  }

  #keep(bytes: Uint8Array): void {
    const room = this.#begun.length - this.#length;
    this.#begun.set(bytes.subarray(0, room), this.#length);
    this.#length += Math.min(room, bytes.length);
    if (bytes.length > room) this.#cut = true;
  }
}
