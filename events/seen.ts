import type { Identity } from './event.ts';
import { keyOf } from './ledger.ts';
import { Ranges } from './ranges.ts';

/** What has been seen of every incarnation of every producer in every scope, to count nothing twice. */
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
}
