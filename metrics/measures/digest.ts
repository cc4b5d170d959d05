import { createHash } from 'node:crypto';
import { outcomes } from '../../events/sample-columns.ts';
import type { SampleProvenance } from './measures.ts';
import type { Rows } from './rows.ts';

/** The digest is over one line a row: host, intended, sent, answered, class, outcome, with tabs between them. */
export function provenanceOf(rows: Rows): SampleProvenance {
  const { origins, origin, intendedUs, sentUs, answeredUs, classes, requestClass, outcome } = rows;
  const hosts = origins.map(({ host }) => Buffer.from(`${host}\t`));
  const classNames = classes.map((name) => Buffer.from(`\t${name}\t`));
  const outcomeNames = outcomes.map((name) => Buffer.from(`${name}\n`));
  const text = new DigestedText();
  for (let row = 0; row < origin.length; row += 1) {
    text.write(hosts[origin[row] ?? 0]);
    text.writeNumber(intendedUs[row] ?? 0);
    text.write(tab);
    text.writeNumber(sentUs[row] ?? 0);
    text.write(tab);
    text.writeNumber(answeredUs[row] ?? 0);
    text.write(classNames[requestClass[row] ?? 0]);
    text.write(outcomeNames[outcome[row] ?? 0]);
  }
  return { rows: origin.length, sha256: text.digest() };
}

const tab = Buffer.from('\t');
const digitZero = 0x30;
const mostDigits = 16;

/** A text of which only the digest is wanted: strings for it would take longer than all of the measures. */
class DigestedText {
  readonly #hash = createHash('sha256');
  readonly #bytes = Buffer.allocUnsafe(65_536);
  #length = 0;

  write(bytes: Buffer | undefined): void {
    if (bytes === undefined) return;
    this.#makeRoom(bytes.length);
    if (bytes.length > this.#bytes.length) this.#hash.update(bytes);
    else this.#length += bytes.copy(this.#bytes, this.#length);
  }

  /** As a template has it. */
  writeNumber(number: number): void {
    if (!Number.isSafeInteger(number) || number < 0) {
      this.write(Buffer.from(String(number)));
      return;
    }
    this.#makeRoom(mostDigits);
    let digits = 1;
    for (let power = 10; power <= number; power *= 10) digits += 1;
    let rest = number;
    for (let at = this.#length + digits - 1; at >= this.#length; at -= 1) {
      const tenth = Math.floor(rest / 10);
      this.#bytes[at] = digitZero + (rest - tenth * 10);
      rest = tenth;
    }
    this.#length += digits;
  }

  digest(): string {
    this.#flush();
    return this.#hash.digest('hex');
  }

  #makeRoom(bytes: number): void {
    if (this.#length + bytes > this.#bytes.length) this.#flush();
  }

  #flush(): void {
    this.#hash.update(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
  }
}
