import type { Identity } from './event.ts';
import { keyOf, type Scope } from './ledger.ts';
import { Ranges, type Range } from './ranges.ts';

/** What has been seen of every incarnation of every producer in every scope: to count nothing twice, and to know what is missing. */
export class Seen {
  readonly #scopes = new Map<string, Map<string, Ranges>>();

  /** True where this message is seen for the first time. */
  add(identity: Identity): boolean {
    const key = keyOf(identity);
    let spoke = this.#scopes.get(key);
    if (spoke === undefined) this.#scopes.set(key, (spoke = new Map<string, Ranges>()));
    const speaker = `${identity.producer}/${identity.incarnation}`;
    let seqs = spoke.get(speaker);
    if (seqs === undefined) spoke.set(speaker, (seqs = new Ranges()));
    return seqs.add(identity.seq);
  }

  /** The seqs up to `lastSeq` (as a producer.closed announced it) that were not seen. */
  missing(scope: Scope, producer: string, incarnation: string, lastSeq: number): Range[] {
    const seqs = this.#scopes.get(keyOf(scope))?.get(`${producer}/${incarnation}`) ?? new Ranges();
    return seqs.missing(lastSeq);
  }

  /** Drops what is known of a scope that is over. */
  forget(scope: Scope): void {
    this.#scopes.delete(keyOf(scope));
  }
}
